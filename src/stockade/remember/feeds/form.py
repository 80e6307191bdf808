"""How a copy of a feed is written down: its tables, its rows, and opening one that says that it is one of ours."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from stockade.errors import FeedStoreFailed
from stockade.model.advisory import Advisory, FeedState, Range, scope
from stockade.model.project import ProjectName
from stockade.remember.ours import only_ours

FOLDER = "feeds"
#: Of the tables and of what stands in them. A later Stockade's are refused, an earlier one's made again by a sync.
SCHEMA = 1
APPLICATION = 0x53544B46
SUFFIX = ".sqlite3"
TABLES = """
create table state (body blob not null);
create table advisories (
    project text not null, id text not null, modified integer not null, published integer not null,
    malicious integer not null, withdrawn integer not null, listed text not null, ranges blob not null,
    body blob not null
);
"""
#: Made when all is in: sorting once is quicker than keeping order all along.
INDEXES = (
    "create index by_project on advisories (project, id)",
    "create index by_id on advisories (id, modified)",
    "create index by_time on advisories (published, malicious, withdrawn)",
)
NOBODY = ""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def path_of(folder: Path, name: str) -> Path:
    """The file that holds the copy of feed `name`."""
    return folder / f"{name}{SUFFIX}"


def opened(path: Path, *, shared: bool = False) -> sqlite3.Connection:
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
    if found != APPLICATION:
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
def saying_where(path: Path) -> Iterator[None]:
    """What goes wrong with the copy at `path`, as FeedStoreFailed."""
    try:
        yield
    except OSError as why:
        raise FeedStoreFailed(f"{path} cannot be written: {why.strerror}") from None
    except (sqlite3.Error, msgspec.MsgspecError) as why:
        raise FeedStoreFailed(f"the advisories in {path} cannot be used: {why}") from None


def state_of(db: sqlite3.Connection) -> FeedState:
    """What the copy says of itself; raises sqlite3.Error where it says nothing."""
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
decode_ranges = msgspec.msgpack.Decoder(tuple[tuple[tuple[str, str], ...], ...]).decode


def row_of(one: Advisory, modified: int) -> tuple[object, ...]:
    """A row of the table, `modified` in microseconds."""
    body = _encode(
        (
            *(one.id, one.malicious, one.aliases, one.summary, one.published, one.modified, one.withdrawn),
            *(one.versions, tuple(each.events for each in one.ranges), one.fixed, one.score),
            *(one.campaign, one.indicators, one.reasons),
        )
    )
    published = 0 if one.published is None else micros(one.published)
    covered = scope(one)
    ranges = _encode(covered.ranges) if covered.ranges else b""
    withdrawn = one.withdrawn is not None
    return one.project, one.id, modified, published, one.malicious, withdrawn, covered.listed, ranges, body


def advisory_of(body: bytes, source: str, project: str) -> Advisory:
    """The advisory that was written down as `body`."""
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


def micros(when: datetime) -> int:
    """Microseconds since 1970, exactly."""
    since = when - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def time_of(micros: int) -> datetime:
    """The same the other way round."""
    return _EPOCH + timedelta(microseconds=micros)
