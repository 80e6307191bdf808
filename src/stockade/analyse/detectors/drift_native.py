"""Brings native code that the release before it did not have."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.detector import detector
from stockade.analyse.identity.drift import Drift, New
from stockade.model.evidence import Evidence


@detector("drift-native", on=Drift, when=lambda drift: drift.new is New.NATIVE)
def drift_native(drift: Drift) -> Iterator[Evidence]:
    """Brings native code that the release before it did not have.

    What: a shared library or program at a path (without the part that tells platforms apart) that is new.
    Why: native code is where a payload cannot be read.
    Benign twins: the same extension modules for another interpreter, and libraries whose names carry a new digest.
    Blind spots: a library that keeps its path and changes its content.
    """
    message = f"{drift.what}, which {drift.before} did not"
    yield Evidence(detector="drift-native", message=message, where=drift.where, phase=drift.phase)
