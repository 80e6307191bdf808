"""The durable store: what a gate decided, who got which bytes, what nobody gets any more; what audits saw, and what
people were told of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from stockade import limits
from stockade.model.credential import Credential
from stockade.model.environment import Inventory
from stockade.model.project import Digest, Release
from stockade.model.record import Condemnation, Decided, Delivery
from stockade.model.sighting import (
    Alert,
    Baseline,
    Changes,
    CommandRun,
    CredentialChanges,
    KnownCredential,
    KnownEnvironment,
    Sighting,
    Stay,
    Telling,
)
from stockade.remember.durable import alerts, belongings, inventories, lookback, rows
from stockade.remember.durable.opening import failure, opened, writing
from stockade.remember.durable.writer import Writer

T = TypeVar("T")


class Durable:
    """A store at `where`: a path, or a URL of PostgreSQL. Safe to use from many threads, and by many processes.

    Opening it brings its schema up to date. Raises RecordFailed where it cannot be used: what cannot be written down
    must not be let out. `note` hears a sentence, once, when writing begins to fail and when it works again.
    """

    def __init__(
        self,
        where: Path | str,
        *,
        note: Callable[[str], None],
        patience: float = limits.STORE_PATIENCE,
        retry: float = limits.STORE_RETRY,
    ) -> None:
        self._engine, self._name = opened(where, patience=patience)
        self._writer = Writer(lambda: writing(self._engine), self._name, note=note, retry=retry)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def healthy(self) -> bool:
        """Whether what was to be written last could be; while it is False nothing may go out."""
        return self._writer.healthy

    def record(self, *entries: Decided) -> Future[None]:
        """Write decisions down soon; the future is done when they are committed.

        What could not be written is tried again, although the future brings RecordFailed.
        """
        if not entries:
            done: Future[None] = Future()
            done.set_result(None)
            return done
        return self._writer.put(
            lambda connection: rows.add_decisions(connection, entries), entries=len(entries), lasting=True
        )

    def delivered(self, entry: Delivery, *, waived: bool = False) -> Future[bool]:
        """Write down that bytes go out, before they do: they may when the future brings True.

        False: they were condemned meanwhile, by any process on this store, and `waived` does not say that a waiver
        covers just that. So either a condemnation names this delivery, or this delivery does not happen. The future
        brings RecordFailed where it could not be written, and then it never will be.
        """
        return self._writer.put(lambda connection: rows.add_delivery(connection, entry, waived=waived))

    def condemn(self, entry: Condemnation) -> tuple[Delivery, ...]:
        """From now on nobody gets these bytes under that name; who already got them, under any name.

        It stands when this returns; waits for that. Raises RecordFailed.
        """
        return self._writer.put(lambda connection: rows.add_condemnation(connection, entry)).result()

    def absolve(self, sha256: Digest, filename: str) -> bool:
        """Take a condemnation back, for another judgement of the same bytes; whether there was one."""
        return self._writer.put(
            lambda connection: rows.drop_condemnation(connection, sha256, filename)
        ).result()

    def condemned(self) -> frozenset[tuple[Digest, str]]:
        """Everything condemned, as (SHA-256, file name). Raises RecordFailed, as all that reads here does."""
        return self._read(rows.all_condemned)

    def condemnation(self, sha256: Digest, filename: str) -> Condemnation | None:
        """How and when these bytes were condemned under that name."""
        return self._read(lambda connection: rows.condemnation(connection, sha256, filename))

    def deliveries_of(self, sha256: Digest) -> tuple[Delivery, ...]:
        """Who got these bytes, the first one first."""
        return self._read(lambda connection: rows.deliveries_of(connection, sha256))

    def recent(self, limit: int) -> tuple[Decided, ...]:
        """The last decisions that were written, the newest first."""
        return self._read(lambda connection: rows.recent(connection, limit))

    def ran(self, command: CommandRun) -> Future[None]:
        """Write down what runs behind a gate, soon; as `record`."""
        return self._writer.put(lambda connection: lookback.add_run(connection, command), lasting=True)

    def remember_inventory(self, machine: str, inventory: Inventory, at: datetime) -> Changes:
        """Write down what an environment holds now; how that differs from the last time. It stands when this returns.

        What a gap of the inventory may hide is not taken to be gone.
        """
        return self._writer.put(
            lambda connection: inventories.remember(connection, machine, inventory, at)
        ).result()

    def remember_gone(self, machine: str, root: str, at: datetime) -> bool:
        """Write down that an environment isn't there any more; whether it was, as far as was known."""
        return self._writer.put(lambda connection: inventories.gone(connection, machine, root, at)).result()

    def changes(self, machine: str, inventory: Inventory) -> Changes:
        """How an environment differs from what was written down of it last; nothing is written."""
        return self._read(lambda connection: inventories.compare(connection, machine, inventory))

    def environments(self, machine: str) -> tuple[KnownEnvironment, ...]:
        """The environments of a machine that audits saw, by their roots; those that are gone too."""
        return self._read(lambda connection: inventories.known(connection, machine))

    def stays(self, machine: str, root: str) -> tuple[Stay, ...]:
        """What was in an environment, and is; what came first, first."""
        return self._read(lambda connection: inventories.stays(connection, machine, root))

    def remember_credentials(
        self,
        machine: str,
        home: str,
        found: Sequence[Credential],
        at: datetime,
        *,
        hidden: Sequence[str] = (),
    ) -> CredentialChanges:
        """Write down which credentials a home holds now, never a secret; how that differs from the last time. What lies
        at one of the `hidden` places, which could not be read, is not taken to be gone."""
        return self._writer.put(
            lambda connection: belongings.remember(connection, machine, home, found, at, hidden)
        ).result()

    def credentials(self, machine: str, home: str) -> tuple[KnownCredential, ...]:
        """Every credential that inventories of a home saw, those that are gone too; what came first, first."""
        return self._read(lambda connection: belongings.known(connection, machine, home))

    def accept(self, machine: str, inventory: Inventory, at: datetime, reason: str = "") -> Baseline:
        """Accept what an environment holds now: from now on that is its baseline. It is written down, too."""
        return self._writer.put(
            lambda connection: inventories.accept(connection, machine, inventory, at, reason)
        ).result()

    def baseline(self, machine: str, root: str) -> Baseline | None:
        """What was last accepted in an environment; None for never."""
        return self._read(lambda connection: inventories.baseline(connection, machine, root))

    def releases(self, machine: str | None = None) -> frozenset[Release]:
        """Everything that was ever in an environment, or that a gate gave out. With `machine`: of its environments."""
        return self._read(lambda connection: lookback.releases(connection, machine))

    def sightings(
        self, sought: Iterable[Release], machine: str | None = None
    ) -> Mapping[Release, tuple[Sighting, ...]]:
        """Where each of these releases was and when; those that were nowhere are left out. `machine` as above."""
        return self._read(lambda connection: lookback.sightings(connection, sought, machine))

    def raise_alert(
        self, about: Iterable[str], write: alerts.Write, channels: Iterable[tuple[str, str]]
    ) -> Alert | None:
        """Raise the alert that `write` makes of those keys of `about` that no alert was about yet, for `channels`
        (machine, channel) to tell; None where all were. It stands when this returns, and no other like it ever will."""
        wanted = tuple(channels)
        return self._writer.put(
            lambda connection: alerts.add_alert(connection, about, write, wanted)
        ).result()

    def alerts(self, limit: int) -> tuple[Alert, ...]:
        """The last alerts, the newest first."""
        return self._read(lambda connection: alerts.recent_alerts(connection, limit))

    def claim_tellings(
        self, machine: str, channel: str, now: datetime, *, lease: timedelta, most: int
    ) -> tuple[Telling, ...]:
        """What a channel has to tell now; for the time of `lease` nobody else gets it."""
        return self._writer.put(
            lambda connection: alerts.claim(connection, machine, channel, now, lease=lease, most=most)
        ).result()

    def tellings_done(self, done: Iterable[Telling], message: str, at: datetime) -> None:
        """They were told, in that message."""
        ids = [one.id for one in done]
        self._writer.put(lambda connection: alerts.delivered(connection, ids, message, at)).result()

    def tellings_failed(self, those: Iterable[Telling], again: datetime | None, problem: str) -> None:
        """They could not be told; `again` is when to try next, None for never."""
        ids = [one.id for one in those]
        self._writer.put(lambda connection: alerts.failed(connection, ids, again, problem)).result()

    def tellings_later(self, those: Iterable[Telling], at: datetime) -> None:
        """They are not to be told before `at`; that was no failure."""
        ids = [one.id for one in those]
        self._writer.put(lambda connection: alerts.later(connection, ids, at)).result()

    def messages_since(self, machine: str, channel: str, since: datetime) -> int:
        """How many messages a channel has sent since then."""
        return self._read(lambda connection: alerts.messages(connection, machine, channel, since))

    def next_telling(self, machine: str, channels: Iterable[str]) -> datetime | None:
        """When one of these channels has something to tell; None where nothing waits."""
        wanted = tuple(channels)
        return self._read(lambda connection: alerts.next_due(connection, machine, wanted))

    def untold(self, machine: str) -> tuple[tuple[str, str, str], ...]:
        """(channel, title, what went wrong last) of what this machine has still to tell, or gave up."""
        return self._read(lambda connection: alerts.waiting(connection, machine))

    def flush(self) -> None:
        """Wait until everything that came before is written; raises RecordFailed if the store cannot be."""
        self._writer.put(lambda connection: None, entries=0).result()

    def close(self) -> None:
        """Write what waits, and let go of it."""
        self._writer.close()
        self._engine.dispose()

    def _read(self, work: Callable[[Connection], T]) -> T:
        try:
            with self._engine.connect() as connection:
                return work(connection)
        except (SQLAlchemyError, OSError) as why:
            raise failure(self._name, why) from None
