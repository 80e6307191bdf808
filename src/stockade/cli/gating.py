"""The gate's two needs, over the rest of Stockade: the indexes behind it, and who judges."""

from __future__ import annotations

import argparse
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from packaging.version import InvalidVersion, Version

from stockade import limits
from stockade.acquire.index.listing import Listing
from stockade.acquire.index.seen import SeenIndex
from stockade.acquire.index.settings import Source, SourceKind
from stockade.acquire.index.simple import SimpleIndex
from stockade.acquire.resolve import Closure, PythonTarget, active_target, target_for
from stockade.acquire.resolve.reading import metadata_of
from stockade.acquire.sources.requirements import Asked
from stockade.act.gate.book import key_of
from stockade.act.gate.local import base_of, is_folder
from stockade.act.gate.ports import Found
from stockade.cli.asking import Asking, brought, early, taken, unseen
from stockade.cli.before import NEW
from stockade.cli.beside import Beside
from stockade.cli.chosen import Chosen, Releases, chosen, older
from stockade.cli.common import Rules
from stockade.cli.past import known
from stockade.cli.world import World
from stockade.decide.indexes import rule
from stockade.errors import (
    BadRequirement,
    ProjectNotFound,
    ResolutionFailed,
    StockadeError,
)
from stockade.model.artifact import Artifact
from stockade.model.evidence import Gap, GapKind
from stockade.model.project import ArtifactRef, ProjectName, Release, Requirement, Resolved, project_name
from stockade.pipeline import NO_PAST, Early, Judged, Road, Seen, decided, looked
from stockade.remember import folders

if TYPE_CHECKING:
    import httpx

#: What a resolution is asked for beyond requirements; see cli/chosen.py.
_PLAIN = argparse.Namespace(lock=None, resolve_older=False, all_files=False)


class Upstreams:
    """The person's indexes, and those that clients turn out to use, each asked by itself or all together."""

    def __init__(self, world: World, rules: Callable[[], Rules], now: datetime) -> None:
        self._world, self._rules, self._now = world, rules, now
        self._bases = {
            base_of(number) if is_folder(one.url) else _base(one): one
            for number, one in enumerate(world.transport.settings.sources)
            if one.kind is SourceKind.SIMPLE or is_folder(one.url)
        }
        self._single: dict[str, SeenIndex] = {}
        #: Whom clients asked for which names.
        self._asked: OrderedDict[ProjectName, frozenset[str]] = OrderedDict()
        self._uses_configured = self._uses_others = False
        self._lock = threading.Lock()

    @property
    def bases(self) -> tuple[str, ...]:
        """The URLs of the configured simple indexes, each with a slash at its end."""
        return tuple(self._bases)

    def listing(self, name: ProjectName, base: str | None) -> Listing:
        """As Upstream.listing. A name that policy keeps to another index is not asked for at all."""
        index = self._world.dated
        if base is not None:
            if not self.may(name, base):
                raise ProjectNotFound(f"policy lets another index serve {name}, and not {base}")
            index = self.single(base)
            self._note(name, base)
        index.forget(name)
        return index.listing(name)

    def may(self, name: ProjectName, base: str) -> bool:
        """Whether policy lets the index at `base` serve a name."""
        may = rule(self._rules().policy)(name)
        return may is None or may(base)

    def asked_for(self, name: ProjectName) -> frozenset[str]:
        """The indexes that clients asked for a name themselves."""
        return self._asked.get(name, frozenset())

    def uses_configured(self) -> bool:
        """Whether clients asked a configured index for anything."""
        return self._uses_configured

    def beside(self, refs: Iterable[ArtifactRef]) -> World:
        """The world in which these files are judged: who may be asked for the names that they bring (cli/beside.py)."""
        if not self._uses_others:
            return self._world
        index = Beside(self._world.dated, self, {_with_slash(one.index) for one in refs if one.index})
        return replace(self._world, dated=index, histories=self._world.histories.by(index))

    def _note(self, name: ProjectName, base: str) -> None:
        with self._lock:
            self._asked[name] = self.asked_for(name) | {base}
            while len(self._asked) > limits.MAX_GATE_KNOWN:
                self._asked.popitem(last=False)
            if base in self._bases:
                self._uses_configured = True
            else:
                self._uses_others = True

    def stale(self, name: ProjectName, base: str | None) -> float:
        """As Upstream.stale."""
        return (self._world.dated if base is None else self.single(base)).stale(name)

    def metadata(self, ref: ArtifactRef) -> bytes | None:
        """As Upstream.metadata."""
        return metadata_of(ref, self._world.index, self._world.fetcher, self._world.ranges)

    def here(self, ref: ArtifactRef) -> Artifact | None:
        """As Upstream.here."""
        return self._world.fetcher.here(ref)

    def fetch(self, ref: ArtifactRef) -> Artifact:
        """As Upstream.fetch."""
        return self._world.fetcher.fetch(ref)

    def page(self, url: str) -> tuple[str, bytes] | None:
        """As Upstream.page; only JSON is passed on."""
        transport, of = self._world.transport, rule(self._rules().policy)
        host, path = urlsplit(url).netloc.lower(), urlsplit(url).path
        here = [one for one in self._bases if urlsplit(one).netloc.lower() == host]
        for part in path.split("/")[-3:-1]:  # …/NAME/json or …/NAME/VERSION/json
            # The name of a private project is not told to another index in this way either.
            with suppress(BadRequirement):
                may = of(project_name(unquote(part)))
                if may is not None and not any(may(one) for one in here):
                    return None

        def read(response: httpx.Response) -> tuple[str, bytes] | None:
            kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
            if response.status_code != 200 or not kind.endswith("json"):
                return None
            return kind, transport.read_body(response, limits.MAX_ABOUT)

        return transport.get(url, {"Accept": "application/json"}, read)

    def single(self, base: str) -> SeenIndex:
        """One index by itself, with our own times where it gives none."""
        with self._lock:
            found = self._single.get(base)
            if found is None:
                own = self._bases.get(base)
                source = replace(own, explicit=False) if own else Source(url=base)
                index = SimpleIndex(
                    self._world.transport,
                    folders.cache_folder(os.environ),
                    sources=(source,),
                    lenient=True,
                    parsed=self._world.index.parsed,
                )
                found = self._single[base] = SeenIndex(index, self._world.ledger, self._now)
            return found


