"""Carries a command that erases a disk, a home or a log, or that turns the machine off."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Literal
from stockade.analyse.code.marks import Mark
from stockade.analyse.code.observe import named, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("destroys", on=Literal)
def destroys(literal: Literal) -> Iterator[Evidence]:
    """Carries a command that erases a disk, a home or a log, or that turns the machine off.

    What: a string with such a command line.
    Why: no library ends or empties the machine that it runs on.
    Benign twins: tools for administration and tests of such tools; commands that erase a folder of their own.
    Blind spots: destruction by calls of Python (shutil.rmtree, os.remove); a command of one plain word.
    """
    if part := named(literal, Mark.DESTROYS):
        yield seen("destroys", literal, "carries a command that destroys or turns off", part)
