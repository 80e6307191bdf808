"""The durable store of a gate: what it decided, who got which bytes, and what nobody gets any more."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Self, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from stockade import limits
from stockade.model.project import Digest
from stockade.model.record import Condemnation, Decided, Delivery
from stockade.remember.durable import rows
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
