"""Contacts the network unasked and drops every failure."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Call
from stockade.analyse.code.observe import UNASKED, networks, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("swallowed-network", on=Call, when=networks)
def swallowed_network(call: Call) -> Iterator[Evidence]:
    """Contacts the network unasked and drops every failure.

    What: a network call at install, start-up or import within a `try` whose handler does nothing.
    Why: what nobody may notice must not fail loudly.
    Benign twins: checks for an update, which should not stop the program.
    Blind spots: handlers that log and go on.
    """
    if call.swallowed and call.phase in UNASKED:
        yield seen("swallowed-network", call, "contacts the network and drops every failure")
