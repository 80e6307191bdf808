"""What was seen of an artifact that was run, as facts for detectors.

A decoy's marker that reached the network is proof, whatever it was disguised as: it occurs nowhere else. All else that
was seen says less. Everything here is what the artifact sent or did, so that all of it is bounded.
"""

from __future__ import annotations

from dataclasses import dataclass

from stockade.analyse.observed.deeds import deeds
from stockade.analyse.observed.facts import Carried
from stockade.analyse.observed.seek import sought
from stockade.analyse.observed.thefts import thefts
from stockade.model.evidence import Gap
from stockade.model.observation import Observation


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """`facts` are for detectors (analyse.standing.remarked); `carried` is every decoy that any exchange carried, those
    that went where they belong included."""

    facts: tuple[object, ...] = ()
    carried: tuple[Carried, ...] = ()
    gaps: tuple[Gap, ...] = ()


def observed(seen: Observation) -> Observed:
    """What an observation shows."""
    carried, gaps = sought(seen.decoys, seen.exchanges)
    return Observed(facts=(*thefts(carried), *deeds(seen)), carried=carried, gaps=gaps)
