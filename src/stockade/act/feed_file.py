"""Copies of feeds as one file that another machine can take in: lines of JSON, packed, with a checksum at the end.

No database is carried over: what comes from elsewhere is read as strictly as a feed is.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from stockade import limits
from stockade.errors import BadFeed, FeedStoreFailed, NotFound
from stockade.model.advisory import Feed, FeedState, Record
from stockade.remember import feeds
from stockade.remember.feeds import Feeds

FORM = "stockade-feeds-1"
#: What a feed may be called; it becomes a file's name.
NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?")
_NONE = timedelta()
_PROJECT = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,253}[a-z0-9])?")


class _Line(msgspec.Struct, omit_defaults=True):
    """One line: the form, a feed that follows, one record of it, or the end."""

    form: str = ""
    feed: FeedState | None = None
    record: Record | None = None
    sha256: str = ""


#: After what each kind of line may stand.
_AFTER = {
    "form": ("",),
    "feed": ("form", "feed", "record"),
    "record": ("feed", "record"),
    "sha256": ("form", "feed", "record"),
    "": (),
}


def export(folder: Path, target: Path) -> tuple[FeedState, ...]:
    """Write every copy in `folder` to `target`, whole or not at all; raises FeedStoreFailed, BadFeed for none."""
    told: list[str] = []
    with Feeds(folder, note=told.append) as book:
        states = book.states()
    if told:
        raise FeedStoreFailed(told[0])
    if not states:
        raise BadFeed("there is no feed on this machine to export")
    new = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with new.open("xb") as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) as file:
            sums = hashlib.sha256()
            for line in _lines(folder, states):
                data = msgspec.json.encode(line) + b"\n"
                sums.update(data)
                file.write(data)
            file.write(msgspec.json.encode(_Line(sha256=sums.hexdigest())) + b"\n")
        new.replace(target)
    except OSError as why:
        raise FeedStoreFailed(f"{target} cannot be written: {why.strerror}") from None
    finally:
        new.unlink(missing_ok=True)
    return states


def _lines(folder: Path, states: tuple[FeedState, ...]) -> Iterator[_Line]:
    yield _Line(form=FORM)
    for state in states:
        yield _Line(feed=state)
        for one in feeds.every(folder, state.name):
            yield _Line(record=one)


def taken_in(folder: Path, source: Path) -> tuple[FeedState, ...]:
    """Put every feed of `source` in place of the copy of its name, once its checksum is found right.

    A copy that was brought up to date later than the one in the file stays. Raises NotFound, BadFeed, FeedStoreFailed.
    """
    try:
        _verify(source)
        return tuple(_put(folder, source))
    except FileNotFoundError:
        raise NotFound(f"there is no file {source}") from None
    except (OSError, EOFError, zlib.error) as why:
        raise BadFeed(f"{source} cannot be read as a file of feeds: {str(why)[:100]}") from None


def _verify(source: Path) -> None:
    """Raises BadFeed where the file is not what was written: nothing of it is used before."""
    sums, total, said, before = hashlib.sha256(), 0, "", ""
    with gzip.open(source, "rb") as file:
        for data in _read(file):
            if said:
                raise BadFeed(f"{source} goes on after its end")
            total += len(data)
            if total > limits.MAX_FEED_UNPACKED:
                raise BadFeed(f"{source} unpacks to more than any feeds do")
            line = _parsed(data, source)
            if not before and line.form != FORM:
                raise BadFeed(f"{source} is no file of feeds of this form ({FORM})")
            # What is out of turn would be passed over when it is put in, and with it all that comes after.
            kind = _kind(line)
            if before not in _AFTER[kind]:
                raise BadFeed(f"{source} has a line where none of its kind can be")
            before, said = kind, line.sha256
            if not said:
                sums.update(data)
    if not said:
        raise BadFeed(f"{source} breaks off before its end")
    if said != sums.hexdigest():
        raise BadFeed(f"{source} has another checksum than it says: it was damaged or changed on its way")


def _kind(line: _Line) -> str:
    """Which of the four it is, "" where it is none of them or several."""
    kinds = [name for name in line.__struct_fields__ if getattr(line, name)]
    return kinds[0] if len(kinds) == 1 else ""


def _times(line: _Line) -> Iterator[datetime | None]:
    if line.feed is not None:
        yield from (line.feed.checked, line.feed.full, line.feed.newest)
    if line.record is not None:
        yield line.record.modified
        for one in line.record.advisories:
            yield from (one.published, one.modified, one.withdrawn)


def _put(folder: Path, source: Path) -> Iterator[FeedState]:
    with gzip.open(source, "rb") as file, feeds.turn(folder):
        lines = (_parsed(data, source) for data in _read(file))
        next(lines)
        line = next(lines)
        while line.feed is not None:
            state = line.feed
            after: list[_Line] = []
            feed = Feed(name=state.name, kind=state.kind, url=state.url)
            records = _records(lines, source, after)
            old = feeds.state(folder, state.name)
            if old is not None and old.checked > state.checked:
                for _ in records:
                    pass
                yield old
            else:
                # An archive's version is forgotten: the next sync here reads it whole.
                yield feeds.replaced(folder, feed, records, lambda made=state: replace(made, version=""))  # type: ignore[misc]
            line = after[0]


def _records(lines: Iterator[_Line], source: Path, after: list[_Line]) -> Iterator[Record]:
    for line in lines:
        if line.record is None:
            after.append(line)
            return
        if any(_PROJECT.fullmatch(one.project) is None for one in line.record.advisories):
            raise BadFeed(f"{source} names what is no project")
        yield line.record


def _read(file: gzip.GzipFile) -> Iterator[bytes]:
    while data := file.readline(2 * limits.MAX_ADVISORY):
        if not data.endswith(b"\n"):
            raise BadFeed("it has a line that is longer than any advisory, or breaks off")
        yield data


def _parsed(data: bytes, source: Path) -> _Line:
    try:
        line = msgspec.json.decode(data, type=_Line)
    except (msgspec.MsgspecError, RecursionError):
        raise BadFeed(f"{source} is no file of feeds") from None
    if line.feed is not None and NAME.fullmatch(line.feed.name) is None:
        raise BadFeed(f"{source} has a feed whose name is none")
    if any(one is not None and one.utcoffset() != _NONE for one in _times(line)):
        raise BadFeed(f"{source} has a time that is not UTC")
    return line
