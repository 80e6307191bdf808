"""What this machine has seen, and when: the first sight of releases that an index gives no time for, owners,
and publishers.

Unlike the cache it is not disposable, so a damaged one is reported and left alone; without it a check still works. It
is small: releases are kept only of projects whose index gives no upload times.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import msgspec

from stockade.model.identity import Pin
from stockade.model.project import ProjectName

T = TypeVar("T")
#: How long a change of all owners is told.
SEASON = timedelta(days=90)
NAME = "ledger-1.sqlite3"
_SCHEMA = """
create table if not exists projects (index_url text, name text, seen text not null, primary key (index_url, name));
create table if not exists releases (
    index_url text, name text, version text, seen text not null, primary key (index_url, name, version)
);
create table if not exists owners (
    index_url text, name text, seen text not null, accounts text not null, primary key (index_url, name)
);
create table if not exists expected (
    index_url text, name text, kind text, pin text not null, primary key (index_url, name, kind)
);
"""


class Ledger:
    """The ledger in `folder`; `note` hears a sentence, once, where it cannot be used. Safe to use from many threads."""

    def __init__(self, folder: Path, *, note: Callable[[str], None]) -> None:
        self._path = folder / NAME
        self._note = note
        self._lock = threading.Lock()
        self._db: sqlite3.Connection | None = None
        self._off = False

    def close(self) -> None:
        """Close it."""
        with self._lock:
            if self._db is not None:
                self._db.close()
                self._db = None

    def first_seen(
        self, index: str, name: ProjectName, versions: Iterable[str], now: datetime
    ) -> Mapping[str, datetime]:
        """When releases appeared that were not there when the project was first looked at; notes the new ones.

        What was there at first sight may be of any age, and is left out.
        """

        def work(db: sqlite3.Connection) -> dict[str, datetime]:
            at = now.astimezone(UTC).isoformat()
            key = (index, name)
            known = db.execute("select 1 from projects where index_url = ? and name = ?", key).fetchone()
            db.execute("insert or ignore into projects values (?, ?, ?)", (*key, at))
            # An empty time stands for first sight.
            rows = [(*key, version, at if known else "") for version in versions]
            db.executemany("insert or ignore into releases values (?, ?, ?, ?)", rows)
            found = db.execute("select version, seen from releases where index_url = ? and name = ?", key)
            return {version: datetime.fromisoformat(seen) for version, seen in found if seen}

        return self._run(work) or {}

    def owners(
        self, index: str, name: ProjectName, accounts: tuple[str, ...], now: datetime
    ) -> tuple[str, ...] | None:
        """The accounts that owned the project when it was last seen, None for never; notes those of now.

        Where nobody of them is left, the old ones are kept for a season, so that more than one check can say so.
        """

        def work(db: sqlite3.Connection) -> tuple[str, ...] | None:
            key = (index, name)
            row = db.execute(
                "select accounts, seen from owners where index_url = ? and name = ?", key
            ).fetchone()
            before = msgspec.json.decode(row[0], type=tuple[str, ...]) if row else None
            kept = row and not set(before or ()) & set(accounts)
            if not kept or now - datetime.fromisoformat(row[1]) > SEASON:
                text = msgspec.json.encode(accounts).decode()
                new = (*key, now.astimezone(UTC).isoformat(), text)
                db.execute("insert or replace into owners values (?, ?, ?, ?)", new)
            return before

        return self._run(work)

    def publisher(self, index: str, name: ProjectName, kind: str) -> Pin | None:
        """Whom files of that kind ("wheel", "sdist") of the project are expected from; None for nobody yet."""

        def work(db: sqlite3.Connection) -> Pin | None:
            key = (index, name, kind)
            row = db.execute(
                "select pin from expected where index_url = ? and name = ? and kind = ?", key
            ).fetchone()
            return msgspec.json.decode(row[0], type=Pin) if row else None

        return self._run(work)

    def expect(self, index: str, name: ProjectName, kind: str, pin: Pin) -> None:
        """Expect files of that kind of the project from that publisher from now on."""

        def work(db: sqlite3.Connection) -> None:
            row = (index, name, kind, msgspec.json.encode(pin).decode())
            db.execute("insert or replace into expected values (?, ?, ?, ?)", row)

        self._run(work)

    def _run(self, work: Callable[[sqlite3.Connection], T]) -> T | None:
        with self._lock:
            if self._off:
                return None
            try:
                if self._db is None:
                    self._db = self._open()
                with self._db:
                    return work(self._db)
            except (OSError, sqlite3.Error, ValueError, msgspec.MsgspecError) as why:
                self._off = True
                self._note(f"Working without the ledger {self._path}: {why}.")
                return None

    def _open(self) -> sqlite3.Connection:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path.touch(mode=0o600)
        db = sqlite3.connect(self._path, timeout=2.0, check_same_thread=False)
        db.executescript(_SCHEMA)
        return db
