"""Keeps a program in a string that fetches or decodes something and executes it."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Literal
from stockade.analyse.code.marks import Mark
from stockade.analyse.code.observe import named, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("program-in-string", on=Literal)
def program_in_string(literal: Literal) -> Iterator[Evidence]:
    """Keeps a program in a string that fetches or decodes something and executes it.

    What: text that holds exec or a process call together with a fetch or a decoder.
    Why: such text is written to a file or given to a new interpreter, where the rest of the package does
    not show it.
    Benign twins: test suites of scanners.
    Blind spots: text that is itself encoded (see layered-code).
    """
    if part := named(literal, Mark.PROGRAM):
        yield seen(
            "program-in-string",
            literal,
            "keeps a program in a string that fetches or decodes, and executes",
            part,
        )
