"""Brings files of a kind, or a hidden folder, that the release before it did not have."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.detector import detector
from stockade.analyse.identity.drift import Drift, New
from stockade.model.evidence import Evidence


@detector("drift-files", on=Drift, when=lambda drift: drift.new is New.KIND)
def drift_files(drift: Drift) -> Iterator[Evidence]:
    """Brings files of a kind, or a hidden folder, that the release before it did not have.

    What: an ending among installed files that can carry a payload (``.js``, ``.wav``), or a folder whose name begins
    with a dot or an underscore, that is new.
    Why: payloads came as sound, as scripts for another runtime, and in folders beside the project's own.
    Benign twins: more files of kinds that were there.
    Blind spots: honest releases add kinds now and then; a payload in a file of a usual kind.
    """
    message = f"{drift.what}, which {drift.before} did not"
    yield Evidence(detector="drift-files", message=message, where=drift.where, phase=drift.phase)
