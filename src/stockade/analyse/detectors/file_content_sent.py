"""Sends away what it has read from a file."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Call
from stockade.analyse.code.observe import networks, seen
from stockade.analyse.code.vocabulary import READ, touching
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("file-content-sent", on=Call, when=networks)
def file_content_sent(call: Call) -> Iterator[Evidence]:
    """Sends away what it has read from a file.

    What: a network call whose arguments depend on an opened file.
    Why: unasked, the file can only be one that was there before.
    Benign twins: uploads that somebody calls for; an address or a key read from a settings file.
    Blind spots: files collected into an archive or a list first.
    """
    if found := touching(call.origins, READ):
        yield seen("file-content-sent", call, f"sends what {min(found)} read")
