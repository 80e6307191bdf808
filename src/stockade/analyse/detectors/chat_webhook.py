"""Names the address of a chat service's webhook."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Literal
from stockade.analyse.code.marks import Mark
from stockade.analyse.code.observe import named, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("chat-webhook", on=Literal)
def chat_webhook(literal: Literal) -> Iterator[Evidence]:
    """Names the address of a chat service's webhook.

    What: a string with an incoming-webhook address of a chat service.
    Why: a webhook takes anything from anybody and leads nowhere; it is the commonest place where stolen
    data goes.
    Benign twins: notification libraries and bots, which keep a template of the address in functions that
    are called.
    Blind spots: an address assembled at run time from outside input.
    """
    if part := named(literal, Mark.WEBHOOK):
        yield seen("chat-webhook", literal, "names a chat webhook", part)
