"""Copies of what others publish about releases: one SQLite file a feed, replaced whole or not at all.

A copy can be made again, so it lives apart from what a person would miss. Every change is written to a new file that
takes the old one's name when all of it is on disk: whoever reads meanwhile keeps the old one, nobody ever sees half of
a change, and no journal of a killed writer can meet a file that it does not belong to
(docs/decisions/0012-advisories.md).
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Self

import msgspec

from stockade import limits
from stockade.errors import FeedStoreFailed
from stockade.model.advisory import Advisory, Feed, FeedState, Key, Range, Record, Scope, scope
from stockade.model.project import ProjectName
from stockade.remember.ours import make_private_folder, only_ours

FOLDER = "feeds"
#: Of the tables and of what stands in them. A later Stockade's are refused, an earlier one's made again by a sync.
SCHEMA = 1
_APPLICATION = 0x53544B46
_SUFFIX = ".sqlite3"
_TABLES = """
create table state (body blob not null);
create table advisories (
    project text not null, id text not null, modified integer not null, published integer not null,
    malicious integer not null, withdrawn integer not null, listed text not null, ranges blob not null,
    body blob not null
);
"""
#: Made when all is in: sorting once is quicker than keeping order all along.
_INDEXES = (
    "create index by_project on advisories (project, id)",
    "create index by_id on advisories (id, modified)",
    "create index by_time on advisories (published, malicious, withdrawn)",
)
_BATCH = 2_000
_NOBODY = ""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ABOUT = "select body from advisories where project = ?"
_SCOPES = "select id, listed, ranges from advisories where project = ? and withdrawn = 0"
_ONE = "select body from advisories where project = ? and id = ?"


class Feeds:
    """The copies in `folder`, for reading; safe to use from many threads, and it notices when one is replaced.

    `note` hears a sentence, once a file, about a copy that cannot be used; the others still count.
    """

    def __init__(self, folder: Path, *, note: Callable[[str], None]) -> None:
        self._folder = folder
        self._note = note
        self._lock = threading.Lock()
        self._open: dict[str, tuple[tuple[int, int, int], sqlite3.Connection | None]] = {}
        self._told: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the files."""
        with self._lock:
            for _, db in self._open.values():
                if db is not None:
                    db.close()
            self._open.clear()

    def about(self, names: Iterable[ProjectName]) -> dict[ProjectName, tuple[Advisory, ...]]:
        """What is published about each of `names` that anything is published about."""
        wanted = dict.fromkeys(names)
        found: dict[ProjectName, list[Advisory]] = {}
        with self._lock:
            for name, db in self._current():
                with self._saying(name):
                    for project in wanted:
                        for row in db.execute(_ABOUT, (project,)):
                            found.setdefault(project, []).append(_advisory(row[0], name, project))
        return {project: tuple(several) for project, several in found.items()}

    def scopes(self, names: Iterable[ProjectName]) -> dict[ProjectName, list[tuple[Key, Scope]]]:
        """What the advisories about each of `names` cover; withdrawn ones are left out."""
        wanted = dict.fromkeys(names)
        found: dict[ProjectName, list[tuple[Key, Scope]]] = {}
        with self._lock:
            for name, db in self._current():
                with self._saying(name):
                    for project in wanted:
                        for key, listed, ranges in db.execute(_SCOPES, (project,)):
                            events = _decode_ranges(ranges) if ranges else ()
                            one = Key(name, project, key), Scope(listed, events)
                            found.setdefault(project, []).append(one)
        return found

    def advisories(self, keys: Iterable[Key]) -> dict[Key, Advisory]:
        """Those of `keys` that are still there."""
        wanted = list(keys)
        found: dict[Key, Advisory] = {}
        with self._lock:
            for name, db in self._current():
                with self._saying(name):
                    for key in wanted:
                        if key.source == name and (row := db.execute(_ONE, key[1:]).fetchone()):
                            found[key] = _advisory(row[0], name, key.project)
        return found

    def since(self, when: datetime, *, malicious: bool | None = None) -> Iterator[Advisory]:
        """Advisories published at `when` (aware) or later, the oldest first; withdrawn ones are left out."""
        text = "select project, body from advisories where published >= ? and withdrawn = 0 and project <> ''"
        if malicious is not None:
            text += f" and malicious = {int(malicious)}"
        rows: list[Advisory] = []
        with self._lock:
            for name, db in self._current():
                with self._saying(name):
                    for project, body in db.execute(text, (_micros(when),)):
                        rows.append(_advisory(body, name, project))
        first = datetime.min.replace(tzinfo=UTC)
        yield from sorted(rows, key=lambda one: (one.published or first, one.id, one.project))

    def states(self) -> tuple[FeedState, ...]:
        """Every copy that can be read, by name."""
        found = []
        with self._lock:
            for name, db in self._current():
                with self._saying(name):
                    found.append(_state(db))
        return tuple(found)

    def token(self) -> tuple[object, ...]:
        """Changes whenever a copy does: what was looked up under another one may have changed."""
        with self._lock:
            self._refresh()
            return tuple(sorted((name, stamp) for name, (stamp, _) in self._open.items()))

    def _current(self) -> Iterator[tuple[str, sqlite3.Connection]]:
        self._refresh()
        for name in sorted(self._open):
            db = self._open[name][1]
            if db is not None:
                yield name, db

    def _refresh(self) -> None:
        """Open what is new or was replaced, and close what is gone."""
        seen = {}
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            for entry in os.scandir(self._folder):
                if entry.name.endswith(_SUFFIX) and not entry.name.startswith("."):
                    with contextlib.suppress(FileNotFoundError):
                        found = entry.stat(follow_symlinks=False)
                        seen[entry.name.removesuffix(_SUFFIX)] = (
                            found.st_ino,
                            found.st_mtime_ns,
                            found.st_size,
                        )
        for name in [name for name, (stamp, _) in self._open.items() if seen.get(name) != stamp]:
            db = self._open.pop(name)[1]
            if db is not None:
                db.close()
        for name, stamp in seen.items():
            if name not in self._open:
                self._open[name] = (stamp, self._opened(name))

    def _opened(self, name: str) -> sqlite3.Connection | None:
        try:
            return _open(path_of(self._folder, name), shared=True)
        except FeedStoreFailed as why:
            self._tell(f"{why}; {why.hint}")
            return None

    @contextlib.contextmanager
    def _saying(self, name: str) -> Iterator[None]:
        """A copy that turns out to be damaged is left out from then on."""
        try:
            yield
        except (sqlite3.Error, msgspec.MsgspecError) as why:
            stamp, db = self._open[name]
            if db is not None:
                db.close()
            self._open[name] = (stamp, None)
            self._tell(
                f"The advisories in {path_of(self._folder, name)} are damaged and were left out ({why});"
                f" {FeedStoreFailed.hint}"
            )

    def _tell(self, sentence: str) -> None:
        if sentence not in self._told:
            self._told.add(sentence)
            self._note(sentence)


