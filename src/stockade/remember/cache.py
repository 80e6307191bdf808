"""The cache of findings: by what was analysed and by what analysed it. Losing it costs time, nothing else.

Only the process that hashed the bytes writes here; a worker never does. A cache that others could write to
would let them declare anything clean, so one that is not ours alone is not used.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from stockade import limits
from stockade.model.assessment import Findings
from stockade.model.project import Digest
from stockade.remember.ours import make_private

if TYPE_CHECKING:
    import sqlite3

T = TypeVar("T")

NAME = "findings-1.sqlite3"
#: Puts between two looks at the size.
_SWEEP_EVERY = 64
_SCHEMA = """
create table if not exists findings (
    id integer primary key,
    sha256 text not null, filename blob not null, fingerprint text not null,
    size integer not null, body blob not null,
    unique (sha256, filename, fingerprint)
)
"""
_GET = "select body from findings where sha256 = ? and filename = ? and fingerprint = ?"
_PUT = "insert or replace into findings (sha256, filename, fingerprint, size, body) values (?, ?, ?, ?, ?)"


class FactCache:
    """Findings by (sha256, file name, analyser fingerprint), in one sqlite3 file.

    The file name is part of the key since findings depend on it (a name that disagrees with the metadata).
    Entries of another fingerprint are dropped when the cache is opened. `note` hears a sentence, once,
    about each thing that goes wrong; nothing is ever raised. Several processes and threads may share the
    folder; one waits `patience` seconds for another. The oldest entries go when the findings exceed
    `max_bytes`.
    """

    def __init__(
        self,
        folder: Path,
        fingerprint: str,
        *,
        note: Callable[[str], None],
        max_bytes: int = limits.MAX_CACHE,
        patience: float = 2.0,
    ) -> None:
        self._path = folder / NAME
        self._fingerprint = fingerprint
        self._note = note
        self._max_bytes = max_bytes
        self._patience = patience
        self._lock = threading.Lock()
        self._puts = 0
        self._off = False
        self._db: sqlite3.Connection | None = None

    def get(self, sha256: Digest, filename: str) -> Findings | None:
        """What was found in these bytes under this name, or None."""
        key = (sha256, _blob(filename), self._fingerprint)
        row = self._run(lambda db: db.execute(_GET, key).fetchone())
        if row is None:
            return None
        import msgspec

        try:
            found = msgspec.msgpack.decode(row[0], type=Findings)
        except (msgspec.MsgspecError, TypeError):
            return None
        return found if found.sha256 == sha256 else None

    def put(self, findings: Findings, filename: str) -> None:
        """Remember `findings` of the bytes with its digest under this name; an earlier entry is replaced."""
        import msgspec

        try:
            body = msgspec.msgpack.encode(findings)
        except UnicodeEncodeError:
            return  # a lone surrogate in a member's name: rare, and not worth a format of its own
        row = (findings.sha256, _blob(filename), self._fingerprint, len(body), body)
        self._run(lambda db: db.execute(_PUT, row))
        self._puts += 1
        if self._puts % _SWEEP_EVERY == 0:
            self._run(self._sweep)

    def close(self) -> None:
        """Bring the file under its bound and let go of it."""
        if self._db is not None:
            self._run(self._sweep)
        self._drop()

    def _run(self, work: Callable[[sqlite3.Connection], T]) -> T | None:
        """`work` on the open database; None where there is none to be had. A damaged one is rebuilt once."""
        if self._off:
            return None
        with self._lock:
            again, result = self._attempt(work, may_rebuild=True)
            return self._attempt(work, may_rebuild=False)[1] if again else result

    def _attempt(
        self, work: Callable[[sqlite3.Connection], T], *, may_rebuild: bool
    ) -> tuple[bool, T | None]:
        """Whether it is worth another attempt, and the result."""
        import sqlite3

        try:
            if self._db is None:
                self._db = self._open()
            return False, work(self._db)
        except OSError as why:
            self._give_up(why.strerror or str(why))
        except sqlite3.DatabaseError as why:
            code = getattr(why, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
            if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                return False, None  # another process is at it: a miss, and nothing to tell
            damaged = code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)
            if damaged and may_rebuild and self._remove():
                self._note(f"The cache {self._path} was damaged and has been started anew.")
                return True, None
            self._give_up(str(why))
        return False, None

    def _open(self) -> sqlite3.Connection:
        import sqlite3

        make_private(self._path)
        db = sqlite3.connect(
            self._path, timeout=self._patience, isolation_level=None, check_same_thread=False
        )
        try:
            db.execute("pragma journal_mode = wal")
            db.execute("pragma synchronous = normal")
            db.execute("pragma trusted_schema = off")
            db.execute(_SCHEMA)
            other = "select 1 from findings where fingerprint <> ? limit 1"
            if db.execute(other, (self._fingerprint,)).fetchone():
                db.execute("delete from findings where fingerprint <> ?", (self._fingerprint,))
        except sqlite3.Error:
            db.close()
            raise
        return db

    def _sweep(self, db: sqlite3.Connection) -> None:
        """Delete the oldest until nine tenths of the bound are left, so that this is seldom needed."""
        total = db.execute("select coalesce(sum(size), 0) from findings").fetchone()[0]
        if total <= self._max_bytes:
            return
        last = 0
        for row, size in db.execute("select id, size from findings order by id"):
            if total <= self._max_bytes * 9 // 10:
                break
            total, last = total - size, row
        db.execute("delete from findings where id <= ?", (last,))

    def _drop(self) -> None:
        db, self._db = self._db, None
        if db is not None:
            db.close()

    def _remove(self) -> bool:
        """Take the damaged file away with its journal; False where that fails too."""
        self._drop()
        try:
            for suffix in ("", "-wal", "-shm"):
                self._path.with_name(NAME + suffix).unlink(missing_ok=True)
        except OSError:
            return False
        return True

    def _give_up(self, why: str) -> None:
        self._off = True
        self._drop()
        self._note(f"Working without the cache {self._path}: {why}.")


def _blob(filename: str) -> bytes:
    return filename.encode("utf-8", "surrogatepass")
