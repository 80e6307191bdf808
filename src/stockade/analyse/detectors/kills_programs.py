"""Ends other programs by name."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Literal
from stockade.analyse.code.marks import Mark
from stockade.analyse.code.observe import named, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("kills-programs", on=Literal)
def kills_programs(literal: Literal) -> Iterator[Evidence]:
    """Ends other programs by name.

    What: a command line that kills processes by name.
    Why: thieves close browsers, chat clients and scanners to get at their files.
    Benign twins: tools that restart their own service.
    Blind spots: the same through a process library.
    """
    if part := named(literal, Mark.KILL):
        yield seen("kills-programs", literal, "ends other programs by name", part)
