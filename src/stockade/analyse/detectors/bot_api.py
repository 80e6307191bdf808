"""Names the address of a messenger's bot API."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Literal
from stockade.analyse.code.marks import Mark
from stockade.analyse.code.observe import named, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("bot-api", on=Literal)
def bot_api(literal: Literal) -> Iterator[Evidence]:
    """Names the address of a messenger's bot API.

    What: a string with the address that such bots are driven by.
    Why: a bot in somebody else's hands takes messages and documents from any machine, and can give
    orders.
    Benign twins: libraries for that messenger and notifiers, in functions that are called.
    Blind spots: tokens fetched from elsewhere; other messengers.
    """
    if part := named(literal, Mark.BOT):
        yield seen("bot-api", literal, "names the address of a messenger's bot API", part)
