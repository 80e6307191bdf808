"""Tells a reading machine to fetch credentials and hand them over."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Literal
from stockade.analyse.code.marks import Mark
from stockade.analyse.code.observe import named, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("agent-orders-secrets", on=Literal)
def agent_orders_secrets(literal: Literal) -> Iterator[Evidence]:
    """Tells a reading machine to fetch credentials and hand them over.

    What: a string, or the docstring of a function that is offered to agents as a tool, that asks for a key, a file
    of credentials or an agent's own configuration to be read before a tool is used, passed on as a parameter, or
    kept from the user.
    Why: such descriptions poison tools: no code of the package takes anything, the agent brings it.
    Benign twins: documentation of clients that need a key; prompts of honest agents.
    Blind spots: orders in other words or languages; descriptions that come over the network.
    """
    if part := named(literal, Mark.PRIVATE_ORDERS):
        yield seen("agent-orders-secrets", literal, "tells a reading machine to hand over credentials", part)
