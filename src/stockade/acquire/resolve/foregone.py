"""Closures in which there is nothing to choose: every project that is reached has one version already.

An installer that resolved for itself asks for exact files. With a pin for each project that any of them requires, a
resolver could come to nothing but these pins, or refuse; so the requirements are followed, and it is not started.
Whatever is not plainly so (a free name, a marker or line that is odd, a pin that does not fit) is left to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from packaging.requirements import Requirement as Pep508
from packaging.version import Version

from stockade import limits
from stockade.acquire.index.listing import parsed_version
from stockade.acquire.index.parallel import in_parallel
from stockade.acquire.resolve.target import PythonTarget
from stockade.acquire.resolve.uv import Pin
from stockade.acquire.resolve.view import Depends, IndexView
from stockade.model.project import ProjectName, Requirement, project_name


class _Open(Exception):
    """There is something to choose, or to refuse."""


def foregone(
    view: IndexView,
    wanted: Sequence[Requirement],
    taken: Mapping[ProjectName, Version],
    target: PythonTarget,
    environment: Mapping[str, str],
) -> tuple[Pin, ...] | None:
    """The one closure that `wanted` can come to, sorted by name; None where a resolver has to say.

    `taken` are versions that the installer is known to take of projects that `wanted` does not name.
    """
    walk = _Walk(view, taken, target, environment)
    try:
        for one in wanted:
            walk.root(one)
        walk.follow()
    except (_Open, ValueError, RecursionError):  # a marker that cannot be evaluated is for the resolver, too
        return None
    return walk.pins()


class _Walk:
    """Along the requirements, each project with the extras that anybody asks of it."""

    def __init__(
        self,
        view: IndexView,
        taken: Mapping[ProjectName, Version],
        target: PythonTarget,
        environment: Mapping[str, str],
    ) -> None:
        self._view, self._taken, self._target, self._environment = view, taken, target, environment
        self._versions: dict[ProjectName, Version] = {}
        self._extras: dict[ProjectName, set[str]] = {}
        self._via: dict[ProjectName, set[ProjectName]] = {}
        self._open: list[ProjectName] = []

    def root(self, one: Requirement) -> None:
        """A pin of the installer's own."""
        version = parsed_version(one.pin) if one.pin and not one.marker and not one.url else None
        if version is None or self._versions.setdefault(one.name, version) != version:
            raise _Open
        self._asked(one.name, one.extras)

    def follow(self) -> None:
        """All that the pins require, until nothing new is reached."""
        while self._open:
            wave, self._open = list(dict.fromkeys(self._open)), []
            # Each may cost a request.
            if len(wave) > 1:
                for _ in in_parallel(self._look, wave, limits.MAX_CONNECTIONS):
                    pass
            for name in wave:
                for line in self._depends(name).parsed:
                    if self._applies(line, name):
                        self._required(line, name)

    def pins(self) -> tuple[Pin, ...]:
        """What was reached."""
        return tuple(
            Pin(name=name, version=str(self._versions[name]), via=tuple(sorted(self._via.get(name, ()))))
            for name in sorted(self._versions)
        )

    def _take(self, name: ProjectName) -> None:
        """The version that the installer takes of a project that nobody pins."""
        version = self._taken.get(name)
        # A pre-release, or what was taken back, is taken only by who asks for it: a resolver would say.
        if version is None or version.is_prerelease or len(self._versions) >= limits.MAX_CLOSURE:
            raise _Open
        ref = self._view.file_of(name, version)
        if ref is None or ref.yanked is not None:
            raise _Open
        self._versions[name] = version

    def _look(self, name: ProjectName) -> Depends | None:
        return self._view.depends(name, self._versions[name])

    def _depends(self, name: ProjectName) -> Depends:
        depends = self._look(name)
        # Lines that only installers forgive are read by one.
        if depends is None or len(depends.lines.plain) != len(depends.lines.parsed):
            raise _Open
        for said in (depends.ref.requires_python, depends.said.requires_python):
            if not self._target.admits(said):
                raise _Open
        return depends

    def _applies(self, line: Pep508, name: ProjectName) -> bool:
        if line.marker is None:
            return True
        extras = self._extras[name] | {""}
        return any(line.marker.evaluate({**self._environment, "extra": extra}) for extra in extras)

    def _required(self, line: Pep508, by: ProjectName) -> None:
        name = project_name(line.name)
        if name not in self._versions:
            self._take(name)
        if not line.specifier.contains(self._versions[name], prereleases=True):
            raise _Open
        if name != by:
            self._via.setdefault(name, set()).add(by)
        self._asked(name, line.extras)

    def _asked(self, name: ProjectName, extras: Iterable[str]) -> None:
        """Look at a project's requirements, again where more of its extras are asked."""
        known = self._extras.get(name)
        if known is None or not set(extras) <= known:
            self._extras.setdefault(name, set()).update(extras)
            self._open.append(name)
