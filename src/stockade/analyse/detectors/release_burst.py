"""Is one of several releases within minutes, as its project never made before."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.detector import detector
from stockade.analyse.identity.history import ReleaseBurst
from stockade.model.evidence import Evidence, Location


@detector("release-burst", on=ReleaseBurst)
def release_burst(burst: ReleaseBurst) -> Iterator[Evidence]:
    """Is one of several releases within minutes, as its project never made before.

    What: three or more final releases of one series (major and minor number) within two hours, in a project that never
    did so before; looked at while the release is fresh.
    Why: whoever holds a stolen token does not know for how long, and mends their payload in public.
    Benign twins: a broken release that is mended at once, though seldom twice; fixes of several series at once;
    pre-releases; projects whose builds publish each commit.
    Blind spots: a project whose maintainers are often in a hurry; one malicious release.
    """
    minutes = max(1, round(burst.span.total_seconds() / 60))
    message = (
        f"is one of {len(burst.versions)} releases within {minutes} min, the first such burst of its project"
    )
    excerpt = ", ".join(burst.versions[:8])
    yield Evidence(detector="release-burst", message=message, where=Location(file=""), excerpt=excerpt)
