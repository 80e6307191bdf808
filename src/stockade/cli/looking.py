"""What ``watch`` looks at: the feeds, and the environments of this machine."""

from __future__ import annotations

import argparse
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Self

from stockade.acquire.environments.find import environment_at, find
from stockade.acquire.environments.inventory import inventory
from stockade.acquire.index.settings import index_settings
from stockade.acquire.index.transport import Transport
from stockade.act.feeding import Synced, Syncing, sync_all
from stockade.cli import common, keeping
from stockade.decide.advisories import matches, stale
from stockade.errors import StockadeError, StoreFailed
from stockade.model.advisory import Feed, Match
from stockade.model.environment import Environment
from stockade.model.project import Release
from stockade.model.sighting import Changes
from stockade.remember import folders
from stockade.remember.feeds import Feeds
from stockade.remember.files import keep_private
from stockade.remember.stamps import StampStore

if TYPE_CHECKING:
    from stockade.remember.durable.store import Durable

#: How often a machine is searched for environments that nobody knows yet; those that are known are looked at each time.
_SEARCH = timedelta(days=1)
_SEARCHED = "watch-searched"
#: Releases that a line about a change names, and sentences about what could not be looked at.
_NAMED = 6


def looking_arguments(parser: argparse.ArgumentParser) -> None:
    """Options that say where to look."""
    parser.add_argument(
        "--policy", type=Path, metavar="FILE", help="whose feeds are synced, instead of the policy found"
    )
    parser.add_argument(
        "--root",
        action="append",
        default=[],
        type=Path,
        metavar="DIR",
        help="look for environments anywhere below this folder, once a day (default: your home folder)",
    )
    parser.add_argument(
        "--no-search",
        action="store_true",
        help="look only at environments that an audit has seen already, and search for no others",
    )
    parser.add_argument("--offline", action="store_true", help="don't ask for new advisories")


class Looking:
    """The steps of a look on this machine; each gives sentences about what it could not do."""

    def __init__(
        self,
        given: argparse.Namespace,
        ledger: Durable,
        machine: str,
        stop: threading.Event,
        *,
        clock: Callable[[], datetime],
    ) -> None:
        self._given, self._ledger, self._machine, self._stop = given, ledger, machine, stop
        self._clock = clock
        self._notes: list[str] = []
        cache = folders.cache_folder(os.environ)
        self._searched = cache / _SEARCHED
        self._stamps = StampStore(cache, note=self._notes.append)
        self._folder = folders.feeds_folder(os.environ)
        self._feeds = Feeds(self._folder, note=self._notes.append)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._feeds.close()

    def sync(self) -> list[str]:
        """Bring the feeds of the policy up to date, as it is now; that what is here is old is told."""
        use = common.rules(self._given.policy)
        told: list[str] = []

        def heard(feed: Feed, came: Synced | StockadeError) -> None:
            if isinstance(came, StockadeError):
                told.append(f"{feed.name} was not synced: {came}")

        if not self._given.offline:
            settings = index_settings(os.environ, home=Path.home(), cwd=Path.cwd())
            home = use.file.path.parent if use.file else Path.cwd()
            with Transport(settings) as transport:
                syncing = Syncing(folder=self._folder, transport=transport, now=self._clock(), home=home)
                sync_all(syncing, use.policy.feeds, heard)
        states = self._feeds.states()
        if not states:
            told.append("no advisories are here yet: `stockade feed sync` fetches them")
        elif old := stale(states, use.policy, self._clock()):
            told.append(old)
        return told

    def audit(self) -> list[str]:
        """Write down what is installed now in each environment."""
        gaps: list[str] = []
        for one in self._environments(gaps.append):
            if self._stop.is_set():
                break
            found = inventory(one, stamps=self._stamps)
            changes = self._ledger.remember_inventory(self._machine, found, self._clock())
            if changes.since is not None and changes:
                keeping.say(f"{one.root}: {_said(changes)}")
            gaps += found.gaps
        notes, self._notes[:] = list(self._notes), []
        told = list(dict.fromkeys([*notes, *gaps]))
        if len(told) > _NAMED:
            rest = f"and {len(told) - _NAMED} more could not be looked at; `stockade audit --all` names them"
            told = [*told[:_NAMED], rest]
        return told

    def matches(self, releases: Iterable[Release]) -> tuple[Match, ...]:
        """Which of these are under an advisory."""
        return matches(releases, self._feeds)

    def _environments(self, note: Callable[[str], None]) -> Iterator[Environment]:
        """Those at the places of tools, all others that are known, and once a day those that nobody knows yet."""
        search = not self._given.no_search and self._due()
        roots = (self._given.root or [Path.home()]) if search else []
        seen: set[str] = set()
        for one in find(roots, Path.home(), os.environ, note=note) if not self._given.no_search else ():
            seen.add(one.root)
            yield one
        for known in self._ledger.environments(self._machine):
            if known.gone is not None or known.root in seen:
                continue
            if not os.path.lexists(known.root):
                self._ledger.remember_gone(self._machine, known.root, self._clock())
                continue
            more = environment_at(Path(known.root), note=note)
            if more is not None and more.root == known.root:
                yield more
        if search and not self._stop.is_set():
            try:
                keep_private(self._searched, "")
            except StoreFailed as why:
                note(str(why))

    def _due(self) -> bool:
        try:
            age = time.time() - self._searched.stat().st_mtime
        except OSError:
            return True
        return not 0 <= age < _SEARCH.total_seconds()


def _said(changes: Changes) -> str:
    """A change in one line."""
    came = [f"+{one}" for one in changes.added]
    went = [f"-{one}" for one in changes.removed]
    moved = [f"{one.project} {one.before} -> {one.after}" for one in changes.moved]
    parts = [*came, *moved, *went]
    more = f" and {len(parts) - _NAMED} more" if len(parts) > _NAMED else ""
    return ", ".join(parts[:_NAMED]) + more
