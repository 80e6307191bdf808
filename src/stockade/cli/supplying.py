"""What a detonation needs beside its artifact: resolved, judged and fetched before anything of it is installed."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from stockade.acquire.detonate.run import Supplied
from stockade.acquire.resolve import PythonTarget
from stockade.acquire.sources.local import local_targets
from stockade.acquire.sources.requirements import Asked
from stockade.cli.before import NONE
from stockade.cli.chosen import chosen
from stockade.cli.past import known
from stockade.cli.world import World
from stockade.errors import BadRequirement, FetchFailed, NothingInspected, StockadeError
from stockade.model.artifact import Artifact
from stockade.model.decision import Allow
from stockade.model.evidence import Gap, GapKind
from stockade.model.project import ArtifactRef, Requirement, Resolved, requirement
from stockade.pipeline import Judged, Road, check, scan


class Supplies:
    """Brings wheels from the person's index. `beside` are wheels that were given along, which are taken as they are:
    what they stand for need not be had from anywhere."""

    def __init__(
        self,
        given: argparse.Namespace,
        world: World,
        road: Road,
        python: PythonTarget,
        beside: Sequence[Artifact] = (),
    ) -> None:
        # What it needs is resolved as an installer does, whatever the check around it is about.
        asked = {"lock": None, "resolve_older": False, "all_files": False}
        self._given = argparse.Namespace(**{**vars(given), **asked})
        self._world, self._road, self._python = world, road, python
        self._beside = tuple(beside)

    def building(self, requires: Sequence[str]) -> Supplied:
        """What a build backend is, and asks for."""
        return self._had(requires)

    def running(self, wheel: Path) -> Supplied:
        """What a wheel requires, and everything given along with it."""
        lines = list(self._requires([wheel]))
        there = set()
        for one in scan(self._beside, self._road):
            if isinstance(one, Judged):
                there.add(one.findings.project)
                lines += one.findings.requires
        wanted = [line for line in lines if _named(line) not in there]
        had = self._had(wanted)
        return replace(had, wheels=(*self._beside, *had.wheels))

    def _requires(self, paths: Sequence[Path]) -> Iterable[str]:
        for one in scan(local_targets(paths, Path()), self._road):
            if isinstance(one, Judged):
                yield from one.findings.requires

    def _had(self, lines: Iterable[str]) -> Supplied:
        wanted = list(_requirements(lines))
        if not wanted:
            return Supplied()
        try:
            return self._resolved(wanted)
        except StockadeError as why:
            names = ", ".join(sorted({one.name for one in wanted}))
            return Supplied(gaps=(_gap(names, f"what it needs could not be had: {why}"),))

    def sought(self, asked: Asked) -> tuple[Artifact, Judged]:
        """The file of an index that one requirement stands for, a wheel where there is one, and what it is judged to
        be; raises NothingInspected, FetchFailed."""
        releases, judged = self._judged(asked)
        direct = [ref for one in releases if one.direct for ref in one.files]
        if not direct:
            raise NothingInspected("there is no file that this Python's installer would take")
        ref = min(direct, key=lambda one: not one.filename.endswith(".whl"))
        return self._world.fetcher.fetch(ref), judged[ref]

    def _resolved(self, wanted: Sequence[Requirement]) -> Supplied:
        releases, judged = self._judged(Asked(requirements=tuple(wanted)))
        wheels, gaps = [], []
        for release in releases:
            got = self._allowed(release.files, judged)
            if isinstance(got, Gap):
                gaps.append(replace(got, what=str(release.release)))
            else:
                wheels.append(got)
        return Supplied(wheels=tuple(wheels), gaps=tuple(gaps))

    def _judged(self, asked: Asked) -> tuple[Sequence[Resolved], dict[ArtifactRef, Judged]]:
        """Everything that `asked` brings, as `check` judges it."""
        world, road = self._world, self._road
        one = chosen(self._given, asked, world, road, self._python)
        releases = one.closure.releases
        names = {ref.release.name for release in releases for ref in release.files}
        statuses = {name: world.index.listing(name).status for name in names}
        past = known(one.closure, world, road, one.fixes, NONE)
        return releases, dict(check(releases, world.fetcher, road, statuses, past=past))

    def _allowed(self, files: Sequence[ArtifactRef], judged: dict[ArtifactRef, Judged]) -> Artifact | Gap:
        """The wheel of a release; why there is none."""
        ref = next((one for one in files if one.filename.endswith(".whl")), None)
        if ref is None:
            return _gap("", "it was left out: there is no wheel of it, and nothing else is built on the way")
        if not isinstance(judged[ref].decision, Allow):
            return _gap("", f"it was left out: {'; '.join(judged[ref].decision.reasons)}")
        try:
            return self._world.fetcher.fetch(ref)
        except FetchFailed as why:
            return _gap("", str(why))


def _requirements(lines: Iterable[str]) -> Iterable[Requirement]:
    """Those that hold without an extra; what is none is passed over, as an installer would refuse it."""
    for line in dict.fromkeys(lines):
        try:
            one = requirement(line, origin="what is detonated")
        except BadRequirement:
            continue
        if not (one.marker and "extra" in one.marker):
            yield one


def _named(line: str) -> str:
    found = next(iter(_requirements([line])), None)
    return found.name if found else ""


def _gap(what: str, why: str) -> Gap:
    return Gap(kind=GapKind.LIMIT, what=what, why=why)
