"""Copies of feeds: replaced whole or not at all, read while they are replaced, refused where they are not ours."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from stockade.acquire.advisories.osv import record
from stockade.decide.advisories import matches
from stockade.errors import FeedStoreFailed
from stockade.model.advisory import Feed, FeedKind, FeedState, Key, Record
from stockade.model.project import ProjectName, Release, project_name
from stockade.remember import feeds
from stockade.remember.feeds import Feeds
from tests.support import advisories
from tests.support.advisories import NOW

FEED = Feed(name="osv", kind=FeedKind.OSV, url="https://advisories.example/")


def made(feed: Feed = FEED) -> FeedState:
    return FeedState(name=feed.name, kind=feed.kind, url=feed.url, checked=NOW, full=NOW)


def records(*data: bytes) -> Iterator[Record]:
    for one in data:
        yield record(one, "any")


def put(folder: Path, *data: bytes, feed: Feed = FEED) -> FeedState:
    with feeds.turn(folder):
        return feeds.replaced(folder, feed, records(*data), lambda: made(feed))


def change(folder: Path, *data: bytes) -> FeedState:
    with feeds.turn(folder):
        return feeds.changed(folder, "osv", records(*data), made)


def ids(folder: Path, *releases: str) -> list[str]:
    told: list[str] = []
    with Feeds(folder, note=told.append) as book:
        found = matches([parsed(one) for one in releases], book)
    assert told == []
    return [one.advisory.id for one in found]


def parsed(text: str) -> Release:
    name, _, version = text.partition("==")
    return Release(name=project_name(name), version=version)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "feeds"


def test_the_whole_campaign_is_found_through_a_feed(folder: Path) -> None:
    """All twenty, each version of each, and nothing else."""
    state = put(folder, *advisories.incident_records())
    assert (state.records, state.advisories, state.malicious, state.withdrawn) == (20, 20, 20, 0)
    rows = list(advisories.incident())
    releases = [f"{one['project']}=={version}" for one in rows for version in one["versions"].split()]
    assert sorted(set(ids(folder, *releases))) == sorted(one["osv_id"] for one in rows)
    assert ids(folder, *(f"{one['project']}==99" for one in rows), "requests==2.0") == []


def test_what_was_put_in_comes_out(folder: Path) -> None:
    """Advisory for advisory, with the feed's name for its source."""
    data = advisories.record(
        *("MAL-2025-1", "acme", "1.0"),
        events=[("introduced", "2"), ("fixed", "3")],
        aliases=["GHSA-x"],
        summary="text",
        severity=[{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N"}],
        database_specific={
            "iocs": {"domains": ["a.example"]},
            "malicious-packages-origins": [{"id": "pypi/c/acme"}],
        },
        details="Reasons (based on the campaign):\n - steals",
    )
    put(folder, data)
    with Feeds(folder, note=pytest.fail) as book:
        found = book.about([project_name("acme"), project_name("other")])
        (key,) = [key for key, _ in book.scopes([project_name("acme")])[project_name("acme")]]
        assert book.advisories([key]) == {key: found[project_name("acme")][0]}
        assert (
            book.advisories([Key("osv", ProjectName("acme"), "gone"), Key("x", ProjectName("acme"), "x")])
            == {}
        )
    assert found == {"acme": record(data, "osv").advisories}


def test_an_increment_replaces_what_it_names_and_nothing_else(folder: Path) -> None:
    """A record may have changed its projects, been withdrawn, or be new."""
    put(folder, *(advisories.record(f"X-{number}", f"p{number}", "1") for number in range(4)))
    state = change(
        folder,
        advisories.record("X-0", "moved", "1", modified="2025-05-01T00:00:00Z"),
        advisories.record("X-1", "p1", "1", withdrawn="2025-05-01T00:00:00Z"),
        advisories.record("X-9", "p9", "1"),
    )
    every = [f"p{number}==1" for number in range(10)]
    assert ids(folder, *every, "moved==1") == ["X-0", "X-2", "X-3", "X-9"]
    assert (state.records, state.advisories, state.withdrawn) == (5, 5, 1)
    assert state.newest is not None and state.newest.month == 5
    assert feeds.state(folder, "osv") == state
    when = feeds.modified(folder, "osv", ["X-0", "X-2", "never"])
    assert {key: one.month for key, one in when.items()} == {"X-0": 5, "X-2": 4}


def test_of_one_id_twice_the_later_change_counts(folder: Path) -> None:
    """In whichever order they come."""
    old, new = (advisories.record("X-1", "p", v, modified=f"2025-0{v}-01T00:00:00Z") for v in "12")
    for several in ((old, new), (new, old), (old, new, old)):
        assert put(folder, *several).records == 1
        assert ids(folder, "p==1", "p==2") == ["X-1"]
        assert ids(folder, "p==2") == ["X-1"]


def test_two_feeds_both_count(folder: Path) -> None:
    """By name; one that is taken away no longer does."""
    mine = Feed(name="mine", kind=FeedKind.FOLDER, url="/srv/mine")
    put(folder, advisories.record("X-1", "p", "1"))
    put(folder, advisories.record("X-1", "p", "1"), feed=mine)
    with Feeds(folder, note=pytest.fail) as book:
        before = book.token()
        assert [one.name for one in book.states()] == ["mine", "osv"]
        assert [one.advisory.source for one in matches([parsed("p==1")], book)] == ["mine", "osv"]
        assert feeds.forgotten(folder, "mine") and not feeds.forgotten(folder, "mine")
        assert [one.name for one in book.states()] == ["osv"]
        assert book.token() != before


def test_who_reads_keeps_a_whole_copy_while_it_is_replaced(folder: Path) -> None:
    """And has the new one the next time that it asks."""
    put(folder, advisories.record("X-1", "p", "1"))
    with Feeds(folder, note=pytest.fail) as book:
        seen = []

        def slowly() -> Iterator[Record]:
            for number in range(5000):
                if number % 1000 == 0:
                    seen.append([one.advisory.id for one in matches([parsed("p==1")], book)])
                yield from records(advisories.record(f"Y-{number}", "p", "1" if number == 7 else "2"))

        with feeds.turn(folder):
            feeds.replaced(folder, FEED, slowly(), made)
        assert seen == [["X-1"]] * 5
        assert [one.advisory.id for one in matches([parsed("p==1")], book)] == ["Y-7"]


def test_a_failure_on_the_way_leaves_the_old_copy(folder: Path) -> None:
    """Whatever raises, and wherever."""
    put(folder, advisories.record("X-1", "p", "1"))

    def broken() -> Iterator[Record]:
        yield from records(advisories.record("Y-1", "p", "1"))
        raise KeyboardInterrupt

    for write in (partial(feeds.replaced, folder, FEED), partial(feeds.changed, folder, "osv")):
        with pytest.raises(KeyboardInterrupt), feeds.turn(folder):
            write(broken(), made)
        assert ids(folder, "p==1") == ["X-1"]
        assert sorted(one.name for one in folder.iterdir()) == [".lock", "osv.sqlite3"]


_WRITER = """
import sys
from pathlib import Path
from tests.remember.test_feeds import FEED, made, records
from tests.support import advisories
from stockade.remember import feeds
folder = Path(sys.argv[1])
print("ready", flush=True)
with feeds.turn(folder):
    for round in range(10**6):
        several = (advisories.record(f"Y-{n}", "p" if n == 2999 else f"q{n}", "1") for n in range(3000))
        if round % 2:
            feeds.changed(folder, "osv", records(*several), made)
        else:
            feeds.replaced(folder, FEED, records(*several), made)
"""


@pytest.mark.parametrize("after", [0.0, 0.05, 0.15, 0.3, 0.4])
def test_killed_at_any_moment_the_copy_is_the_old_or_the_new(folder: Path, after: float) -> None:
    """And the next writer clears what the dead one left."""
    put(folder, advisories.record("X-1", "p", "1"))
    with subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(folder)],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    ) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(after)
        writer.send_signal(signal.SIGKILL)
    found = ids(folder, "p==1")
    assert found in (["X-1"], ["Y-2999"])
    with sqlite3.connect(feeds.path_of(folder, "osv")) as db:
        assert db.execute("pragma integrity_check").fetchone() == ("ok",)
    db.close()
    put(folder, advisories.record("Z-1", "p", "1"))
    assert sorted(one.name for one in folder.iterdir()) == [".lock", "osv.sqlite3"]


