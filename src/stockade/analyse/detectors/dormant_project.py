"""Is a sudden release of a project that slept for long."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.detector import detector
from stockade.analyse.identity.history import DormantProject
from stockade.model.evidence import Evidence, Location


@detector("dormant-project", on=DormantProject)
def dormant_project(sleep: DormantProject) -> Iterator[Evidence]:
    """Is a sudden release of a project that slept for long.

    What: by the index's upload times, the first release for two years or more of a project that had at least
    two before; looked at while the release is fresh (90 days).
    Why: a forgotten project's account, or the domain of its mail, is what is taken over most easily.
    Benign twins: maintainers who come back, and small finished libraries that need a release for a new Python.
    Blind spots: a thief who waits, or who first releases something harmless; projects whose times are unknown.
    """
    years = sleep.silence.days / 365.25
    message = f"comes {years:.1f} years after {sleep.before}, the release before it"
    yield Evidence(detector="dormant-project", message=message, where=Location(file=""))
