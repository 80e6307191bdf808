"""What the resolver is shown of the index: releases old enough, and what each depends on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from packaging.requirements import Requirement as Pep508
from packaging.version import Version

from stockade.acquire.resolve.choose import Offer, offers, too_young
from stockade.acquire.resolve.stated import Sorted, Stated, render, sort_lines, valid_specifier
from stockade.acquire.resolve.target import PythonTarget
from stockade.acquire.resolve.window import Pane
from stockade.errors import ProjectNotFound
from stockade.model.project import ArtifactRef, ProjectName


@dataclass(frozen=True, slots=True, kw_only=True)
class Direct:
    """A release that a URL names, read already: it takes the place of whatever the index offers."""

    ref: ArtifactRef
    said: Stated


@dataclass(slots=True)
class Seen:
    """One project as it was shown. `offers` are its releases, `young` those that minimum age hid."""

    offers: dict[Version, Offer]
    young: dict[Version, datetime]


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

    `list_files` gives every file of a project or raises ProjectNotFound; `read` gives what a file says that it
    depends on. `exempt` are releases that minimum age does not hide.
    """

    def __init__(
        self,
        list_files: Callable[[ProjectName], Sequence[ArtifactRef]],
        read: Callable[[ArtifactRef], Stated],
        *,
        target: PythonTarget,
        cutoff: datetime | None,
        exempt: frozenset[tuple[ProjectName, Version]] = frozenset(),
    ) -> None:
        self._list_files, self._read = list_files, read
        self._target, self._cutoff, self._exempt = target, cutoff, exempt
        self._lock = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}
        self._seen: dict[ProjectName, Seen | None] = {}
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

    def hidden(self, name: ProjectName) -> dict[Version, datetime]:
        """The releases of `name` that minimum age hid, and when they were uploaded."""
        seen = self._seen.get(name)
        return seen.young if seen else {}

    def file_of(self, name: ProjectName, version: Version) -> ArtifactRef | None:
        """The file whose metadata stands for a release: the one that an installer would take."""
        if name in self.direct:
            return self.direct[name].ref
        seen = self.project(name)
        offer = seen.offers.get(version) if seen else None
        return offer.first(self._cutoff_for(name, version)) if offer else None

    def _look(self, name: ProjectName) -> Seen | None:
        try:
            files = self._list_files(name)
        except ProjectNotFound:
            return None
        found = offers(files, self._target)
        young: dict[Version, datetime] = {}
        for version, offer in found.items():
            cutoff = self._cutoff_for(name, version)
            dates = [one.uploaded for one in offer.pickable if one.uploaded and too_young(one, cutoff)]
            if dates and offer.first(cutoff) is None:
                young[version] = min(dates)
        return Seen(found, young)

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
        return None if (name, version) in self._exempt else self._cutoff

    def _lock_of(self, key: str) -> threading.Lock:
        with self._lock:
            return self._locks.setdefault(key, threading.Lock())


def _python(requires_python: str | None) -> str | None:
    return requires_python if requires_python and valid_specifier(requires_python) else None
