"""Brings the copy of a feed up to date: whole, or only what has changed since."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from stockade import limits
from stockade.acquire.advisories import changes, download, files
from stockade.acquire.advisories.osv import UnreadableRecord, record
from stockade.acquire.advisories.reading import Reading
from stockade.acquire.index.transport import Transport
from stockade.errors import BadFeed, StockadeError, UsageError
from stockade.model.advisory import Feed, FeedKind, FeedState, Record
from stockade.remember import feeds

ALL = "all.zip"
_WEB = ("https://", "http://")


@dataclass(frozen=True, slots=True)
class Synced:
    """A copy after a sync: read whole or not, and how many records came."""

    state: FeedState
    whole: bool
    came: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Syncing:
    """Where copies are kept, what may be asked, and when it is. `home` is what relative paths of feeds begin at."""

    folder: Path
    transport: Transport
    now: datetime
    home: Path
    offline: bool = False

    def sync(self, feed: Feed, *, whole: bool = False, instead: bool = False) -> Synced:
        """Bring the copy of `feed` up to date; with `whole` it is read anew, with `instead` from another address, too.

        Whatever goes wrong leaves the old copy as it was. Raises BadFeed, FeedStoreFailed, UsageError, NotFound, and
        what Transport does.
        """
        if self.offline and _on_web(feed.url):
            raise BadFeed(f"feed {feed.name} is at {feed.url}, and --offline says not to ask")
        with feeds.turn(self.folder):
            old = feeds.state(self.folder, feed.name)
            if old is not None and (old.url, old.kind) != (feed.url, feed.kind):
                if not instead:
                    raise UsageError(
                        f"feed {feed.name} on this machine comes from {old.url}, and the policy says {feed.url}:"
                        " give it another name there, or have it replaced with --replace"
                    )
                old = None
            try:
                return self._synced(feed, None if whole else old)
            except BadFeed as why:
                raise type(why)(f"feed {feed.name}: {why}") from None

    def _synced(self, feed: Feed, old: FeedState | None) -> Synced:
        match feed.kind:
            case FeedKind.OSV:
                return self._ecosystem(feed, old)
            case FeedKind.ARCHIVE:
                return self._archive(feed, feed.url, old)
            case FeedKind.FOLDER:
                return self._whole(feed, files.in_folder(self.home / feed.url))

    def _ecosystem(self, feed: Feed, old: FeedState | None) -> Synced:
        base = feed.url if feed.url.endswith("/") else feed.url + "/"
        fresh = old is not None and self.now - old.full < timedelta(seconds=limits.FEED_FULL_SECONDS)
        if old is not None and old.newest is not None and fresh and _on_web(base):
            increment = self._increment(feed, base, old, old.newest)
            if increment is not None:
                return increment
        return self._archive(feed, base + ALL, old)

    def _increment(self, feed: Feed, base: str, old: FeedState, newest: datetime) -> Synced | None:
        """What has changed, record by record; None where the whole archive is the way, or the shorter one."""
        # A record that says that it changed next year must not hide all that changes until then.
        since = min(newest, old.checked) - timedelta(seconds=limits.FEED_OVERLAP_SECONDS)
        listed = changes.changed_since(base, self.transport, since)
        if listed is None:
            return None
        known = feeds.modified(self.folder, feed.name, listed)
        wanted = [key for key, when in listed.items() if key not in known or known[key] < when]
        if len(wanted) > limits.MAX_INCREMENT:
            return None
        told: list[str] = []
        came = _read(changes.fetched(base, self.transport, wanted), feed.name, told)
        state = feeds.changed(
            self.folder,
            feed.name,
            came,
            lambda: replace(old, checked=self.now, told=tuple(told)[: limits.MAX_FEED_TOLD]),
        )
        return Synced(state, whole=False, came=len(wanted) - len(told))

    def _archive(self, feed: Feed, url: str, old: FeedState | None) -> Synced:
        if not _on_web(url):
            path = self.home / url.removeprefix("file://")
            self._checked(feed, path)
            return self._whole(feed, files.archived(path))
        have = old.version if old is not None else ""
        got = download.archive(url, self.transport, self.folder, feed.name, have)
        if got is None:
            assert old is not None  # nothing else has a version
            state = feeds.changed(
                self.folder, feed.name, (), lambda: replace(old, checked=self.now, full=self.now)
            )
            return Synced(state, whole=False, came=0)
        try:
            self._checked(feed, got.path)
            made = self._whole(feed, files.archived(got.path), got.version)
        finally:
            # Read or refused: what was wrong with it would be wrong with it again.
            download.done(self.folder, feed.name)
        return made

    def _checked(self, feed: Feed, path: Path) -> None:
        """Against the list of checksums that the policy names."""
        if not feed.checksum:
            return
        filename = urlsplit(feed.url).path.rpartition("/")[2] or ALL
        download.checked(path, lambda: self._text(feed.checksum), filename)

    def _text(self, place: str) -> str:
        if not _on_web(place):
            try:
                with (self.home / place.removeprefix("file://")).open("rb") as file:
                    return file.read(limits.MAX_CONFIG).decode("utf-8", "replace")
            except OSError as why:
                raise BadFeed(f"its list of checksums {place} cannot be read: {why.strerror}") from None
        return download.text(place, self.transport)

    def _whole(self, feed: Feed, found: Iterable[tuple[str, bytes]], version: str = "") -> Synced:
        reading = Reading(feed.name)

        def made() -> FeedState:
            return FeedState(
                name=feed.name,
                kind=feed.kind,
                url=feed.url,
                checked=self.now,
                full=self.now,
                unreadable=reading.unreadable,
                told=tuple(reading.told),
                version=version,
            )

        state = feeds.replaced(self.folder, feed, reading.read(found), made)
        return Synced(state, whole=True, came=reading.records)


def _read(found: Iterable[tuple[str, bytes | None]], source: str, told: list[str]) -> Iterator[Record]:
    for key, data in found:
        if data is None:
            told.append(f"{key} was left out: its source lists it, and does not have it")
            continue
        try:
            one = record(data, source)
        except UnreadableRecord as why:
            told.append(f"{key} was left out: {why}")
            continue
        if one.id == key:
            yield one
        else:
            told.append(f"{key} was left out: its address has the record {one.id}")


def _on_web(url: str) -> bool:
    return url.startswith(_WEB)


def sync_all(
    syncing: Syncing,
    wanted: Iterable[Feed],
    heard: Callable[[Feed, Synced | StockadeError], None],
    *,
    whole: bool = False,
    instead: bool = False,
) -> None:
    """Sync each of `wanted`; one that fails does not keep the others from it. `heard` is told of each."""
    for feed in wanted:
        try:
            heard(feed, syncing.sync(feed, whole=whole, instead=instead))
        except StockadeError as why:
            heard(feed, why)
