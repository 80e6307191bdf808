"""Who says of which file that it is its own: distributions by RECORD, conda and the system by lists of theirs."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from stockade import limits
from stockade.acquire.environments.dists import Dist
from stockade.acquire.environments.files import inside
from stockade.acquire.environments.record import Row
from stockade.acquire.environments.tree import Files
from stockade.model.environment import Environment, EnvironmentKind, Oddity, Oddness


@dataclass(slots=True)
class Claimant:
    """Somebody who claims files: a distribution (`dist`), or a package of conda or of the system (no `dist`).

    `held` says that the digests of its rows are held against the files; they are not where a packager changed the
    files of a wheel and keeps a list of his own.
    """

    name: str
    rows: list[Row]
    dist: Dist | None = None
    held: bool = True


@dataclass(slots=True)
class Claims:
    """`owner` is the first claimant of each path, by its number; `twice` every further claim of another project."""

    claimants: list[Claimant]
    owner: dict[str, int] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    twice: list[tuple[int, int, Row]] = field(default_factory=list)

    def of(self, path: str) -> Claimant | None:
        """Who claims `path` first."""
        number = self.owner.get(path)
        return None if number is None else self.claimants[number]


class Told:
    """Oddities, limits.MAX_ODDITIES_EACH of one kind about one project; the last says how many more there are."""

    def __init__(self) -> None:
        self._kept: dict[tuple[Oddness, str], list[Oddity]] = {}
        self._more: dict[tuple[Oddness, str], int] = {}

    def tell(self, kind: Oddness, path: str, project: str = "", detail: str = "") -> None:
        """One more."""
        self.add(Oddity(kind=kind, path=path, project=project, detail=detail))

    def add(self, oddity: Oddity) -> None:
        """The same."""
        key = (oddity.kind, oddity.project)
        kept = self._kept.setdefault(key, [])
        # What runs by itself is told whole, as far as that has an end: the one that matters may be the last.
        limit = limits.MAX_SENTENCES if oddity.kind is Oddness.ORPHAN_STARTUP else limits.MAX_ODDITIES_EACH
        if len(kept) < limit:
            kept.append(oddity)
        else:
            self._more[key] = self._more.get(key, 0) + 1

    def all(self) -> Iterator[Oddity]:
        """By kind and project."""
        for key in sorted(self._kept):
            kept = self._kept[key]
            yield from kept[:-1]
            more, last = self._more.get(key, 0), kept[-1]
            detail = "; ".join(part for part in (last.detail, f"and {more:,} more like it") if part)
            yield (
                last
                if not more
                else Oddity(kind=last.kind, path=last.path, project=last.project, detail=detail)
            )


def claims(
    environment: Environment, dists: Sequence[Dist], vendors: Sequence[Claimant], files: Files, told: Told
) -> Claims:
    """All that is claimed in `environment`; what lies outside of it is told, and neither read nor looked for."""
    shipped = {row.path for one in vendors for row in one.rows}
    found = Claims([*vendors])
    for dist in dists:
        rows = dist.rows if dist.rows is not None else []
        found.claimants.append(Claimant(dist.name, rows, dist, held=not _shipped(dist, shipped)))
    bounds = _Bounds(environment)
    for number, one in enumerate(found.claimants):
        if one.dist is not None:
            one.rows = [*bounds.within(one, files, told)]
        _claim(found, number, one)
    return found


def _claim(found: Claims, number: int, one: Claimant) -> None:
    owner, digests = found.owner, found.digests
    for row in one.rows:
        path = row.path
        first = owner.setdefault(path, number)
        if first == number:
            digests[path] = row.digest
        elif found.claimants[first].name != one.name and one.dist is not None and one.held:
            found.twice.append((first, number, row))


def _shipped(dist: Dist, shipped: set[str]) -> bool:
    """Whether a packager brought it, by a list of his own."""
    own = ("METADATA", "PKG-INFO", "RECORD")
    return dist.folder in shipped or any(os.path.join(dist.folder, one) in shipped for one in own)


class _Bounds:
    """Where files of one environment may lie."""

    def __init__(self, environment: Environment) -> None:
        self._folders = (environment.root, *environment.site, *environment.scripts)
        self._target = environment.site[0] if self._is_target(environment) else ""

    def within(self, one: Claimant, files: Files, told: Told) -> Iterator[Row]:
        """The rows that lie inside; the others are told."""
        assert one.dist is not None
        site = one.dist.installed.site.rstrip("/") + "/"
        for row in one.rows:
            if row.path.startswith(site) or any(inside(row.path, folder) for folder in self._folders):
                yield row
            elif (moved := self._moved(row.path)) and files.there(moved):
                yield row._replace(path=moved)
            else:
                told.tell(Oddness.RECORD_OUTSIDE, row.path, one.name, "its RECORD names it")

    @staticmethod
    def _is_target(environment: Environment) -> bool:
        return environment.kind is EnvironmentKind.FOLDER and environment.site == (environment.root,)

    def _moved(self, path: str) -> str:
        """Where ``pip install --target`` put what its RECORD says lies in ``../../bin``: it moves, and RECORD stays."""
        if not self._target:
            return ""
        above = os.path.dirname(os.path.dirname(self._target)).rstrip("/")
        return self._target + path.removeprefix(above) if path.startswith(above + "/") else ""
