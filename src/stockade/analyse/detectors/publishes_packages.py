"""Carries a command that publishes packages, in code that runs without being called."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Literal
from stockade.analyse.code.marks import Mark
from stockade.analyse.code.observe import RUNS, named, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence, Phase


@detector("publishes-packages", on=Literal)
def publishes_packages(literal: Literal) -> Iterator[Evidence]:
    """Carries a command that publishes packages, in code that runs without being called.

    What: the publishing command of a package manager, or the setting that holds its token, at start-up, at
    import or behind a command.
    Why: worms spread by publishing with the tokens that they find.
    Benign twins: release tools; the `upload` command that many a setup.py has for its maintainer is silent.
    Blind spots: publishing by plain HTTP, and from setup.py.
    """
    if literal.phase in RUNS - {Phase.INSTALL} and (part := named(literal, Mark.PUBLISH)):
        yield seen("publishes-packages", literal, "carries a command that publishes packages", part)