def _base(source: Source) -> str:
    return f"{source.url.rstrip('/')}/"


class Judgements:
    """Who judges for the gate: the same road as ``stockade check``, for what installers ask for.

    `rules` gives policy and waivers as they are now; `python` is the environment's here.
    """

    def __init__(self, upstreams: Upstreams, world: World, road: Road, rules: Callable[[], Rules]) -> None:
        self._upstreams, self._world, self._road, self._rules = upstreams, world, road, rules
        self._python = active_target(os.environ, Path.cwd())

    def road(self) -> Road:
        """The rules as they are now."""
        use = self._rules()
        return replace(self._road, policy=use.policy, waivers=use.waivers, now=datetime.now(UTC))

    def judge(
        self,
        refs: Sequence[ArtifactRef],
        python: str | None,
        *,
        beside: Mapping[Release, ArtifactRef] = MappingProxyType({}),
        also: Sequence[ArtifactRef] = (),
        told: Callable[[Found], object] = lambda found: None,
    ) -> Found:
        """As Judge.judge: together, or each by itself where together they do not fit."""
        target, road = self._target(python), self.road()
        asking = Asking(taken(beside), told, (*beside.values(), *refs))
        found = self._judged(refs, target, road, asking)
        if not also:
            return found
        told(found)
        with suppress(StockadeError):
            more, gaps = self._closure(_grouped(also), target, road, replace(asking, sure=True))
            return found if gaps else _joined([found, more])
        return found

    def _judged(self, refs: Sequence[ArtifactRef], target: PythonTarget, road: Road, asking: Asking) -> Found:
        groups = _grouped(refs)
        if len(groups) > 1:
            with suppress(StockadeError):
                found, gaps = self._closure(groups, target, road, asking)
                if not gaps:  # a gap could be anybody's of them: then each is asked for by itself
                    return _with(found, self._rest(refs, found, road, asking.beside))
        return _joined(self._alone(group, target, road, asking) for group in groups)

    def _alone(self, refs: list[ArtifactRef], target: PythonTarget, road: Road, asking: Asking) -> Found:
        """The files of one release, asked for by themselves."""
        try:
            found, gaps = self._closure([refs], target, road, asking)
        except (ResolutionFailed, ProjectNotFound) as why:
            # Nobody can install it as it says it should be; by itself it can be judged all the same.
            gap = Gap(
                kind=GapKind.SCOPE, what=str(refs[0].release), why=f"its requirements were not judged: {why}"
            )
            found, gaps = Found(), (gap,)
        except StockadeError as why:
            return Found(failed=[(ref, str(why)) for ref in refs])
        found = _with(found, self._rest(refs, found, road, asking.beside))
        mine = refs[0].release
        told = [
            replace(one, findings=replace(one.findings, gaps=(*one.findings.gaps, *gaps)))
            if one.ref.release == mine
            else one
            for one in found.seen
        ]
        return replace(found, seen=told)

    def _closure(
        self, groups: Sequence[list[ArtifactRef]], target: PythonTarget, road: Road, asking: Asking
    ) -> tuple[Found, tuple[Gap, ...]]:
        """Everything that would be installed for these releases, and what of it could not be judged."""
        asked = Asked(requirements=tuple(_requirement(group[0]) for group in groups))
        world = self._upstreams.beside(group[0] for group in groups)
        everything: dict[tuple[str, str], Seen] = {}

        def choose(refused: Releases = frozenset()) -> Chosen:
            return chosen(_PLAIN, asked, world, road, target, refused, asking.taken, sure=asking.sure)

        def judge(one: Chosen) -> dict[Release, list[Judged]]:
            made: dict[Release, list[Judged]] = {}
            sooner = early(one.closure, asking.told, road, target) if not everything else None
            for seen in self._looked(one, world, road, sooner, asking.beside):
                everything[key_of(seen.ref)] = seen
                made.setdefault(seen.ref.release, []).append(decided(seen, road))
            return made

        last, judged, _ = older(judge, choose)
        wheels = [
            (release, one.findings)
            for release, files in judged.items()
            for one in files
            if one.label.endswith(".whl")
        ]
        extra = unseen(last.closure.releases, wheels, target)
        gaps = tuple(gap for gap in (*last.closure.gaps, *extra) if gap.kind is GapKind.LIMIT)
        return Found(seen=list(everything.values()), brings=brought(last.closure)), gaps

    def _looked(
        self,
        one: Chosen,
        world: World,
        road: Road,
        sooner: Early | None,
        beside: Iterable[ArtifactRef],
    ) -> list[Seen]:
        statuses = {
            each.release.name: world.dated.listing(each.release.name).status
            for each in one.closure.releases
            if any(ref.index for ref in each.files)
        }
        past = known(one.closure, world, road, one.fixes, NEW)
        return list(
            looked(
                one.closure.releases, world.fetcher, road, statuses, past=past, early=sooner, beside=beside
            )
        )

    def _rest(
        self, refs: Iterable[ArtifactRef], found: Found, road: Road, beside: Iterable[ArtifactRef]
    ) -> list[Seen]:
        """Files that resolution for this machine did not take: other platforms', other Pythons'."""
        have = {key for one in found.seen for key in (key_of(one.ref), ("", one.ref.url))}
        left = [ref for ref in refs if key_of(ref) not in have and ("", ref.url) not in have]
        lone = [Resolved(release=ref.release, files=(ref,), direct=True) for ref in left]
        if not lone:
            return []
        closure = Closure(releases=tuple(lone))
        world = self._upstreams.beside(left)
        past = known(closure, world, road, {}, NEW) if all(ref.index for ref in left) else NO_PAST
        return list(looked(lone, self._world.fetcher, road, {}, past=past, beside=beside))

    def _target(self, python: str | None) -> PythonTarget:
        if python is None or self._python.version.startswith(f"{python}.") or self._python.version == python:
            return self._python
        try:
            return _target_for(python)
        except ValueError:
            return self._python


