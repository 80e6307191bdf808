"""What the resolver is shown of the index: releases old enough, and what each depends on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from packaging.requirements import Requirement as Pep508
from packaging.version import Version

from stockade.acquire.index.listing import parsed_version
from stockade.acquire.resolve.choose import Offer, offers, too_young
from stockade.acquire.resolve.pane import Pane
from stockade.acquire.resolve.ports import Files
from stockade.acquire.resolve.stated import Sorted, Stated, render, sort_lines, valid_specifier
from stockade.acquire.resolve.target import PythonTarget
from stockade.errors import ProjectNotFound
from stockade.model.evidence import Gap
from stockade.model.project import ArtifactRef, ProjectName


@dataclass(frozen=True, slots=True, kw_only=True)
class Direct:
    """A release that a URL names, read already: it takes the place of whatever the index offers."""

    ref: ArtifactRef
    said: Stated


@dataclass(slots=True)
class Seen:
    """One project as it was shown.

    `offers` are its releases, `young` those that minimum age hid, `gaps` what of its page could not be used.
    """

    offers: dict[Version, Offer]
    young: frozenset[Version]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Depends:
    """What one release was said to depend on. `urls` and `broken` were kept from the resolver."""

    ref: ArtifactRef
    said: Stated
    lines: Sorted

    @property
    def urls(self) -> tuple[Pep508, ...]:
        """Dependencies by URL."""
        return self.lines.urls

    @property
    def broken(self) -> tuple[str, ...]:
        """Lines that are not requirements."""
        return self.lines.broken

    @property
    def parsed(self) -> tuple[Pep508, ...]:
        """Dependencies by name."""
        return self.lines.parsed


class IndexView:
    """A `View` (window.py) of an index for one target at one time; it remembers what it showed.

    `page` gives every file of a project, or raises ProjectNotFound; `read` gives what a file says that it
    depends on. `exempt` are releases, `unhurried` projects, that minimum age does not hide; `refused` releases are not
    there at all.
    """

    def __init__(
        self,
        page: Callable[[ProjectName], Files],
        read: Callable[[ArtifactRef], Stated],
        *,
        target: PythonTarget,
        cutoff: datetime | None,
        exempt: frozenset[tuple[ProjectName, Version]] = frozenset(),
        unhurried: frozenset[ProjectName] = frozenset(),
        refused: frozenset[tuple[ProjectName, Version]] = frozenset(),
    ) -> None:
        self._page, self._read = page, read
        self._target, self._cutoff, self._exempt = target, cutoff, exempt
        self._unhurried, self._refused = unhurried, refused
        self._lock = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}
        self._seen: dict[ProjectName, Seen | None] = {}
        self._single: dict[tuple[ProjectName, Version], Seen | None] = {}
        self._depends: dict[tuple[ProjectName, Version], Depends] = {}
        self.direct: dict[ProjectName, Direct] = {}

    # The View.

    def releases(self, name: str) -> Sequence[Pane] | None:
        """The releases of `name` that may be chosen; None where the index does not know it."""
        project = ProjectName(name)
        if project in self.direct:
            held = self.direct[project]
            return [Pane(held.ref.release.version, _python(held.said.requires_python))]
        seen = self.project(project)
        if seen is None:
            return None
        return [
            pane for version, offer in seen.offers.items() if (pane := self._pane(project, version, offer))
        ]

    def metadata(self, name: str, version: str) -> bytes | None:
        """Core metadata of one release, holding only what a resolver needs."""
        depends = self.depends(ProjectName(name), Version(version))
        if depends is None:
            return None
        return render(name, version, depends.lines.plain, depends.said)

    # What was seen.

    def project(self, name: ProjectName) -> Seen | None:
        """The releases of `name` on the index, asked for once; None where it doesn't know the name."""
        with self._lock_of(name):
            if name not in self._seen:
                self._seen[name] = self._look(name)
            return self._seen[name]

    def depends(self, name: ProjectName, version: Version) -> Depends | None:
        """What one release depends on, read once; None where there is no such release."""
        with self._lock_of(f"{name}=={version}"):
            known = self._depends.get((name, version))
            if known is None:
                known = self._ask(name, version)
                if known is not None:
                    self._depends[name, version] = known
            return known

    def missing(self) -> list[ProjectName]:
        """The projects that were asked for and that the index does not know."""
        return sorted(name for name, seen in self._seen.items() if seen is None)

    def hidden(self) -> dict[ProjectName, Version]:
        """The highest release that minimum age hid, of each project that has one."""
        young = {name: seen.young for name, seen in self._seen.items() if seen and seen.young}
        return {
            name: max(versions, key=lambda one: (not one.is_prerelease, one))
            for name, versions in young.items()
        }

    def file_of(self, name: ProjectName, version: Version) -> ArtifactRef | None:
        """The file whose metadata stands for a release: the one that an installer would take."""
        if name in self.direct:
            return self.direct[name].ref
        seen = self.release(name, version)
        offer = seen.offers.get(version) if seen else None
        return offer.first(self._cutoff_for(name, version)) if offer else None

    def release(self, name: ProjectName, version: Version) -> Seen | None:
        """As `project`, where nothing but one release counts: pages list thousands, and to sort them takes time."""
        with self._lock_of(name):
            if name in self._seen:
                return self._seen[name]
            if (name, version) not in self._single:
                self._single[name, version] = self._look_at(name, version)
            return self._single[name, version]

    def _look_at(self, name: ProjectName, version: Version) -> Seen | None:
        try:
            page = self._page(name)
        except ProjectNotFound:
            return None
        known: dict[str, bool] = {}
        files = []
        for ref in page.files:
            spelled = ref.release.version
            if spelled not in known:
                known[spelled] = parsed_version(spelled) == version
            if known[spelled]:
                files.append(ref)
        refused = (name, version) in self._refused
        return Seen({} if refused else offers(files, self._target), frozenset(), page.gaps)

    def _look(self, name: ProjectName) -> Seen | None:
        try:
            page = self._page(name)
        except ProjectNotFound:
            return None
        offered = offers(page.files, self._target)
        found = {version: offer for version, offer in offered.items() if (name, version) not in self._refused}
        young = frozenset(
            version for version, offer in found.items() if self._is_hidden(name, version, offer)
        )
        return Seen(found, young, page.gaps)

    def _is_hidden(self, name: ProjectName, version: Version, offer: Offer) -> bool:
        cutoff = self._cutoff_for(name, version)
        return offer.first(cutoff) is None and any(too_young(one, cutoff) for one in offer.pickable)

    def _ask(self, name: ProjectName, version: Version) -> Depends | None:
        ref = self.file_of(name, version)
        if ref is None:
            return None
        said = self.direct[name].said if name in self.direct else self._read(ref)
        return Depends(ref=ref, said=said, lines=sort_lines(said.requires))

    def _pane(self, name: ProjectName, version: Version, offer: Offer) -> Pane | None:
        ref = offer.first(self._cutoff_for(name, version))
        if ref is None:
            return None
        return Pane(str(version), _python(ref.requires_python), ref.yanked)

    def _cutoff_for(self, name: ProjectName, version: Version) -> datetime | None:
        return None if name in self._unhurried or (name, version) in self._exempt else self._cutoff

    def _lock_of(self, key: str) -> threading.Lock:
        with self._lock:
            return self._locks.setdefault(key, threading.Lock())


def _python(requires_python: str | None) -> str | None:
    return requires_python if requires_python and valid_specifier(requires_python) else None