def test_of_two_writers_one_waits_or_says_so(folder: Path) -> None:
    """Never both at once."""
    with (
        feeds.turn(folder),
        pytest.raises(FeedStoreFailed, match="another sync is at work"),
        feeds.turn(folder, patience=0.1),
    ):
        pytest.fail("two at once")
    order = []

    def second() -> None:
        with feeds.turn(folder):
            order.append("second")

    with feeds.turn(folder):
        waiting = threading.Thread(target=second)
        waiting.start()
        time.sleep(0.1)
        order.append("first")
    waiting.join()
    assert order == ["first", "second"]


def _spoil(path: Path, *statements: str) -> None:
    with sqlite3.connect(path) as db:
        for one in statements:
            db.execute(one)
    db.close()


def test_a_copy_of_a_newer_stockade_is_refused_by_name(folder: Path) -> None:
    """So are an older one's and another program's; the other feeds still count."""
    put(folder, advisories.record("X-1", "p", "1"), feed=Feed(name="mine", kind=FeedKind.FOLDER, url="/m"))
    for statement, why in (
        ("pragma user_version = 99", "a newer Stockade"),
        ("pragma user_version = 0", "an older Stockade"),
        ("pragma application_id = 1", "none of Stockade's"),
    ):
        put(folder, advisories.record("X-1", "p", "1"))
        _spoil(feeds.path_of(folder, "osv"), statement)
        told: list[str] = []
        with Feeds(folder, note=told.append) as book:
            assert [one.advisory.source for one in matches([parsed("p==1")], book)] == ["mine"]
            book.states()
        assert len(told) == 1 and why in told[0] and "stockade feed sync" in told[0]
        with pytest.raises(FeedStoreFailed, match=why):
            feeds.state(folder, "osv")


