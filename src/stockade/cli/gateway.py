"""What ``run`` and ``serve`` have in common: rules as they are now, the world behind the gate, and its memory."""

from __future__ import annotations

import argparse
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from stockade import limits
from stockade.acquire.index.listing import Listing
from stockade.acquire.index.settings import IndexFlags
from stockade.act.gate.ports import Found
from stockade.cli import common
from stockade.cli.gating import Judgements, Upstreams
from stockade.cli.world import World, open_world
from stockade.decide.indexes import may_redirect
from stockade.decide.waivers import Waiver
from stockade.errors import StockadeError
from stockade.model.artifact import Artifact
from stockade.model.project import ArtifactRef, Digest, ProjectName, Release
from stockade.pipeline import Road
from stockade.workers.shared import Shared


class Now:
    """Policy and waivers as their files are at this moment; what cannot be read leaves the old ones in force, aloud.

    Those of one command (not `watched`) are as it began: what it builds could write into the folder of its policy.
    """

    def __init__(
        self, named: Path | None, first: common.Rules, says: Callable[[str], None], *, watched: bool
    ) -> None:
        self._named, self._rules, self._says, self._watched = named, first, says, watched
        self._stamp = self._look()
        self._looked = time.monotonic()
        self._lock = threading.Lock()
        self._also: tuple[Waiver, ...] = ()

    def also(self, waiver: Waiver) -> None:
        """Heed a waiver that stands in no file, for as long as this process lives."""
        with self._lock:
            self._also = (*self._also, waiver)

    def __call__(self) -> common.Rules:
        """The rules; the files are looked at once a second."""
        with self._lock:
            if self._watched and time.monotonic() - self._looked >= 1.0:
                self._looked = time.monotonic()
                stamp = self._look()
                if stamp != self._stamp:
                    self._stamp = stamp
                    self._again()
            return replace(self._rules, waivers=(*self._rules.waivers, *self._also))

    def _again(self) -> None:
        try:
            self._rules = common.rules(self._named)
        except StockadeError as why:
            self._says(f"the rules were changed and cannot be read, so the old ones hold: {why}")

    def _look(self) -> tuple[tuple[int, int] | None, ...]:
        file = self._rules.file
        return tuple(_state(path) for path in (file.path if file else None, self._rules.waivers_path))


def _state(path: Path | None) -> tuple[int, int] | None:
    try:
        found = path.stat() if path else None
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_size) if found else None


class Gateway:
    """Upstream and Judge of a gate, over a world that is opened anew from time to time: what a world remembers of an
    index, it remembers for good."""

    def __init__(
        self, given: argparse.Namespace, flags: IndexFlags, road: Road, rules: Callable[[], common.Rules]
    ) -> None:
        self._given, self._flags, self._road, self._rules = given, flags, road, rules
        self._lock = threading.Lock()
        self._old: ExitStack | None = None
        self._stack, self.world, self._upstreams, self._judgements = self._opened()
        self._since = time.monotonic()

    @property
    def bases(self) -> tuple[str, ...]:
        """As Upstream.bases."""
        return self._upstreams.bases

    def listing(self, name: ProjectName, base: str | None) -> Listing:
        """As Upstream.listing."""
        return self._fresh()[0].listing(name, base)

    def stale(self, name: ProjectName, base: str | None) -> float:
        """As Upstream.stale."""
        return self._fresh()[0].stale(name, base)

    def metadata(self, ref: ArtifactRef) -> bytes | None:
        """As Upstream.metadata."""
        return self._fresh()[0].metadata(ref)

    def here(self, ref: ArtifactRef) -> Artifact | None:
        """As Upstream.here."""
        return self._fresh()[0].here(ref)

    def fetch(self, ref: ArtifactRef) -> Artifact:
        """As Upstream.fetch."""
        return self._fresh()[0].fetch(ref)

    def page(self, url: str) -> tuple[str, bytes] | None:
        """As Upstream.page."""
        return self._fresh()[0].page(url)

    def judge(
        self,
        refs: Sequence[ArtifactRef],
        python: str | None,
        *,
        beside: Mapping[Release, ArtifactRef] = MappingProxyType({}),
        also: Sequence[ArtifactRef] = (),
        told: Callable[[Found], object] = lambda found: None,
    ) -> Found:
        """As Judge.judge."""
        return self._fresh()[1].judge(refs, python, beside=beside, also=also, told=told)

    def road(self) -> Road:
        """As Judge.road."""
        return self._judgements.road()

    def place(self, digest: Digest) -> Path | None:
        """Where bytes lie on this machine."""
        return self.world.fetcher.kept(digest)

    def close(self) -> None:
        """Close the worlds."""
        for stack in (self._old, self._stack):
            if stack is not None:
                stack.close()

    def _fresh(self) -> tuple[Upstreams, Judgements]:
        with self._lock:
            if time.monotonic() - self._since > limits.GATE_WORLD_SECONDS:
                if self._old is not None:
                    self._old.close()  # nobody uses one for so long
                self._old = self._stack
                self._stack, self.world, self._upstreams, self._judgements = self._opened()
                self._since = time.monotonic()
            return self._upstreams, self._judgements

    def _opened(self) -> tuple[ExitStack, World, Upstreams, Judgements]:
        stack, now = ExitStack(), datetime.now(UTC)
        world = stack.enter_context(
            open_world(
                self._given,
                self._flags,
                now,
                self._rules().policy,
                redirects=lambda host: may_redirect(self._rules().policy, host),
                lenient=True,
                connections=limits.MAX_GATE_CONNECTIONS,
            )
        )
        upstreams = Upstreams(world, self._rules, now)
        return stack, world, upstreams, Judgements(upstreams, world, self._road, self._rules)


@contextmanager
def gateway(
    given: argparse.Namespace,
    flags: IndexFlags,
    rules: Callable[[], common.Rules],
    notes: list[str],
    *,
    waits: bool = True,
) -> Iterator[tuple[Gateway, Road]]:
    """The world behind a gate, with analysers that many judgements share; `waits` as common.road takes it."""
    with common.road(given, rules(), notes, waits=waits) as alone:
        shared = Shared(alone.analyser)
        try:
            conditions = alone.conditions if waits else common.unconfined(shared, notes)
            road = replace(alone, analyser=shared, conditions=conditions)
            behind = Gateway(given, flags, road, rules)
            try:
                yield behind, road
            finally:
                behind.close()
        finally:
            shared.close()
