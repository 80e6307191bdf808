"""Names a host where anybody can leave a file."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Literal
from stockade.analyse.code.marks import Mark
from stockade.analyse.code.observe import named, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("file-drop-host", on=Literal)
def file_drop_host(literal: Literal) -> Iterator[Evidence]:
    """Names a host where anybody can leave a file.

    What: a string with an address at an anonymous file host, or an attachment of a chat service.
    Why: payloads are handed out from there, and loot is left there.
    Benign twins: download helpers for such hosts; data sets shared by their authors.
    Blind spots: file hosts that are not in the vocabulary.
    """
    if part := named(literal, Mark.DROP):
        yield seen("file-drop-host", literal, "names a file drop", part)
