"""From the releases that were chosen to the files of them that are judged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from packaging.version import Version

from stockade.acquire.resolve.choose import Offer
from stockade.acquire.resolve.closure import Closure
from stockade.acquire.resolve.uv import Pin
from stockade.acquire.resolve.view import IndexView
from stockade.errors import ResolutionFailed
from stockade.model.evidence import Gap, GapKind
from stockade.model.project import ArtifactRef, Digest, ProjectName, Release, Requirement, Resolved


class Selection:
    """Chooses files for the releases of one resolution."""

    def __init__(
        self,
        view: IndexView,
        *,
        now: datetime,
        minimum_age: timedelta,
        exempt: frozenset[tuple[ProjectName, Version]],
        all_files: bool,
    ) -> None:
        self._view, self._exempt, self._all_files = view, exempt, all_files
        self._now, self._minimum_age = now, minimum_age
        self._gaps: list[Gap] = []
        self._notes: list[str] = []

    def closure(self, pins: Iterable[Pin], requirements: Sequence[Requirement]) -> Closure:
        """`pins` as Resolved, those that `requirements` name marked direct and held to their hashes."""
        chosen = list(pins)
        asked: dict[ProjectName, list[Requirement]] = {}
        for one in requirements:
            asked.setdefault(one.name, []).append(one)
        brings: dict[ProjectName, set[ProjectName]] = {}
        for pin in chosen:
            for name in pin.via:
                brings.setdefault(name, set()).add(pin.name)
        releases = [
            self._resolved(pin, asked.get(pin.name, []), brings.get(pin.name, set())) for pin in chosen
        ]
        releases.sort(key=lambda one: one.release)
        return Closure(releases=tuple(releases), gaps=tuple(self._gaps), notes=tuple(self._notes))

    def _resolved(self, pin: Pin, asked: Sequence[Requirement], brings: set[ProjectName]) -> Resolved:
        version = Version(pin.version)
        files = self._files(pin, version)
        allowed = {one for each in asked for one in each.hashes}
        if allowed:
            files, gaps = held_to(files, allowed, f"{pin.name}=={pin.version}", _origin(asked))
            self._gaps += gaps
        depends = self._view.depends(pin.name, version)
        said = [depends.said.note] if depends and depends.said.note else []
        notes = (*said, *self._age_notes(pin.name, version, files))
        release = files[0].release if files else Release(name=pin.name, version=pin.version)
        self._gaps += [Gap(kind=GapKind.SCOPE, what=str(release), why=note) for note in notes]
        return Resolved(
            release=release, files=files, direct=bool(asked), requires=tuple(sorted(brings)), notes=notes
        )

    def _files(self, pin: Pin, version: Version) -> tuple[ArtifactRef, ...]:
        if pin.name in self._view.direct:
            return (self._view.direct[pin.name].ref,)
        seen = self._view.release(pin.name, version)
        offer = seen.offers.get(version) if seen else None
        if offer is None:
            raise ResolutionFailed(
                f"the resolver chose {pin.name}=={pin.version}, which the index doesn't offer"
            )
        self._gaps += seen.gaps if seen else ()
        return chosen_files(offer, all_files=self._all_files)

    def _age_notes(self, name: ProjectName, version: Version, files: Iterable[ArtifactRef]) -> list[str]:
        if not self._minimum_age or name in self._view.direct:
            return []
        newest = self._view.hidden().get(name)
        if newest and newest > version and not newest.is_prerelease:
            days = _span(self._minimum_age)
            self._notes.append(
                f"{name} {newest} is younger than the minimum age of {days}; {version} is taken"
            )
        if (name, version) not in self._exempt and any(one.uploaded is None for one in files):
            return ["the index gives no upload time for it, so the minimum age could not be applied"]
        return []


def chosen_files(offer: Offer, *, all_files: bool) -> tuple[ArtifactRef, ...]:
    """The files of a release to judge: those that an installer on the target could pick, or all of them.

    A yanked file is left out where another isn't; one that was added later to an old release stays in, though
    a resolver that minds minimum age may not see it: an installer that doesn't would take it.
    """
    if all_files:
        return offer.every
    kept = tuple(one for one in offer.pickable if one.yanked is None)
    return kept or offer.pickable


def held_to(
    files: Iterable[ArtifactRef], allowed: set[Digest], what: str, origin: str
) -> tuple[tuple[ArtifactRef, ...], list[Gap]]:
    """The `files` whose digest is `allowed`, and a gap where there are none."""
    kept = tuple(one for one in files if one.sha256 is None or one.sha256 in allowed)
    if kept:
        return kept, []
    why = f"the index offers no file for it with a digest that {origin} allows"
    return (), [Gap(kind=GapKind.LIMIT, what=what, why=why)]


def _origin(asked: Sequence[Requirement]) -> str:
    return next((one.origin for one in asked if one.hashes), "the requirement")


def _span(age: timedelta) -> str:
    days = age.total_seconds() / 86400
    return f"{days:g} day{'' if days == 1 else 's'}"