def test_a_damaged_copy_is_left_out_and_said(folder: Path) -> None:
    """Bytes that are no database, one whose pages are rubbish, and one that lacks a table."""
    path = feeds.path_of(folder, "osv")
    several = [advisories.record(f"X-{number}", "p", "1") for number in range(2000)]
    for spoil in ("text", "pages", "table", "state"):
        put(folder, *several)
        if spoil == "text":
            path.write_bytes(b"<html>" * 2000)
        elif spoil == "pages":
            data = path.read_bytes()
            path.write_bytes(data[:4096] + b"\x7f" * (len(data) - 4096))
        elif spoil == "table":
            _spoil(path, "drop table advisories")
        else:
            _spoil(path, "delete from state")
        told: list[str] = []
        with Feeds(folder, note=told.append) as book:
            if spoil == "state":
                assert book.states() == ()
            assert matches([parsed("p==1")], book) == ()
            assert book.about([project_name("p")]) == {}
        assert len(told) == 1 and "osv.sqlite3" in told[0]
        with pytest.raises(FeedStoreFailed):
            change(folder, several[0]) if spoil != "state" else feeds.state(folder, "osv")


def test_a_copy_that_others_could_change_does_not_count(folder: Path) -> None:
    """Nor a link; whoever writes there could clear a name."""
    put(folder, advisories.record("X-1", "p", "1"))
    path = feeds.path_of(folder, "osv")
    assert path.stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700
    path.chmod(0o666)
    told: list[str] = []
    with Feeds(folder, note=told.append) as book:
        assert matches([parsed("p==1")], book) == ()
    assert "others" in told[0] or "other users" in told[0]
    path.chmod(0o600)
    path.rename(folder / "x")
    path.symlink_to(folder / "x")
    with Feeds(folder, note=told.append) as book:
        assert matches([parsed("p==1")], book) == ()
    assert "link" in told[1]


def test_where_nothing_can_be_written_it_says_so(folder: Path) -> None:
    """A file in the folder's place; nothing where there is no folder at all."""
    with Feeds(folder, note=pytest.fail) as book:
        assert book.states() == () and book.token() == ()
    assert feeds.state(folder, "osv") is None
    folder.write_text("a file")
    with pytest.raises(FeedStoreFailed, match="cannot be written"), feeds.turn(folder):
        pytest.fail("it was no folder")
    with Feeds(folder, note=pytest.fail) as book:
        assert book.states() == ()


def test_what_was_published_since_a_day(folder: Path) -> None:
    """The oldest first; withdrawn ones are left out, and the kinds can be told apart."""
    days = {"MAL-1": 3, "X-2": 2, "X-1": 1, "MAL-9": 5}
    several = [
        advisories.record(key, "p", "1", published=f"2025-04-0{day}T00:00:00Z") for key, day in days.items()
    ]
    several.append(advisories.record("X-7", "p", "1", withdrawn="2025-05-01T00:00:00Z"))
    put(folder, *several)
    with Feeds(folder, note=pytest.fail) as book:
        since = NOW.replace(hour=0)
        assert [one.id for one in book.since(since)] == ["X-2", "MAL-1", "MAL-9"]
        assert [one.id for one in book.since(since, malicious=True)] == ["MAL-1", "MAL-9"]
        assert [one.id for one in book.since(since + timedelta(days=30))] == []
        assert [one.id for one in book.since(since, malicious=False)] == ["X-2"]