def path_of(folder: Path, name: str) -> Path:
    """The file that holds the copy of feed `name`."""
    return folder / f"{name}{_SUFFIX}"


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


def state(folder: Path, name: str) -> FeedState | None:
    """The copy of feed `name` as it is, None where there is none; raises FeedStoreFailed."""
    path = path_of(folder, name)
    if not path.exists():
        return None
    with contextlib.closing(_open(path)) as db, _saying_where(path):
        return _state(db)


def modified(folder: Path, name: str, ids: Iterable[str]) -> dict[str, datetime]:
    """When those of `ids` that the copy has were last changed, as far as it knows."""
    path = path_of(folder, name)
    found = {}
    with contextlib.closing(_open(path)) as db, _saying_where(path):
        for one in ids:
            row = db.execute("select modified from advisories where id = ?", (one,)).fetchone()
            if row:
                found[one] = _when(row[0])
    return found


def every(folder: Path, name: str) -> Iterator[Record]:
    """All records of the copy of feed `name`, by id; raises FeedStoreFailed."""
    path = path_of(folder, name)
    with contextlib.closing(_open(path)) as db, _saying_where(path):
        rows = db.execute("select id, modified, project, body from advisories order by id, project")
        for (key, when), several in groupby(rows, lambda row: row[:2]):
            found = tuple(_advisory(row[3], name, row[2]) for row in several if row[2])
            yield Record(id=key, modified=_when(when), advisories=found)


