"""Holds a pattern for coin addresses, in code that runs without being called."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Literal
from stockade.analyse.code.marks import Mark
from stockade.analyse.code.observe import RUNS, named, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("coin-address-pattern", on=Literal)
def coin_address_pattern(literal: Literal) -> Iterator[Evidence]:
    """Holds a pattern for coin addresses, in code that runs without being called.

    What: a regular expression, alone or inside script text, that matches addresses of coins.
    Why: whoever searches for addresses in passing wants to replace or collect them.
    Benign twins: wallets and validators match addresses when called.
    Blind spots: addresses told by their length alone.
    """
    if literal.phase in RUNS and (part := named(literal, Mark.COIN_ADDRESS)):
        yield seen("coin-address-pattern", literal, "matches coin addresses", part)
