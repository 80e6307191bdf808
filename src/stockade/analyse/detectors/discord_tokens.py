"""Looks for a chat client's stored tokens."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Literal
from stockade.analyse.code.marks import Mark
from stockade.analyse.code.observe import named, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("discord-tokens", on=Literal)
def discord_tokens(literal: Literal) -> Iterator[Evidence]:
    """Looks for a chat client's stored tokens.

    What: a pattern that matches such tokens, the folder in which they lie, or the address that tells
    whose they are.
    Why: a token is the account, without password or second factor.
    Benign twins: API libraries name the address; they do not hold the pattern or the folder.
    Blind spots: patterns that are assembled at run time.
    """
    if part := named(literal, Mark.DISCORD):
        yield seen("discord-tokens", literal, "looks for chat tokens", part)
