"""Changes the copies of feeds: each is a new file that takes the old one's place."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import msgspec

from stockade import limits
from stockade.errors import FeedStoreFailed
from stockade.model.advisory import Feed, FeedState, Record
from stockade.remember.feeds.form import (
    APPLICATION,
    INDEXES,
    NOBODY,
    SCHEMA,
    TABLES,
    micros,
    opened,
    path_of,
    row_of,
    saying_where,
    time_of,
)
from stockade.remember.ours import make_private_folder

_BATCH = 2_000


@contextlib.contextmanager
def turn(folder: Path, *, patience: float = limits.FEED_PATIENCE) -> Iterator[None]:
    """One sync at a time in `folder`, which is made; raises FeedStoreFailed where another does not end in time.

    What killed writers left behind is cleared away.
    """
    import fcntl

    try:
        make_private_folder(folder)
        handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as why:
        raise FeedStoreFailed(f"{folder} cannot be written: {why.strerror}") from None
    try:
        deadline = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise FeedStoreFailed(
                        f"another sync is at work in {folder}, and did not end within {patience:.0f} s"
                    ) from None
            time.sleep(0.05)
        for left in folder.glob(".new-*"):
            left.unlink(missing_ok=True)
        yield
    finally:
        os.close(handle)


def replaced(folder: Path, feed: Feed, records: Iterable[Record], make: Callable[[], FeedState]) -> FeedState:
    """A new copy of a whole feed; call inside `turn`.

    `make` is called when `records` are used up, and gives the state without its counts. Where either raises, or
    anything else ends this, the old copy stays. Of several records of one id the latest change counts. Raises
    FeedStoreFailed.
    """
    path = path_of(folder, feed.name)
    with _writing(folder, path, old=False) as db:
        db.executescript(TABLES)
        db.execute(f"pragma user_version = {SCHEMA}")
        db.execute(f"pragma application_id = {APPLICATION}")
        db.execute("begin")
        _put(db, records, again=False)
        for text in INDEXES:
            db.execute(text)
        return _stated(db, make())


def changed(folder: Path, name: str, records: Iterable[Record], make: Callable[[], FeedState]) -> FeedState:
    """The copy of feed `name` with `records` in place of what it had under their ids; otherwise as `replaced`."""
    path = path_of(folder, name)
    with _writing(folder, path, old=True) as db:
        db.execute("begin")
        _put(db, records, again=True)
        return _stated(db, make())


def forgotten(folder: Path, name: str) -> bool:
    """Take the copy of feed `name` away; False where there is none."""
    path = path_of(folder, name)
    there = path.exists()
    path.unlink(missing_ok=True)
    return there


@contextlib.contextmanager
def _writing(folder: Path, path: Path, *, old: bool) -> Iterator[sqlite3.Connection]:
    """A database beside `path`, empty or a copy of it, that takes its place once all of it is on disk."""
    new = folder / f".new-{os.getpid()}-{threading.get_ident()}"
    try:
        with saying_where(path):
            os.close(os.open(new, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
            if old:
                opened(path).close()  # it is ours and of our schema
                shutil.copyfile(path, new)
            with contextlib.closing(sqlite3.connect(new, isolation_level=None)) as db:
                # Nobody else sees this file, and it is thrown away if we fall: no journal, and one sync at the end.
                for setting in ("journal_mode = off", "synchronous = off", "cache_size = -65536"):
                    db.execute(f"pragma {setting}")
                db.execute("pragma trusted_schema = off")
                yield db
                db.execute("commit")
            _sync(new)
            new.replace(path)
            _sync(folder)
    finally:
        new.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _put(db: sqlite3.Connection, records: Iterable[Record], *, again: bool) -> None:
    """With `again` the copy may have them already; else only `records` themselves may have one twice."""
    seen: dict[str, int] = {}
    rows: list[tuple[object, ...]] = []

    def flush() -> None:
        db.executemany("insert into advisories values (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        rows.clear()

    for one in records:
        when = micros(one.modified)
        if (known := seen.get(one.id)) is not None and known >= when:
            continue
        if again or known is not None:
            flush()
            db.execute("delete from advisories where id = ?", (one.id,))
        seen[one.id] = when
        if one.advisories:
            rows += [row_of(each, when) for each in one.advisories]
        else:
            # Nothing about this ecosystem; that it is known keeps it from being fetched again.
            rows.append((NOBODY, one.id, when, 0, 0, 0, "", b"", b""))
        if len(rows) >= _BATCH:
            flush()
    flush()


def _stated(db: sqlite3.Connection, made: FeedState) -> FeedState:
    """`made` with what the tables say, written down."""
    text = "select count(*), coalesce(sum(malicious), 0), coalesce(sum(withdrawn), 0) from advisories"
    rows, malicious, withdrawn = db.execute(text).fetchone()
    nobody = db.execute("select count(*) from advisories where project = ?", (NOBODY,)).fetchone()[0]
    records, newest = db.execute(
        "select count(distinct id), max(modified) from advisories indexed by by_id"
    ).fetchone()
    made = replace(
        made,
        records=records,
        advisories=rows - nobody,
        malicious=malicious,
        withdrawn=withdrawn,
        newest=None if newest is None else time_of(newest),
    )
    db.execute("delete from state")
    db.execute("insert into state values (?)", (msgspec.json.encode(made),))
    return made
