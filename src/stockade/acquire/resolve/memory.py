"""What files said that they depend on, remembered by digest; it may be lost at any time."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import msgspec

from stockade import limits
from stockade.acquire.resolve.stated import Stated
from stockade.model.project import Digest

_FORMAT = 1


class Memory:
    """A table in `folder`; without a folder, or with one that can't be used, it remembers nothing."""

    def __init__(self, folder: Path | None) -> None:
        self._lock = threading.Lock()
        self._db = _opened(folder / f"dependencies-{_FORMAT}.sqlite") if folder else None

    def close(self) -> None:
        """Forget the oldest, if there are too many, and close."""
        if self._db is None:
            return
        try:
            self._db.execute(
                "DELETE FROM stated WHERE rowid <= (SELECT max(rowid) FROM stated) - ?",
                (limits.MAX_REMEMBERED,),
            )
        except sqlite3.Error:
            pass  # a full or damaged disk costs us the memory, not the answer
        finally:
            self._db.close()

    def get(self, sha256: Digest | None) -> Stated | None:
        """What the file of that digest said."""
        if self._db is None or sha256 is None:
            return None
        try:
            with self._lock:
                row = self._db.execute("SELECT said FROM stated WHERE sha256 = ?", (sha256,)).fetchone()
            return msgspec.json.decode(row[0], type=Stated) if row else None
        except (sqlite3.Error, msgspec.DecodeError):
            return None

    def put(self, sha256: Digest | None, said: Stated) -> None:
        """Remember it."""
        if self._db is None or sha256 is None:
            return
        try:
            with self._lock:
                self._db.execute(
                    "INSERT OR REPLACE INTO stated (sha256, said) VALUES (?, ?)",
                    (sha256, msgspec.json.encode(said)),
                )
        except sqlite3.Error:
            return


def _opened(path: Path) -> sqlite3.Connection | None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Each entry by itself: a transaction left open would keep every other resolution's entries waiting.
        db = sqlite3.connect(path, check_same_thread=False, timeout=1.0, isolation_level=None)
    except (OSError, sqlite3.Error):
        return None
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = OFF")
        db.execute("CREATE TABLE IF NOT EXISTS stated (sha256 TEXT PRIMARY KEY, said BLOB NOT NULL)")
    except sqlite3.Error:
        db.close()
        return None
    return db
