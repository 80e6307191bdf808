"""Looks into the copies of feeds."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Self

import msgspec

from stockade.errors import FeedStoreFailed
from stockade.model.advisory import Advisory, FeedState, Key, Record, Scope
from stockade.model.project import ProjectName
from stockade.remember.feeds.form import (
    SUFFIX,
    advisory_of,
    decode_ranges,
    micros,
    opened,
    path_of,
    saying_where,
    state_of,
    time_of,
)

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
                            found.setdefault(project, []).append(advisory_of(row[0], name, project))
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
                            events = decode_ranges(ranges) if ranges else ()
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
                            found[key] = advisory_of(row[0], name, key.project)
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
                    for project, body in db.execute(text, (micros(when),)):
                        rows.append(advisory_of(body, name, project))
        first = datetime.min.replace(tzinfo=UTC)
        yield from sorted(rows, key=lambda one: (one.published or first, one.id, one.project))

    def states(self) -> tuple[FeedState, ...]:
        """Every copy that can be read, by name."""
        found = []
        with self._lock:
            for name, db in self._current():
                with self._saying(name):
                    found.append(state_of(db))
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
                if entry.name.endswith(SUFFIX) and not entry.name.startswith("."):
                    with contextlib.suppress(FileNotFoundError):
                        found = entry.stat(follow_symlinks=False)
                        seen[entry.name.removesuffix(SUFFIX)] = (
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
            return opened(path_of(self._folder, name), shared=True)
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


def state(folder: Path, name: str) -> FeedState | None:
    """The copy of feed `name` as it is, None where there is none; raises FeedStoreFailed."""
    path = path_of(folder, name)
    if not path.exists():
        return None
    with contextlib.closing(opened(path)) as db, saying_where(path):
        return state_of(db)


def modified(folder: Path, name: str, ids: Iterable[str]) -> dict[str, datetime]:
    """When those of `ids` that the copy has were last changed, as far as it knows."""
    path = path_of(folder, name)
    found = {}
    with contextlib.closing(opened(path)) as db, saying_where(path):
        for one in ids:
            row = db.execute("select modified from advisories where id = ?", (one,)).fetchone()
            if row:
                found[one] = time_of(row[0])
    return found


def every(folder: Path, name: str) -> Iterator[Record]:
    """All records of the copy of feed `name`, by id; raises FeedStoreFailed."""
    path = path_of(folder, name)
    with contextlib.closing(opened(path)) as db, saying_where(path):
        rows = db.execute("select id, modified, project, body from advisories order by id, project")
        for (key, when), several in groupby(rows, lambda row: row[:2]):
            found = tuple(advisory_of(row[3], name, row[2]) for row in several if row[2])
            yield Record(id=key, modified=time_of(when), advisories=found)