def replaced(folder: Path, feed: Feed, records: Iterable[Record], make: Callable[[], FeedState]) -> FeedState:
    """A new copy of a whole feed; call inside `turn`.

    `make` is called when `records` are used up, and gives the state without its counts. Where either raises, or
    anything else ends this, the old copy stays. Of several records of one id the latest change counts. Raises
    FeedStoreFailed.
    """
    path = path_of(folder, feed.name)
    with _writing(folder, path, old=False) as db:
        db.executescript(_TABLES)
        db.execute(f"pragma user_version = {SCHEMA}")
        db.execute(f"pragma application_id = {_APPLICATION}")
        db.execute("begin")
        _put(db, records, again=False)
        for text in _INDEXES:
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
        with _saying_where(path):
            os.close(os.open(new, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
            if old:
                _open(path).close()  # it is ours and of our schema
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
        when = _micros(one.modified)
        if (known := seen.get(one.id)) is not None and known >= when:
            continue
        if again or known is not None:
            flush()
            db.execute("delete from advisories where id = ?", (one.id,))
        seen[one.id] = when
        if one.advisories:
            rows += [_row(each, when) for each in one.advisories]
        else:
            # Nothing about this ecosystem; that it is known keeps it from being fetched again.
            rows.append((_NOBODY, one.id, when, 0, 0, 0, "", b"", b""))
        if len(rows) >= _BATCH:
            flush()
    flush()


def _stated(db: sqlite3.Connection, made: FeedState) -> FeedState:
    """`made` with what the tables say, written down."""
    text = "select count(*), coalesce(sum(malicious), 0), coalesce(sum(withdrawn), 0) from advisories"
    rows, malicious, withdrawn = db.execute(text).fetchone()
    nobody = db.execute("select count(*) from advisories where project = ?", (_NOBODY,)).fetchone()[0]
    records, newest = db.execute(
        "select count(distinct id), max(modified) from advisories indexed by by_id"
    ).fetchone()
    made = replace(
        made,
        records=records,
        advisories=rows - nobody,
        malicious=malicious,
        withdrawn=withdrawn,
        newest=None if newest is None else _when(newest),
    )
    db.execute("delete from state")
    db.execute("insert into state values (?)", (msgspec.json.encode(made),))
    return made


def _state(db: sqlite3.Connection) -> FeedState:
    row = db.execute("select body from state").fetchone()
    if row is None:
        raise sqlite3.DatabaseError("it does not say what it is")
    return msgspec.json.decode(row[0], type=FeedState)


class _Body(msgspec.Struct, array_like=True):
    """What of an advisory is not in the columns beside it; arrays spare the names of the fields."""

    id: str
    malicious: bool
    aliases: tuple[str, ...]
    summary: str
    published: datetime | None
    modified: datetime | None
    withdrawn: datetime | None
    versions: tuple[str, ...]
    ranges: tuple[tuple[tuple[str, str], ...], ...]
    fixed: tuple[str, ...]
    score: str
    campaign: tuple[str, ...]
    indicators: tuple[str, ...]
    reasons: tuple[str, ...]


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_Body).decode
_decode_ranges = msgspec.msgpack.Decoder(tuple[tuple[tuple[str, str], ...], ...]).decode


def _row(one: Advisory, modified: int) -> tuple[object, ...]:
    body = _encode(
        (
            *(one.id, one.malicious, one.aliases, one.summary, one.published, one.modified, one.withdrawn),
            *(one.versions, tuple(each.events for each in one.ranges), one.fixed, one.score),
            *(one.campaign, one.indicators, one.reasons),
        )
    )
    published = 0 if one.published is None else _micros(one.published)
    covered = scope(one)
    ranges = _encode(covered.ranges) if covered.ranges else b""
    withdrawn = one.withdrawn is not None
    return one.project, one.id, modified, published, one.malicious, withdrawn, covered.listed, ranges, body


def _advisory(body: bytes, source: str, project: str) -> Advisory:
    found = _decode(body)
    return Advisory(
        id=found.id,
        project=ProjectName(project),
        source=source,
        malicious=found.malicious,
        aliases=found.aliases,
        summary=found.summary,
        published=found.published,
        modified=found.modified,
        withdrawn=found.withdrawn,
        versions=found.versions,
        ranges=tuple(Range(events=events) for events in found.ranges),
        fixed=found.fixed,
        score=found.score,
        campaign=found.campaign,
        indicators=found.indicators,
        reasons=found.reasons,
    )


def _micros(when: datetime) -> int:
    """Microseconds since 1970, exactly."""
    since = when - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def _when(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)


def _open(path: Path, *, shared: bool = False) -> sqlite3.Connection:
    """The copy at `path`, for reading; `shared` lets other threads use it, in turn. Raises FeedStoreFailed."""
    try:
        only_ours(path.lstat())
        # What is at this name is never written to, so that it needs no locks, and a journal beside it is not its own.
        uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        db = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=not shared)
    except (OSError, sqlite3.Error) as why:
        reason = why.strerror if isinstance(why, OSError) else why
        raise FeedStoreFailed(f"the advisories in {path} cannot be read: {reason}") from None
    try:
        db.execute("pragma trusted_schema = off")
        found = db.execute("pragma application_id").fetchone()[0]
        schema = db.execute("pragma user_version").fetchone()[0]
    except sqlite3.Error as why:
        db.close()
        raise FeedStoreFailed(f"the advisories in {path} are damaged ({why})") from None
    if found != _APPLICATION:
        problem = "are none of Stockade's"
    elif schema > SCHEMA:
        problem = f"were written by a newer Stockade (form {schema}; this one reads {SCHEMA})"
    elif schema < SCHEMA:
        problem = f"were written by an older Stockade (form {schema}; this one reads {SCHEMA})"
    else:
        return db
    db.close()
    raise FeedStoreFailed(f"the advisories in {path} {problem}")


@contextlib.contextmanager
def _saying_where(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as why:
        raise FeedStoreFailed(f"{path} cannot be written: {why.strerror}") from None
    except (sqlite3.Error, msgspec.MsgspecError) as why:
        raise FeedStoreFailed(f"the advisories in {path} cannot be used: {why}") from None
