"""Requires a release that was removed as malicious."""

from __future__ import annotations

from collections.abc import Iterator

from stockade import limits
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence, Location, Phase
from stockade.model.likeness import RequiredMalicious

#: Versions that are named.
_SHOWN = 3


@detector("requirement-malicious", on=RequiredMalicious)
def requirement_malicious(one: RequiredMalicious) -> Iterator[Evidence]:
    """Requires a release that was removed as malicious.

    What: a requirement that is satisfied by a version on the list of releases that a public index removed; for one of
    the 15,000 best known projects only a pin on such a version.
    Why: campaigns put the theft into a small package and require it from many others; the name stays after its removal,
    and may be taken again.
    Benign twins: requirements on projects that were taken over for a day and are their owners' again; of 902 honest
    wheels none has such a requirement.
    Blind spots: whatever was removed after the list was made.
    """
    versions = ", ".join(one.versions[:_SHOWN])
    yield Evidence(
        detector="requirement-malicious",
        message=f"requires {one.project}, of which {versions} {'was' if len(one.versions) == 1 else 'were'} removed"
        " as malicious",
        where=Location(file=one.file),
        phase=Phase.INSTALL,
        excerpt=one.requirement[: limits.MAX_EXCERPT],
    )
