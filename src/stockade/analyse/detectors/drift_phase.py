"""Does by itself what the release before it did not do by itself."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.detector import detector
from stockade.analyse.identity.drift import Drift, New
from stockade.model.evidence import Evidence


@detector("drift-phase", on=Drift, when=lambda drift: drift.new is New.PHASE)
def drift_phase(drift: Drift) -> Iterator[Evidence]:
    """Does by itself what the release before it did not do by itself.

    What: contacts the network, starts programs or executes code that it makes while it is installed, when Python starts
    or on import, where the release before did nothing of that sort in that phase.
    Why: a payload has to run, and what runs unasked reaches everybody who upgrades.
    Benign twins: what the release before did as well, by whatever call; what only runs when it is called.
    Blind spots: projects that always did such things; a release with more calls than a profile holds.
    """
    message = f"{drift.what}, which {drift.before} did not"
    yield Evidence(detector="drift-phase", message=message, where=drift.where, phase=drift.phase)
