"""Tells a reading machine to ignore its instructions or to keep something from its user."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Literal
from stockade.analyse.code.marks import Mark
from stockade.analyse.code.observe import named, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("agent-orders", on=Literal)
def agent_orders(literal: Literal) -> Iterator[Evidence]:
    """Tells a reading machine to ignore its instructions or to keep something from its user.

    What: a string with such an order.
    Why: tool descriptions and outputs are read by agents that act with their user's authority.
    Benign twins: prompts of honest agents, and tests of filters against such orders.
    Blind spots: docstrings of what is no tool; orders in other words or languages.
    """
    if part := named(literal, Mark.ORDERS):
        yield seen("agent-orders", literal, "gives orders to a reading machine", part)
