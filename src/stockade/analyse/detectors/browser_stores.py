"""Names the files in which browsers keep passwords, cookies and cards."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Literal
from stockade.analyse.code.marks import Mark
from stockade.analyse.code.observe import named, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("browser-stores", on=Literal)
def browser_stores(literal: Literal) -> Iterator[Evidence]:
    """Names the files in which browsers keep passwords, cookies and cards.

    What: a string with such a file or the profile folder around it.
    Why: there is hardly an honest reason to open them from a package.
    Benign twins: browser-cookie libraries and forensic tools, whose purpose it is.
    Blind spots: paths that are assembled from outside input.
    """
    if part := named(literal, Mark.BROWSER):
        yield seen("browser-stores", literal, "names a browser's store of passwords, cookies or cards", part)
