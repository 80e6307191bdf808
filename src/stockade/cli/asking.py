"""What a judgement is asked beside its files: what its client takes, and who hears before the end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from packaging.version import Version

from stockade.acquire.index.listing import parsed_version
from stockade.acquire.resolve import Closure, PythonTarget
from stockade.acquire.resolve.direct import marker_environment
from stockade.acquire.resolve.unforeseen import unforeseen
from stockade.act.gate.ports import Found
from stockade.model.assessment import Findings
from stockade.model.decision import Allow
from stockade.model.evidence import Gap, GapKind
from stockade.model.project import ArtifactRef, ProjectName, Release, Resolved
from stockade.pipeline import Early, Road, Seen, decided


@dataclass(frozen=True, slots=True)
class Asking:
    """`taken` are the versions that the client is known to take, `beside` files that it asked for, now or before, and
    `told` hears of what stands before the rest. What is asked only where nothing is left to choose is `sure`."""

    taken: Mapping[ProjectName, Version]
    told: Callable[[Found], object]
    beside: Sequence[ArtifactRef] = ()
    sure: bool = False


def taken(releases: Iterable[Release]) -> dict[ProjectName, Version]:
    """The versions that a client takes; of a project of which it asked for several nobody knows."""
    found: dict[ProjectName, set[Version | None]] = {}
    for one in releases:
        found.setdefault(one.name, set()).add(parsed_version(one.version))
    only = {name: next(iter(versions)) for name, versions in found.items() if len(versions) == 1}
    return {name: version for name, version in only.items() if version is not None}


def early(
    closure: Closure, told: Callable[[Found], object], road: Road, target: PythonTarget
) -> Early | None:
    """Tells of each release that was asked for, with all that it brings, as soon as that is judged and allowed.

    What is refused, or cannot be known yet, is nobody's to hear before everything is linked. None where what is
    missing could be anybody's.
    """
    if any(gap.kind is GapKind.LIMIT for gap in closure.gaps):
        return None
    brings = dict(brought(closure))
    resolved = {one.release: one for one in closure.releases}
    groups = [_reached(one.release, brings) for one in closure.releases if one.direct]

    def heard(group: frozenset[Release], seen: list[Seen]) -> None:
        wheels = [(one.ref.release, one.findings) for one in seen if one.ref.filename.endswith(".whl")]
        limits = (
            gap
            for gap in unseen([resolved[one] for one in group], wheels, target)
            if gap.kind is GapKind.LIMIT
        )
        if all(isinstance(decided(one, road).decision, Allow) for one in seen) and not any(limits):
            told(Found(seen=seen, brings=[(release, brings[release]) for release in group]))

    return Early(groups, heard)


def unseen(
    releases: Iterable[Resolved], findings: Sequence[tuple[Release, Findings]], target: PythonTarget
) -> tuple[Gap, ...]:
    """What wheels require and resolution did not know of."""
    requires: dict[Release, list[str]] = {}
    for release, one in findings:
        requires.setdefault(release, []).extend(one.requires)
    return tuple(unforeseen(releases, requires, marker_environment(target)))


def brought(closure: Closure) -> list[tuple[Release, frozenset[Release]]]:
    """Who brings whom."""
    by_name = {one.release.name: one.release for one in closure.releases}
    return [
        (one.release, frozenset(by_name[name] for name in one.requires if name in by_name))
        for one in closure.releases
    ]


def _reached(start: Release, brings: Mapping[Release, frozenset[Release]]) -> frozenset[Release]:
    """`start` and all that it brings, directly or not."""
    found, open_ = {start}, [start]
    while open_:
        new = brings[open_.pop()] - found
        found |= new
        open_ += new
    return frozenset(found)
