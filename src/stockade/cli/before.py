"""Which earlier file each file of a closure is compared with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from packaging.version import InvalidVersion, Version

from stockade import limits
from stockade.acquire.index.listing import Listing
from stockade.acquire.resolve import Closure
from stockade.cli.world import World
from stockade.errors import IndexUnavailable, ProjectNotFound
from stockade.model.project import ArtifactRef, Resolved

#: What --drift may say: releases of the last days, all, or none.
NEW, ALL, NONE = "new", "all", "none"
CHOICES = (NEW, ALL, NONE)
#: A release that has stood for longer has been looked at by others.
RECENT = timedelta(days=14)
#: A release that had stood for so long is a measure for the next.
STOOD = timedelta(days=3)


def before(closure: Closure, world: World, choice: str, now: datetime) -> Mapping[ArtifactRef, ArtifactRef]:
    """For each file that is to be compared the file of the release before it; each costs a download, once."""
    found: dict[ArtifactRef, ArtifactRef] = {}
    for one in closure.releases if choice != NONE else ():
        files = [ref for ref in one.files if ref.index]
        if not files or (choice == NEW and not _recent(files, now)):
            continue
        try:
            earlier = _earlier(one, world.dated.listing(one.release.name))
        except (ProjectNotFound, IndexUnavailable):
            continue
        for ref in files:
            if (other := counterpart(ref, earlier)) is not None:
                found[ref] = other
    return found


def _recent(files: Iterable[ArtifactRef], now: datetime) -> bool:
    return any(ref.uploaded is not None and now - ref.uploaded < RECENT for ref in files)


def _earlier(one: Resolved, listing: Listing) -> list[ArtifactRef]:
    """The files of the highest release below this one that was not taken back, of those that had stood for a while when
    it came, or else of all that came before: several bad releases in a row must not vouch for each other. Pre-releases
    come only before pre-releases."""
    this = _version(one.release.version)
    if this is None:
        return []
    times = [ref.uploaded for ref in one.files if ref.uploaded is not None]
    by_version: dict[Version, list[ArtifactRef]] = {}
    stood: set[Version] = set()
    for ref in listing.files:
        version = _version(ref.release.version)
        if version is None or version >= this or ref.yanked is not None:
            continue
        if version.is_prerelease and not this.is_prerelease:
            continue
        if times and ref.uploaded is not None and ref.uploaded > min(times):
            continue
        by_version.setdefault(version, []).append(ref)
        if times and ref.uploaded is not None and min(times) - ref.uploaded >= STOOD:
            stood.add(version)
    best = max(stood or by_version, default=None)
    return [] if best is None else by_version[best]


def counterpart(ref: ArtifactRef, files: Iterable[ArtifactRef]) -> ArtifactRef | None:
    """The file most like `ref`: of the same tags, else of as many of them as there are; an sdist only for an sdist,
    since what it does while it is built no wheel does."""
    kept = [one for one in files if one.size is None or one.size <= limits.MAX_COMPARED]
    wheels = [one for one in kept if one.filename.endswith(".whl")]
    if ref.filename.endswith(".whl"):
        mine = _tags(ref)
        return max(wheels, key=lambda one: (_alike(mine, _tags(one)), one.filename), default=None)
    return next((one for one in kept if one not in wheels), None)


def _tags(ref: ArtifactRef) -> tuple[str, ...]:
    return tuple(ref.filename.removesuffix(".whl").rsplit("-", 3)[1:])


def _alike(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[bool, int]:
    """Equal; else how many letters of the platform they share at the beginning (``manylinux``, ``macosx``)."""
    shared = 0
    for left, right in zip(one[-1], other[-1], strict=False):
        if left != right:
            break
        shared += 1
    return one == other, shared


def _version(text: str) -> Version | None:
    try:
        return Version(text)
    except InvalidVersion:
        return None
