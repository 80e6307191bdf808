"""Keeps looking: which of what was ever installed here, or given out by the gate, is condemned by now?

Nothing is remembered between two looks but what stands in the ledger, so that a watch may be killed between any two of
its steps: the next one finds the same releases, and what was told of them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from stockade.act.notify.message import condemned
from stockade.errors import StockadeError
from stockade.model.advisory import Match
from stockade.model.project import Release
from stockade.model.sighting import Alert, Sighting


class Ledger(Protocol):
    """What was where, and what people were told of it (remember/durable)."""

    def releases(self, machine: str | None = None) -> frozenset[Release]: ...
    def sightings(
        self, sought: Iterable[Release], machine: str | None = None
    ) -> Mapping[Release, tuple[Sighting, ...]]: ...
    def raise_alert(
        self,
        about: Iterable[str],
        write: Callable[[frozenset[str]], Alert],
        channels: Iterable[tuple[str, str]],
    ) -> Alert | None: ...


class Tells(Protocol):
    """Tells what waits (notify/courier)."""

    @property
    def names(self) -> tuple[tuple[str, str], ...]: ...
    def deliver(self) -> int: ...
    def due(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What one look came to: the alerts that are new, and sentences about what could not be looked at."""

    raised: tuple[Alert, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """The steps of a look. `sync` brings the feeds up to date and `audit` writes down what is installed; both give
    sentences about what they could not do, and are stopped by `stop`. `matches` tells which releases are malicious."""

    sync: Callable[[], Sequence[str]]
    audit: Callable[[], Sequence[str]]
    matches: Callable[[Iterable[Release]], Iterable[Match]]
    ledger: Ledger
    courier: Tells
    machine: str
    clock: Callable[[], datetime]
    says: Callable[[str], None]
    stop: threading.Event

    def look(self) -> Looked:
        """Look once; raises StockadeError where the ledger cannot be used."""
        problems: list[str] = []
        # 1. What others know by now. Without it, what they knew the last time still counts.
        # 2. What is installed by now, and since when.
        for step in (self.sync, self.audit):
            if self.stop.is_set():
                return Looked(problems=tuple(problems))
            problems += step()
        # 3. Which of all that was ever here is condemned; each place that nobody was told of is told.
        raised = tuple(self._raised())
        # 4. Tell it, and what could not be told before.
        self.courier.deliver()
        for one in problems:
            self.says(one)
        return Looked(raised=raised, problems=tuple(problems))

    def run(self, every: timedelta) -> None:
        """Look every so often, and tell what waits when it is due, until `stop` is set. A look that fails is told, and
        the next one tries again."""
        while not self.stop.is_set():
            begun = self.clock()
            try:
                self.look()
            except StockadeError as why:
                self.says(f"{why}. The next look is in {int(every.total_seconds() // 60)} min.")
            while not self.stop.is_set() and (rest := (begun + every - self.clock()).total_seconds()) > 0:
                self._wait(rest)

    def _wait(self, rest: float) -> None:
        """Until something is to be told, or so many seconds have passed."""
        try:
            due = self.courier.due()
            now = self.clock()
            if due is not None and due <= now:
                self.courier.deliver()
                return
            wait = rest if due is None else min(rest, (due - now).total_seconds())
        except StockadeError as why:
            self.says(str(why))
            wait = rest
        self.stop.wait(wait)

    def _raised(self) -> Iterable[Alert]:
        under: dict[Release, list[Match]] = {}
        for match in self.matches(self.ledger.releases(self.machine)):
            if match.advisory.malicious:
                under.setdefault(match.release, []).append(match)
        now = self.clock()
        for release, seen in self.ledger.sightings(sorted(under), self.machine).items():

            def write(
                keys: frozenset[str], release: Release = release, seen: Sequence[Sighting] = seen
            ) -> Alert:
                return condemned(release, under[release], [one for one in seen if one.key in keys], now)

            alert = self.ledger.raise_alert([one.key for one in seen], write, self.courier.names)
            if alert is not None:
                yield alert
