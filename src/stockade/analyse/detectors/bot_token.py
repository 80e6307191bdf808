"""Holds the token of a messenger's bot."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Literal
from stockade.analyse.code.marks import Mark
from stockade.analyse.code.observe import named, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("bot-token", on=Literal)
def bot_token(literal: Literal) -> Iterator[Evidence]:
    """Holds the token of a messenger's bot.

    What: a string that has the form of such a token.
    Why: a bot in somebody else's hands takes messages and documents from any machine, and can give
    orders.
    Benign twins: tests with made-up tokens, in files that are not installed.
    Blind spots: tokens fetched or decoded from elsewhere; other messengers.
    """
    if part := named(literal, Mark.BOT_KEY):
        yield seen("bot-token", literal, "holds the token of a messenger's bot", part)
