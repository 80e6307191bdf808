"""Requires a project that the release before it did not."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.detector import detector
from stockade.analyse.identity.drift import Drift, New
from stockade.model.evidence import Evidence


@detector("drift-dependencies", on=Drift, when=lambda drift: drift.new is New.DEPENDENCY)
def drift_dependencies(drift: Drift) -> Iterator[Evidence]:
    """Requires a project that the release before it did not.

    What: a new name among what it requires unconditionally or for some platforms; with the new project's age where the
    index tells it.
    Why: a dependency carries a payload as well, and is looked at by fewer.
    Benign twins: requirements of extras only; other versions of what was required before.
    Blind spots: a dependency of a dependency; what setup.py computes.
    """
    message = f"{drift.what}, which {drift.before} did not"
    yield Evidence(detector="drift-dependencies", message=message, where=drift.where, phase=drift.phase)
