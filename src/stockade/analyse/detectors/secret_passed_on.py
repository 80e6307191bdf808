"""Hands a secret to another distribution in a way that is somewhat odd."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.detector import detector
from stockade.analyse.flows.link import CERTAIN, Departure, plainest
from stockade.analyse.flows.tell import destination, how, owned, told
from stockade.model.evidence import Evidence, Phase


@detector("secret-passed-on", on=Departure)
def secret_passed_on(departure: Departure) -> Iterator[Evidence]:
    """Hands a secret to another distribution in a way that is somewhat odd.

    What: as `secret-leaves-package`, where less comes together.
    Why: a thief who writes the address in the open and reports his errors is still one.
    Benign twins: helpers that post what they are given; telemetry.
    Blind spots: as `secret-leaves-package`.
    """
    if departure.links and all(one.weight < CERTAIN for one in departure.links):
        best = plainest(departure.links)
        whose = owned(one.source for one in departure.links)
        message = f"hands {whose} to {best.taken}, which sends them to {destination(best.sink)}"
        yield told("secret-passed-on", message + how(departure.links), best.left, Phase.CALL, best.path)
