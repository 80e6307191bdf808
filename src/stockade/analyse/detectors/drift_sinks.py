"""Calls what reaches outside by a name that the release before it never called."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.detector import detector
from stockade.analyse.identity.drift import Drift, New
from stockade.model.evidence import Evidence


@detector("drift-sinks", on=Drift, when=lambda drift: drift.new is New.SINK)
def drift_sinks(drift: Drift) -> Iterator[Evidence]:
    """Calls what reaches outside by a name that the release before it never called.

    What: a call that contacts the network, starts a program or executes code, by a function that occurs nowhere in the
    release before.
    Why: a stranger's payload seldom uses the means that the project has.
    Benign twins: a change elsewhere; the same function called in more places.
    Blind spots: honest releases do this often, so that it tells where to look more than what to think; a payload by the
    means that the project has already.
    """
    message = f"{drift.what}, which {drift.before} did not"
    yield Evidence(detector="drift-sinks", message=message, where=drift.where, phase=drift.phase)
