"""Holds an executable program in a string."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Literal
from stockade.analyse.code.marks import Mark
from stockade.analyse.code.observe import named, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("embedded-executable", on=Literal)
def embedded_executable(literal: Literal) -> Iterator[Evidence]:
    """Holds an executable program in a string.

    What: a constant with the beginning of a PE or ELF file, as bytes, hex or base64.
    Why: a program has its place in a file; in a string it is hidden.
    Benign twins: exploit frameworks and test data.
    Blind spots: compressed or encrypted programs.
    """
    if part := named(literal, Mark.EXECUTABLE):
        yield seen("embedded-executable", literal, "holds an executable in a string", part)
