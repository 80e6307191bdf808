"""Carries a program or a command line in an encoding."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Literal
from stockade.analyse.code.marks import Mark
from stockade.analyse.code.observe import named, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("encoded-program", on=Literal)
def encoded_program(literal: Literal) -> Iterator[Evidence]:
    """Carries a program or a command line in an encoding.

    What: a string that begins, in base64, like Python, a shell script or a command that fetches.
    Why: code is encoded to be overlooked.
    Benign twins: encoded text, pictures and certificates begin otherwise.
    Blind spots: compressed programs (see layered-code), other encodings.
    """
    if part := named(literal, Mark.ENCODED_CODE):
        yield seen("encoded-program", literal, "carries an encoded program", part)
