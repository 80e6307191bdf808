"""Runs code with the interpreter that the release before it did not."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.detector import detector
from stockade.analyse.identity.drift import Drift, New
from stockade.model.evidence import Evidence


@detector("drift-startup", on=Drift, when=lambda drift: drift.new is New.STARTUP)
def drift_startup(drift: Drift) -> Iterator[Evidence]:
    """Runs code with the interpreter that the release before it did not.

    What: a .pth or .start file whose lines run, and that the release before has not, or has with other lines.
    Why: the widest thefts of 2026 came as one new .pth in a project that never had one.
    Benign twins: projects that have had such a file all along, unchanged.
    Blind spots: a line that stays the same and imports a module that changes (see drift-sinks).
    """
    message = f"{drift.what}, which {drift.before} did not"
    yield Evidence(detector="drift-startup", message=message, where=drift.where, phase=drift.phase)
