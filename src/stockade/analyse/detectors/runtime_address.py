"""Names an address that another language's runtime is downloaded from."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Literal
from stockade.analyse.code.marks import Mark
from stockade.analyse.code.observe import named, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("runtime-address", on=Literal)
def runtime_address(literal: Literal) -> Iterator[Evidence]:
    """Names an address that another language's runtime is downloaded from.

    What: a string with a download of Bun, Deno or Node.
    Why: a payload that runs there escapes whoever reads Python.
    Benign twins: packages that exist to install such a runtime, and build tools of web pages.
    Blind spots: mirrors; a runtime that is named only by its package manager.
    """
    if part := named(literal, Mark.RUNTIME):
        yield seen("runtime-address", literal, "names where another language's runtime is downloaded", part)
