"""Which releases of a known project a reference is made of."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from functools import cache
from importlib import resources

from packaging.version import InvalidVersion, Version

from stockade import limits
from stockade.acquire.index.listing import SDIST_ENDINGS, Listing
from stockade.model.project import ArtifactRef, ProjectName

#: What is younger may still turn out to be what a reference must not hold.
MIN_AGE = timedelta(days=30)
#: How much older than the newest one the further releases are: copies are made of what was new at their time.
_STEPS = (timedelta(days=180), timedelta(days=540), timedelta(days=1200), timedelta(days=2200))
#: Statuses of whole projects (PEP 792) that are no ground to trust.
_REFUSED = frozenset({"quarantined"})


@cache
def condemned() -> frozenset[tuple[str, str]]:
    """(project, version) of releases of honest projects that attackers published, as far as Stockade ships them."""
    text = resources.files("stockade").joinpath("data/condemned-releases.csv").read_text(encoding="utf-8")
    return frozenset((row["project"], row["version"]) for row in csv.DictReader(io.StringIO(text)))


def chosen(
    listing: Listing,
    *,
    now: datetime,
    count: int,
    refused: Collection[tuple[ProjectName | str, str]] = frozenset(),
) -> tuple[ArtifactRef, ...]:
    """One file of each of up to `count` releases, the newest first, the others spread over the years before it.

    Only releases that are at least MIN_AGE old by the index, not yanked, not in `refused`, not pre-releases (unless
    there is nothing else), with a digest, and of a size that is worth it.
    """
    if listing.status in _REFUSED:
        return ()
    releases: dict[Version, list[ArtifactRef]] = {}
    for ref in listing.files:
        version = _parsed(ref.release.version)
        if version is not None and _eligible(ref, now) and (listing.project, str(version)) not in refused:
            releases.setdefault(version, []).append(ref)
    final = {version: refs for version, refs in releases.items() if not version.is_prerelease} or releases
    files = [
        found for version in sorted(final, reverse=True) if (found := best_file(final[version])) is not None
    ]
    return tuple(_spread(files, count))


def _eligible(ref: ArtifactRef, now: datetime) -> bool:
    small = ref.size is not None and ref.size <= limits.MAX_REFERENCE_FILE
    return small and ref.sha256 is not None and ref.yanked is None and _old(ref, now)


def _old(ref: ArtifactRef, now: datetime) -> bool:
    return ref.uploaded is not None and now - ref.uploaded >= MIN_AGE


def best_file(refs: Iterable[ArtifactRef]) -> ArtifactRef | None:
    """The wheel for every platform, else one for Linux, else any, else the sdist; of equals the first by name."""

    def rank(ref: ArtifactRef) -> tuple[int, str]:
        name = ref.filename
        if name.endswith(".whl"):
            return (
                0 if name.endswith("-any.whl") else 1 if "x86_64" in name and "linux" in name else 2
            ), name
        return 3 if name.lower().endswith(SDIST_ENDINGS) else 9, name

    best = min(refs, key=rank, default=None)
    return best if best is not None and rank(best)[0] < 9 else None


def _spread(files: list[ArtifactRef], count: int) -> list[ArtifactRef]:
    """The first of `files` (the newest version first), then of each age the newest; filled up with the next ones."""
    if not files:
        return []
    newest = files[0].uploaded
    assert newest is not None, "only files with a time of upload are eligible"
    wanted = [files[0]]
    for step in _STEPS:
        older = (one for one in files if one.uploaded is not None and one.uploaded <= newest - step)
        found = next(older, None)
        if found is not None and found not in wanted:
            wanted.append(found)
    wanted = wanted[:count]
    wanted += [one for one in files if one not in wanted][: count - len(wanted)]
    return sorted(wanted, key=files.index)


def _parsed(text: str) -> Version | None:
    try:
        return Version(text)
    except InvalidVersion:
        return None
