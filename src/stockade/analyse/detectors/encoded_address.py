"""Carries a web address in an encoding."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Literal
from stockade.analyse.code.marks import Mark
from stockade.analyse.code.observe import named, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("encoded-address", on=Literal)
def encoded_address(literal: Literal) -> Iterator[Evidence]:
    """Carries a web address in an encoding.

    What: a string that is an address in base64 or hex, or backwards.
    Why: an address is encoded to be overlooked.
    Benign twins: encoded addresses inside of longer data (tokens, certificates, images) do not begin so.
    Blind spots: other encodings, and encryption.
    """
    if part := named(literal, Mark.ENCODED_URL):
        yield seen("encoded-address", literal, "carries an encoded address", part)
