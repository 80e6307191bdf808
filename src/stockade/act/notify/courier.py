"""Sees to it that what is to be told is told: once, later if need be, and together where it is much."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from stockade import limits
from stockade.act.notify.channels import Channel
from stockade.act.notify.message import message
from stockade.errors import NotifyFailed
from stockade.model.sighting import Telling

_LEASE = timedelta(seconds=limits.NOTIFY_LEASE)
_WINDOW = timedelta(seconds=limits.NOTIFY_WINDOW)
_GIVE_UP = timedelta(days=limits.NOTIFY_DAYS)


class Tellings(Protocol):
    """What is still to be told, in a store that outlives us (remember/durable)."""

    def claim_tellings(
        self, machine: str, channel: str, now: datetime, *, lease: timedelta, most: int
    ) -> tuple[Telling, ...]: ...
    def tellings_done(self, done: Iterable[Telling], message: str, at: datetime) -> None: ...
    def tellings_failed(self, those: Iterable[Telling], again: datetime | None, problem: str) -> None: ...
    def tellings_later(self, those: Iterable[Telling], at: datetime) -> None: ...
    def messages_since(self, machine: str, channel: str, since: datetime) -> int: ...
    def next_telling(self, machine: str, channels: Iterable[str]) -> datetime | None: ...


class Courier:
    """Tells what waits for the channels of `machine`; `says` hears what could not be told, and why."""

    def __init__(
        self,
        store: Tellings,
        machine: str,
        channels: Sequence[Channel],
        *,
        clock: Callable[[], datetime],
        says: Callable[[str], None],
    ) -> None:
        self._store, self._machine, self._channels = store, machine, tuple(channels)
        self._clock, self._says = clock, says

    @property
    def names(self) -> tuple[tuple[str, str], ...]:
        """(machine, channel) of each, as the store knows them."""
        return tuple((self._machine, one.name) for one in self._channels)

    def deliver(self) -> int:
        """Tell what is due now; how many alerts were told, counted once a channel."""
        return sum(self._channel(one) for one in self._channels)

    def due(self) -> datetime | None:
        """When there is something to tell next; None where nothing waits."""
        return self._store.next_telling(self._machine, [one.name for one in self._channels])

    def _channel(self, channel: Channel) -> int:
        now = self._clock()
        # 1. It is ours to tell for a while; whoever is killed now has it told again after that.
        due = self._store.claim_tellings(
            self._machine, channel.name, now, lease=_LEASE, most=limits.MAX_DIGEST
        )
        if not due:
            return 0
        # 2. Many together, and no more messages than a person would read.
        room = limits.NOTIFY_MESSAGES - self._store.messages_since(self._machine, channel.name, now - _WINDOW)
        if room <= 0:
            self._store.tellings_later(due, now + _WINDOW / limits.NOTIFY_MESSAGES)
            return 0
        few = len(due) <= min(room, limits.NOTIFY_SINGLY)
        parts = [[one] for one in due] if few else [list(due)]
        told = 0
        for number, part in enumerate(parts):
            what = message([one.alert for one in part])
            try:
                channel.tell(what)
            except NotifyFailed as why:
                self._failed(channel, part, why)
                for rest in parts[number + 1 :]:
                    self._store.tellings_later(rest, self._again(rest, why))
                break
            # 3. Told; not before.
            self._store.tellings_done(part, what.id, self._clock())
            told += len(part)
        return told

    def _failed(self, channel: Channel, part: Sequence[Telling], why: NotifyFailed) -> None:
        now = self._clock()
        old = [one for one in part if now - one.alert.at > _GIVE_UP]
        young = [one for one in part if one not in old]
        if old:
            self._store.tellings_failed(old, None, str(why))
            self._says(
                f"{channel.name}: {why}; {len(old)} alerts are given up after {limits.NOTIFY_DAYS} days"
            )
        if young:
            again = self._again(young, why)
            self._store.tellings_failed(young, again, str(why))
            self._says(f"{channel.name}: {why}; tried again after {again:%Y-%m-%d %H:%M:%S} UTC")

    def _again(self, part: Sequence[Telling], why: NotifyFailed) -> datetime:
        """Twice as long after each failure, and never sooner than the other side asks for."""
        attempts = min(max(one.attempts for one in part), 20)
        wait = min(limits.NOTIFY_FIRST * 2**attempts, limits.NOTIFY_LONGEST)
        return self._clock() + timedelta(seconds=max(wait, why.wait))
