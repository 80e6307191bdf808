"""Names a host where anybody can post text."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Module
from stockade.analyse.code.marks import Mark
from stockade.analyse.code.observe import hosts, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("paste-host", on=Module)
def paste_host(module: Module) -> Iterator[Evidence]:
    """Names a host where anybody can post text.

    What: a string with the address of a public paste service.
    Why: text there can be changed at will and is traced to nobody: a favourite for second stages.
    Benign twins: developer tools that upload a report on request.
    Blind spots: paste services that are not in the vocabulary.
    """
    for literal, part in hosts(module, Mark.PASTE):
        yield seen("paste-host", literal, "names a paste host", part)
