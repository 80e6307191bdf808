"""Names a place or a command that makes a program start by itself."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Literal
from stockade.analyse.code.marks import Mark
from stockade.analyse.code.observe import named, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("persistence", on=Literal)
def persistence(literal: Literal) -> Iterator[Evidence]:
    """Names a place or a command that makes a program start by itself.

    What: Run keys, start-up folders, cron, systemd units, launch agents, scheduled tasks, authorised
    keys.
    Why: a package that ends with its process has no need of it.
    Benign twins: installers of services and administration tools, when called.
    Blind spots: less known places.
    """
    if part := named(literal, Mark.PERSIST):
        yield seen("persistence", literal, "names a place that makes programs start by themselves", part)