@lru_cache(maxsize=32)  # clients name their own
def _target_for(python: str) -> PythonTarget:
    return target_for(python)


def _requirement(ref: ArtifactRef) -> Requirement:
    """What asks for exactly that release."""
    if not ref.index:
        return Requirement(name=ref.release.name, url=ref.url, origin="the installer")
    try:
        pin = f"=={Version(ref.release.version)}"
    except InvalidVersion:
        pin = f"==={ref.release.version}"
    return Requirement(name=ref.release.name, specifier=pin, origin="the installer")


def _with_slash(url: str) -> str:
    return f"{url.rstrip('/')}/"


def _grouped(refs: Iterable[ArtifactRef]) -> list[list[ArtifactRef]]:
    """Files by their release."""
    releases: dict[Release, list[ArtifactRef]] = {}
    for ref in refs:
        releases.setdefault(ref.release, []).append(ref)
    return list(releases.values())


def _with(found: Found, more: Iterable[Seen]) -> Found:
    return replace(found, seen=[*found.seen, *more])


def _joined(parts: Iterable[Found]) -> Found:
    parts = list(parts)
    return Found(
        seen=[one for part in parts for one in part.seen],
        brings=[one for part in parts for one in part.brings],
        failed=[one for part in parts for one in part.failed],
    )
