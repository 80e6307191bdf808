"""Which releases a check is about: resolved under the policy's cooldown, with what it waives, or an older closure."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from packaging.version import InvalidVersion, Version

from stockade import limits
from stockade.acquire.resolve import Closure, PythonTarget, resolve
from stockade.acquire.sources.requirements import Asked
from stockade.cli.world import World
from stockade.decide.cooldown import exempt_names
from stockade.errors import NothingInspected
from stockade.model.decision import Allow
from stockade.model.identity import ProjectHistory
from stockade.model.project import ProjectName, Release, Requirement
from stockade.pipeline import Judged, Road
from stockade.remember import folders

Releases = frozenset[tuple[ProjectName, Version]]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A closure; `fixes` says of young releases in it which advisory each fixes."""

    closure: Closure
    fixes: dict[Release, str] = field(default_factory=dict)


def chosen(
    given: argparse.Namespace,
    asked: Asked,
    world: World,
    road: Road,
    python: PythonTarget,
    refused: Releases = frozenset(),
    taken: Mapping[ProjectName, Version] | None = None,
    *,
    sure: bool = False,
) -> Chosen:
    """Everything that would be installed; raises ProjectNotFound, ResolutionFailed and what the index raises.

    Releases that are too young are passed over, but for those that fix what the ones taken in their place are exposed
    to: these are let in, and it is resolved again. `refused` are not there. `taken` and `sure` as `resolve` takes them.
    """
    if given.lock:
        from stockade.acquire.resolve.locked import from_lock
        from stockade.acquire.sources.locks import read_lock

        lock = read_lock(given.lock, env=os.environ)
        closure = from_lock(
            lock, index=world.dated, python=python, fetcher=world.fetcher, all_files=given.all_files
        )
        return Chosen(closure, _fixing(closure, world, road))
    requirements = (
        [_loosened(one) for one in asked.requirements] if given.resolve_older else asked.requirements
    )

    def resolved(exempt: Releases) -> Closure:
        return resolve(
            requirements,
            index=world.dated,
            fetcher=world.fetcher,
            minimum_age=road.policy.minimum_age,
            now=road.now,
            python=python,
            constraints=(*asked.constraints, *world.constraints),
            prereleases=asked.prereleases,
            all_files=given.all_files,
            ranges=world.ranges,
            cache=folders.cache_folder(os.environ),
            exempt=exempt,
            unhurried=exempt_names(road.policy, road.now),
            refused=refused,
            taken=taken,
            sure=sure,
        )

    closure = resolved(frozenset())
    needed = _needed(closure, world, road)
    if needed:
        closure = resolved(frozenset(needed))
    return Chosen(closure, _fixing(closure, world, road))


def older(
    judge: Callable[[Chosen], dict[Release, list[Judged]]], choose: Callable[[Releases], Chosen]
) -> tuple[Chosen, dict[Release, list[Judged]], list[str]]:
    """The newest closure that passes: refused releases are taken away, and it is resolved again.

    Where none passes, the first one, with what became of it and a note that says so.
    """
    first = choose(frozenset())
    judged = judge(first)
    refused: Releases = frozenset()
    now, found, notes = first, judged, list[str]()
    for _ in range(limits.MAX_OLDER_ROUNDS):
        bad = _refused(found)
        if not bad:
            return now, found, notes
        refused |= {pair for one in bad if (pair := _pair(one)) is not None}
        notes += [f"{one} is passed over: {found[one][0].decision.reasons[0]}" for one in bad if found[one]]
        try:
            now = choose(refused)
        except NothingInspected as why:
            return first, judged, [f"no older closure passes: {why}"]
        found = judge(now)
    if not _refused(found):
        return now, found, notes
    return first, judged, [f"no closure that passes was found in {limits.MAX_OLDER_ROUNDS} rounds"]


def _refused(found: dict[Release, list[Judged]]) -> list[Release]:
    """Releases with a file that is not allowed; the worst file of each stands first in `found` from here on."""
    bad = []
    for release, files in found.items():
        files.sort(key=lambda one: isinstance(one.decision, Allow))
        if files and not isinstance(files[0].decision, Allow):
            bad.append(release)
    return sorted(bad)


def _loosened(one: Requirement) -> Requirement:
    """A pin as an upper bound: with --resolve-older the release that was pinned is the newest that may be taken."""
    if one.pin is None or one.url or one.hashes:
        return one
    return replace(one, specifier=f"<={one.pin}")


def _needed(closure: Closure, world: World, road: Road) -> list[tuple[ProjectName, Version]]:
    """The young releases that were passed over, and that fix what the ones taken in their place are exposed to."""
    if not road.policy.cooldown_fixes or road.code_only:
        return []
    found = []
    for one in closure.releases:
        young, taken = closure.hidden.get(one.release.name), _version(one.release.version)
        if young is None or taken is None or young <= taken or young.is_prerelease or not one.files:
            continue
        if one.files[0].index and _fix(world, one.release.name, one.release.version, young):
            found.append((one.release.name, young))
    return found


def _fixing(closure: Closure, world: World, road: Road) -> dict[Release, str]:
    """Which advisory each young release of a closure fixes."""
    policy = road.policy
    if not (policy.cooldown_fixes and policy.minimum_age) or road.code_only:
        return {}
    found = {}
    for one in closure.releases:
        times = [ref.uploaded for ref in one.files if ref.uploaded is not None and ref.index]
        version = _version(one.release.version)
        if version is None or not any(road.now - when < policy.minimum_age for when in times):
            continue
        settled = _settled(world.histories.of(one.release.name, claims=False), version, road)
        if settled and (fix := _fix(world, one.release.name, settled, version)):
            found[one.release] = fix
    return found


def _settled(history: ProjectHistory, below: Version, road: Road) -> str | None:
    """The newest release that is old enough and lower than `below`."""
    old = [
        (version, one.version)
        for one in history.releases
        if (version := _version(one.version)) is not None
        and version < below
        and not version.is_prerelease
        and not one.yanked
        and (one.uploaded is None or road.now - one.uploaded >= road.policy.minimum_age)
    ]
    return max(old)[1] if old else None


def _fix(world: World, name: ProjectName, exposed: str, fixed: Version) -> str:
    """An advisory that release `exposed` is exposed to and `fixed` is not, by the index's word; "" for none known.

    A fix counts only between the two: what is higher than `fixed` is not in it, and what is lower than `exposed` is of
    another series.
    """
    low = _version(exposed)
    for one in world.histories.vulnerabilities(name, exposed) or ():
        for text in one.fixed_in:
            version = _version(text)
            if version is not None and low is not None and low < version <= fixed:
                return one.id
    return ""


def _pair(release: Release) -> tuple[ProjectName, Version] | None:
    version = _version(release.version)
    return None if version is None else (release.name, version)


def _version(text: str) -> Version | None:
    try:
        return Version(text)
    except InvalidVersion:
        return None
