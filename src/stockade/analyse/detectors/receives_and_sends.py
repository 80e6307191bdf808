"""Takes another distribution's secrets under names that say nothing, and sends them away."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.detector import detector
from stockade.analyse.flows.link import CERTAIN, Arrival, plainest
from stockade.analyse.flows.tell import destination, how, listed, told
from stockade.model.evidence import Evidence


@detector("receives-and-sends", on=Arrival)
def receives_and_sends(arrival: Arrival) -> Iterator[Evidence]:
    """Takes another distribution's secrets under names that say nothing, and sends them away.

    What: the other end of `secret-leaves-package`: the distribution that holds the address.
    Why: a helper of a few lines looks harmless alone; what it is given tells what it is for.
    Benign twins: API clients, which name what they take and report what fails.
    Blind spots: as `secret-leaves-package`.
    """
    sure = [one for one in arrival.links if one.weight >= CERTAIN]
    if sure:
        best = plainest(sure)
        what = listed(one.source.name for one in sure)
        message = f"takes {what} from {best.given} and sends them to {destination(best.sink)}"
        yield told("receives-and-sends", message + how(sure), best.path[-1], best.sink.phase, best.path)
