"""Names the address or holds the token of a messenger's bot."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Literal
from stockade.analyse.code.marks import Mark
from stockade.analyse.code.observe import named, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("bot-api", on=Literal)
def bot_api(literal: Literal) -> Iterator[Evidence]:
    """Names the address or holds the token of a messenger's bot.

    What: a string with the bot API of a messenger, or one that has the form of its tokens.
    Why: a bot in somebody else's hands takes messages and documents from any machine, and can give
    orders.
    Benign twins: libraries for that messenger and notifiers, in functions that are called.
    Blind spots: tokens fetched from elsewhere; other messengers.
    """
    if part := named(literal, Mark.BOT):
        yield seen("bot-api", literal, "names a messenger bot's address or token", part)
