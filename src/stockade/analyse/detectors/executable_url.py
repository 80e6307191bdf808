"""Names the address of a program or a script."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Literal
from stockade.analyse.code.marks import Mark
from stockade.analyse.code.observe import named, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("executable-url", on=Literal)
def executable_url(literal: Literal) -> Iterator[Evidence]:
    """Names the address of a program or a script.

    What: a URL whose path ends like an executable, a script or a library.
    Why: pip packages bring their programs along, where they can be looked at.
    Benign twins: managers of drivers and tool chains; help texts.
    Blind spots: addresses without a telling ending.
    """
    if part := named(literal, Mark.EXECUTABLE_URL):
        yield seen("executable-url", literal, "names a program to fetch", part)
