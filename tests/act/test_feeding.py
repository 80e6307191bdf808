"""Bringing a copy up to date: whole, by increments, from where it broke off, and never to something worse."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from stockade import limits
from stockade.acquire.index.settings import IndexSettings
from stockade.acquire.index.transport import Transport
from stockade.act.feeding import Synced, Syncing, sync_all
from stockade.decide.advisories import matches
from stockade.errors import BadFeed, IndexUnavailable, NotFound, StockadeError, Truncated, UsageError
from stockade.model.advisory import Feed, FeedKind
from stockade.model.project import Release, project_name
from stockade.remember import feeds
from stockade.remember.feeds import Feeds
from tests.support import advisories
from tests.support.advisories import NOW
from tests.support.feed_server import FeedServer, all_zip
from tests.support.raw import Entry, raw_zip

ONE, TWO = advisories.record("MAL-1", "evil", "1"), advisories.record("X-2", "weak", "1")
NEWER = "2025-04-01T11:00:00Z"


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with FeedServer() as one:
        one.publish(ONE, TWO)
        yield one


@pytest.fixture
def syncing(tmp_path: Path) -> Iterator[Syncing]:
    settings = IndexSettings(installer="pip", sources=())
    with Transport(settings, sleep=lambda seconds: None) as transport:
        yield Syncing(folder=tmp_path / "feeds", transport=transport, now=NOW, home=tmp_path)


def osv(server: FeedServer) -> Feed:
    return Feed(name="osv", kind=FeedKind.OSV, url=server.url)


def later(syncing: Syncing, **length: float) -> Syncing:
    return replace(syncing, now=syncing.now + timedelta(**length))


def known(syncing: Syncing, *releases: str) -> list[str]:
    """The ids of advisories that the releases are under."""
    wanted = [Release(name=project_name(one), version="1") for one in releases or ("evil", "weak", "new")]
    with Feeds(syncing.folder, note=pytest.fail) as book:
        return sorted(one.advisory.id for one in matches(wanted, book))


def files(syncing: Syncing) -> list[str]:
    return sorted(one.name for one in syncing.folder.iterdir())


def test_the_first_sync_reads_the_archive_and_the_next_only_what_changed(
    server: FeedServer, syncing: Syncing
) -> None:
    """Records that are new, changed or withdrawn; nothing that is here already is asked for again."""
    first = syncing.sync(osv(server))
    assert (first.whole, first.came, first.state.records) == (True, 2, 2)
    assert server.asked() == ["/eco/all.zip"] and known(syncing) == ["MAL-1", "X-2"]
    server.publish(
        advisories.record("MAL-3", "new", "1", modified=NEWER),
        advisories.record("X-2", "weak", "1", modified=NEWER, withdrawn=NEWER),
        archive=False,
    )
    server.hits.clear()
    second = later(syncing, hours=1).sync(osv(server))
    assert (second.whole, second.came) == (False, 2)
    assert server.asked()[0] == "/eco/modified_id.csv"
    assert sorted(server.asked()[1:]) == ["/eco/MAL-3.json", "/eco/X-2.json"]
    assert known(syncing) == ["MAL-1", "MAL-3"]
    assert second.state.checked == NOW + timedelta(hours=1) and second.state.full == NOW
    server.hits.clear()
    assert later(syncing, hours=2).sync(osv(server)).came == 0
    assert server.asked() == ["/eco/modified_id.csv"]
    assert files(syncing) == [".lock", "osv.sqlite3"]


def test_the_list_is_read_no_further_than_it_is_new(server: FeedServer, syncing: Syncing) -> None:
    """What lies a day behind the newest that is here is not looked at; what is below it may be anything."""
    syncing.sync(osv(server))
    server.files["/eco/modified_id.csv"] += b"2020-01-01T00:00:00Z,OLD-1\nnot a row at all\n"
    assert syncing.sync(osv(server)).came == 0
    server.files["/eco/modified_id.csv"] = b"PyPI/MAL-1\n"
    with pytest.raises(BadFeed, match="no list of changes"):
        syncing.sync(osv(server))


def test_a_record_of_next_year_hides_nothing_that_changes_until_then(
    server: FeedServer, syncing: Syncing
) -> None:
    """Whoever writes one such time would else keep all increments from this machine for a month."""
    server.publish(advisories.record("X-9", "other", "1", modified="9999-01-01T00:00:00Z"))
    assert syncing.sync(osv(server)).came == 3
    since = (NOW + timedelta(minutes=30)).isoformat().replace("+00:00", "Z")
    server.publish(advisories.record("MAL-3", "new", "1", modified=since), archive=False)
    found = later(syncing, hours=1).sync(osv(server))
    assert (found.whole, found.came) == (False, 1)
    assert known(syncing) == ["MAL-1", "MAL-3", "X-2"]


def test_after_a_month_or_where_asked_it_is_read_whole_again(server: FeedServer, syncing: Syncing) -> None:
    """A list of changes does not name what was deleted; an archive that is the same is not fetched again."""
    syncing.sync(osv(server))
    server.files = {path: data for path, data in server.files.items() if "X-2" not in path}
    server.publish(archive=True)
    assert later(syncing, days=29).sync(osv(server)).state.records == 2
    assert later(syncing, days=31).sync(osv(server)).state.records == 1
    server.hits.clear()
    again = later(syncing, days=70).sync(osv(server))
    assert server.asked() == ["/eco/all.zip"] and not again.whole
    assert again.state.full == NOW + timedelta(days=70)
    assert later(syncing, days=70).sync(osv(server), whole=True).whole


def test_where_there_is_no_list_or_too_much_has_changed_it_is_read_whole(
    server: FeedServer, syncing: Syncing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mirror of the archive alone is a source, too."""
    syncing.sync(osv(server))
    server.publish(*(advisories.record(f"N-{number}", "new", "1", modified=NEWER) for number in range(5)))
    monkeypatch.setattr(limits, "MAX_INCREMENT", 4)
    assert syncing.sync(osv(server)).whole
    del server.files["/eco/modified_id.csv"]
    server.files["/eco/all.zip"] = all_zip([ONE])
    assert syncing.sync(osv(server)).whole and known(syncing) == ["MAL-1"]


def test_a_changed_record_that_cannot_be_read_is_told_and_the_old_one_counts(
    server: FeedServer, syncing: Syncing
) -> None:
    """Or is not there, or is another."""
    syncing.sync(osv(server))
    changed = [advisories.record(key, "new", "1", modified=NEWER) for key in ("MAL-1", "X-2", "A", "B")]
    server.publish(*changed, archive=False)
    del server.files["/eco/MAL-1.json"]
    server.files["/eco/X-2.json"] = b'{"id": "X-2"}'
    server.files["/eco/A.json"] = changed[3]
    came = syncing.sync(osv(server))
    assert came.came == 1 and known(syncing) == ["B", "MAL-1", "X-2"]
    told = " ".join(came.state.told)
    assert "does not have it" in told and "X-2 was left out" in told and "has the record B" in told


def test_it_goes_on_where_it_broke_off(server: FeedServer, syncing: Syncing) -> None:
    """In one run as long as it gets further, and in the next one with what was kept."""
    size = len(server.files["/eco/all.zip"])
    server.cut["/eco/all.zip"] = [size // 4, size // 4]
    assert syncing.sync(osv(server)).whole
    assert server.hits == [
        ("/eco/all.zip", 0),
        ("/eco/all.zip", size // 4),
        ("/eco/all.zip", 2 * (size // 4)),
    ]
    server.hits.clear()
    server.cut["/eco/all.zip"] = [10, 0]
    with pytest.raises(Truncated, match="10 bytes, which are kept"):
        syncing.sync(osv(server), whole=True)
    assert files(syncing) == [".lock", ".part-osv", ".part-osv.json", "osv.sqlite3"]
    assert known(syncing) == ["MAL-1", "X-2"]
    server.hits.clear()
    assert syncing.sync(osv(server), whole=True).whole
    assert server.hits == [("/eco/all.zip", 10)] and files(syncing) == [".lock", "osv.sqlite3"]


@pytest.mark.parametrize("how", ["changed", "untagged", "note", "longer", "elsewhere"])
def test_what_was_kept_of_another_archive_is_not_gone_on_with(
    server: FeedServer, syncing: Syncing, how: str
) -> None:
    """A part of one file and the rest of another would be neither."""
    server.cut["/eco/all.zip"] = [10, 0]
    server.tagged = how != "untagged"
    with pytest.raises(Truncated):
        syncing.sync(osv(server))
    server.cut.clear()
    server.hits.clear()
    if how == "changed":
        server.publish(advisories.record("N-1", "new", "1"))
    elif how == "note":
        (syncing.folder / ".part-osv.json").write_text("{}")
    elif how == "longer":
        (syncing.folder / ".part-osv").write_bytes(b"x" * 100_000)
    elif how == "elsewhere":
        server.headers["/eco/all.zip"] = {"Content-Range": "bytes 3-9/10"}
        server.status["/eco/all.zip"] = 206
        with pytest.raises(BadFeed, match="elsewhere"):
            syncing.sync(osv(server))
        server.status.clear()
    syncing.sync(osv(server))
    assert "MAL-1" in known(syncing) and ("N-1" in known(syncing)) == (how == "changed")


def test_the_checksums_that_a_source_sends_along_are_held_against_what_came(
    server: FeedServer, syncing: Syncing
) -> None:
    """Google's and RFC 9530's; what is wrong is thrown away, and the old copy stays."""
    server.sums("/eco/all.zip")
    assert syncing.sync(osv(server)).whole
    for header in ("x-goog-hash", "Repr-Digest"):
        server.headers["/eco/all.zip"] = {header: "md5=AAAAAAAAAAAAAAAAAAAAAA==, sha-256=:AAAA:, sha-512=:*:"}
        with pytest.raises(BadFeed, match="another checksum"):
            syncing.sync(osv(server), whole=True)
        assert files(syncing) == [".lock", "osv.sqlite3"] and known(syncing) == ["MAL-1", "X-2"]


def _bomb() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("X-1.json", b" " * (8 << 20))
    return made.getvalue()


def _tar_bomb() -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz", format=tarfile.PAX_FORMAT) as archive:
        info = tarfile.TarInfo("X-1.json")
        info.pax_headers = {"comment": "x" * (8 << 20)}
        archive.addfile(info)
    return made.getvalue()


def _small(size: int | None = None, **fields: object) -> bytes:
    return raw_zip([Entry(name=b"MAL-1.json", data=ONE, size=size, **fields)])  # type: ignore[arg-type]


GOOD = all_zip([ONE, TWO])
BAD = {
    "a web page": (b"\n <!DOCTYPE html><html>", "web page"),
    "nothing": (b"", "empty"),
    "cut short": (GOOD[:-30], "breaks off|not a whole zip"),
    "cut in its middle": (GOOD[: len(GOOD) // 2], "breaks off"),
    "no zip at all": (b"PK but no zip", "no zip"),
    "other bytes": (bytes(range(200)) * 20, "not a whole tar"),
    "a byte changed": (GOOD[:60] + bytes([GOOD[60] ^ 1]) + GOOD[61:], "damaged"),
    "a bomb": (_bomb(), "bomb"),
    "a bomb that lies": (_small(size=10, method=8), "bomb"),
    "shorter than it says": (_small(size=len(ONE) + 1, method=8), "another checksum"),
    "a wrong checksum": (_small(crc=1), "another checksum"),
    "encrypted": (_small(flags=1), "encrypted"),
    "a strange method": (_small(method=99), "packed in a way"),
    "a wrong offset": (_small(offset=5), "not where its directory says"),
    "far offsets": (_small(offset=1 << 30), "not where its directory says"),
    "too many entries": (raw_zip([Entry(name=b"a.json", data=ONE)], count=5), "breaks off|not a whole"),
    "a name that is none": (raw_zip([Entry(name=b"\xff\xfe.json", data=ONE)]), "not a whole zip"),
    "a tar bomb": (_tar_bomb(), "bomb"),
    "half a tar": (gzip.compress(b"X" * 700)[:-9], "not a whole tar"),
    "no record in it": (all_zip([]), "no advisory"),
    "only unreadable ones": (raw_zip([Entry(name=b"x.json", data=b"{}")]), "no advisory.*left out"),
}


@pytest.mark.parametrize("what", BAD)
def test_a_bad_archive_is_one_clear_sentence_and_the_old_copy_stays(
    server: FeedServer, syncing: Syncing, what: str
) -> None:
    """From an address, and as a file."""
    data, why = BAD[what]
    syncing.sync(osv(server))
    server.files["/eco/all.zip"] = data
    with pytest.raises(BadFeed, match=rf"feed osv: .*(?:{why})") as caught:
        syncing.sync(osv(server), whole=True)
    assert "\n" not in str(caught.value)
    (syncing.home / "bad").write_bytes(data)
    with pytest.raises(BadFeed, match=rf"feed mine: .*(?:{why})"):
        syncing.sync(Feed(name="mine", kind=FeedKind.ARCHIVE, url="bad"))
    assert known(syncing) == ["MAL-1", "X-2"] and files(syncing) == [".lock", "osv.sqlite3"]


def test_a_page_in_place_of_a_list_or_a_record(server: FeedServer, syncing: Syncing) -> None:
    """A portal that answers everything with HTML, and codes that say no."""
    syncing.sync(osv(server))
    server.publish(advisories.record("N-1", "new", "1", modified=NEWER), archive=False)
    for path, status in (("/eco/N-1.json", 403), ("/eco/modified_id.csv", 403)):
        server.status[path] = status
        with pytest.raises(BadFeed, match="answers 403"):
            syncing.sync(osv(server))
    server.status = {"/eco/modified_id.csv": 503}
    with pytest.raises(IndexUnavailable, match="503"):
        syncing.sync(osv(server))
    server.status.clear()
    server.files["/eco/modified_id.csv"] = b"<html>"
    with pytest.raises(BadFeed, match="web page"):
        syncing.sync(osv(server))
    server.files["/eco/modified_id.csv"] = b"x" * 1000
    with pytest.raises(BadFeed, match="no list of changes"):
        syncing.sync(osv(server))
    server.files["/eco/modified_id.csv"] = b"2026-13-45T00:00:00Z,X-1\n"
    with pytest.raises(BadFeed, match="no list of changes"):
        syncing.sync(osv(server))
    server.status["/eco/all.zip"] = 404
    with pytest.raises(BadFeed, match="answers 404"):
        syncing.sync(osv(server), whole=True)
    assert known(syncing) == ["MAL-1", "X-2"]


def test_unknown_fields_and_a_few_bad_records_do_not_spoil_a_feed(
    server: FeedServer, syncing: Syncing
) -> None:
    """They are counted and told, a few of them by name."""
    good = advisories.record("X-1", "weak", "1", novelty={"a": [1]}, schema_version="9.9")
    bad = [Entry(name=f"B-{number}.json".encode(), data=b"{}") for number in range(30)]
    server.files["/eco/all.zip"] = raw_zip([Entry(name=b"X-1.json", data=good), *bad, Entry(name=b"dir/")])
    came = syncing.sync(osv(server))
    assert (came.came, came.state.unreadable) == (1, 30)
    assert len(came.state.told) == limits.MAX_FEED_TOLD and "B-0.json was left out" in came.state.told[0]


def test_a_folder_of_ones_own_and_a_checkout(syncing: Syncing) -> None:
    """JSON in and below it; hidden folders, links and other files are passed over."""
    home = syncing.home / "mine"
    (home / "below").mkdir(parents=True)
    (home / ".git").mkdir()
    (home / "a.json").write_bytes(ONE)
    (home / "below/b.json").write_bytes(TWO)
    (home / ".git/c.json").write_bytes(advisories.record("N-1", "new", "1"))
    (home / "link.json").symlink_to(home / ".git/c.json")
    (home / "README.md").write_text("text")
    mine = Feed(name="mine", kind=FeedKind.FOLDER, url="mine")
    assert syncing.sync(mine).state.records == 2
    assert known(syncing) == ["MAL-1", "X-2"]
    (home / "a.json").unlink()
    assert syncing.sync(mine).state.records == 1
    with pytest.raises(NotFound, match="no folder"):
        syncing.sync(replace(mine, url="nowhere", name="other"))
    with pytest.raises(NotFound, match="no file"):
        syncing.sync(Feed(name="other", kind=FeedKind.ARCHIVE, url="nowhere"))


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_a_tarball(syncing: Syncing, mode: str) -> None:
    """Packed in any of the usual ways; files of sizes around a block, a long name, and folders in it."""
    with tarfile.open(syncing.home / "all.tar", mode) as archive:  # type: ignore[call-overload]
        folder = tarfile.TarInfo("advisory-database-main/vulns")
        folder.type = tarfile.DIRTYPE
        archive.addfile(folder)
        for number in range(40):
            data = advisories.record(f"X-{number}", "weak", "1", details="x" * number * 30)
            data += b" " * (-len(data) % 512 if number % 3 == 0 else 0)
            info = tarfile.TarInfo(f"advisory-database-main/{'long/' * (number * 4)}X-{number}.json")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    came = syncing.sync(Feed(name="tar", kind=FeedKind.ARCHIVE, url="all.tar"))
    assert (came.came, came.state.unreadable) == (40, 0)


def test_a_list_of_checksums(server: FeedServer, syncing: Syncing) -> None:
    """At an address or in a file, of this archive alone or of many."""
    data = server.files["/eco/all.zip"]
    server.files["/a/feed.zip"] = data
    right, wrong = hashlib.sha256(data).hexdigest(), "0" * 64
    feed = Feed(
        name="own", kind=FeedKind.ARCHIVE, url=f"{server.base}/a/feed.zip", checksum=f"{server.base}/sums"
    )
    for text, why in (
        (f"{right}\n", None),
        (f"{wrong}  other.zip\n{right} *feed.zip\n", None),
        (f"{wrong}  feed.zip\n", "another SHA-256"),
        (f"{right}  a.zip\n{right}  b.zip\n", "has none for feed.zip"),
        ("", "has none"),
    ):
        server.files["/sums"] = text.encode() + b"\n"
        if why is None:
            assert syncing.sync(feed, whole=True).whole
        else:
            with pytest.raises(BadFeed, match=why):
                syncing.sync(feed, whole=True)
    del server.files["/sums"]
    with pytest.raises(BadFeed, match="answers 404"):
        syncing.sync(feed, whole=True)
    (syncing.home / "feed.zip").write_bytes(data)
    here = replace(feed, name="here", url="feed.zip", checksum="SHA256SUMS")
    with pytest.raises(BadFeed, match="cannot be read"):
        syncing.sync(here)
    (syncing.home / "SHA256SUMS").write_text(f"{right}  feed.zip\n")
    assert syncing.sync(here).whole
    assert known(syncing) == ["MAL-1", "MAL-1", "X-2", "X-2"]


def test_a_name_is_not_taken_over_by_another_address(server: FeedServer, syncing: Syncing) -> None:
    """A policy that came with somebody's project cannot put its own feed in place of this one unasked."""
    syncing.sync(osv(server))
    (syncing.home / "mine").mkdir()
    (syncing.home / "mine/n.json").write_bytes(advisories.record("N-1", "new", "1"))
    other = Feed(name="osv", kind=FeedKind.FOLDER, url="mine")
    with pytest.raises(UsageError, match="--replace"):
        syncing.sync(other)
    assert known(syncing) == ["MAL-1", "X-2"]
    syncing.sync(other, instead=True)
    assert known(syncing) == ["N-1"]


def test_one_that_fails_does_not_keep_the_others(server: FeedServer, syncing: Syncing) -> None:
    """Each is heard of."""
    heard: list[tuple[str, bool]] = []

    def hear(feed: Feed, came: Synced | StockadeError) -> None:
        heard.append((feed.name, isinstance(came, Synced)))

    bad = Feed(name="bad", kind=FeedKind.FOLDER, url="nowhere")
    sync_all(syncing, [bad, osv(server)], hear)
    assert heard == [("bad", False), ("osv", True)]
    with pytest.raises(BadFeed, match="--offline"):
        replace(syncing, offline=True).sync(osv(server))


def test_an_osv_folder_on_this_machine(syncing: Syncing) -> None:
    """all.zip in a folder; there is no list to go by, so it is read whole each time."""
    (syncing.home / "eco").mkdir()
    (syncing.home / "eco/all.zip").write_bytes(GOOD)
    feed = Feed(name="osv", kind=FeedKind.OSV, url="eco")
    assert syncing.sync(feed).whole and syncing.sync(feed).whole
    assert known(syncing) == ["MAL-1", "X-2"]


def test_more_entries_than_a_plain_zip_can_count(syncing: Syncing) -> None:
    """As OSV's own archive has; sizes and offsets may stand in the wide field, too."""
    wide = raw_zip([Entry(name=b"MAL-1.json", data=ONE)], zip64=True)
    (syncing.home / "wide.zip").write_bytes(wide)
    assert syncing.sync(Feed(name="wide", kind=FeedKind.ARCHIVE, url="wide.zip")).came == 1
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for number in range(66_000):
            archive.writestr(f"{number}.txt", b"")
        with archive.open(zipfile.ZipInfo("MAL-1.json"), "w", force_zip64=True) as file:
            file.write(ONE)
    (syncing.home / "many.zip").write_bytes(made.getvalue())
    assert syncing.sync(Feed(name="many", kind=FeedKind.ARCHIVE, url="many.zip")).came == 1


def test_sizes_that_stand_in_the_wide_field(syncing: Syncing) -> None:
    """The size first, then the packed one, whichever are there; another field before it, or none at all."""
    full, other = 0xFFFF_FFFF, struct.pack("<2HI", 9, 4, 0)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = len(packer.compress(ONE) + packer.flush())
    both = other + struct.pack("<2H2Q", 1, 16, len(ONE), packed)
    feed = Feed(name="wide", kind=FeedKind.ARCHIVE, url="wide.zip")
    for entry in (
        Entry(name=b"MAL-1.json", data=ONE, method=8, size=full, packed=full, extra=both),
        Entry(name=b"MAL-1.json", data=ONE, method=8, size=full, extra=struct.pack("<2HQ", 1, 8, len(ONE))),
    ):
        (syncing.home / "wide.zip").write_bytes(raw_zip([entry]))
        assert syncing.sync(feed).came == 1
    (syncing.home / "wide.zip").write_bytes(
        raw_zip([Entry(name=b"MAL-1.json", data=ONE, size=full, extra=other)])
    )
    with pytest.raises(BadFeed, match="bomb"):
        syncing.sync(feed)
    for shift in (3, 1 << 63):
        far = raw_zip([Entry(name=b"MAL-1.json", data=ONE)], zip64=True, zip64_shift=shift)
        (syncing.home / "wide.zip").write_bytes(far)
        with pytest.raises(BadFeed, match=r"damaged|not a whole zip"):
            syncing.sync(feed)


def test_a_member_that_says_that_all_is_its_own_is_not_read(syncing: Syncing) -> None:
    """Each of many such members would have the whole archive copied."""
    far = Entry(name=b"MAL-1.json", data=ONE, packed=limits.MAX_ADVISORY + 1)
    (syncing.home / "far.zip").write_bytes(raw_zip([far]))
    with pytest.raises(BadFeed, match="bomb"):
        syncing.sync(Feed(name="far", kind=FeedKind.ARCHIVE, url="far.zip"))


def test_too_many_members_are_refused(syncing: Syncing, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a zip, a tar and a folder."""
    monkeypatch.setattr(limits, "MAX_RECORDS", 1)
    (syncing.home / "a.zip").write_bytes(GOOD)
    with tarfile.open(syncing.home / "a.tar", "w") as archive:
        for number in range(2):
            archive.addfile(tarfile.TarInfo(f"{number}.json"), io.BytesIO())
    for url, kind in (("a.zip", FeedKind.ARCHIVE), ("a.tar", FeedKind.ARCHIVE), ("many", FeedKind.FOLDER)):
        (syncing.home / "many").mkdir(exist_ok=True)
        (syncing.home / "many/1.json").write_bytes(ONE)
        (syncing.home / "many/2.json").write_bytes(ONE)
        with pytest.raises(BadFeed, match="more than 1"):
            syncing.sync(Feed(name="many", kind=kind, url=url))


def test_times_of_the_list_and_of_records_agree(server: FeedServer, syncing: Syncing) -> None:
    """Or every sync would fetch the same records again."""
    when = "2025-04-01T11:00:00.123456789Z"
    server.publish(advisories.record("N-1", "new", "1", modified=when))
    syncing.sync(osv(server))
    server.hits.clear()
    assert syncing.sync(osv(server)).came == 0 and server.asked() == ["/eco/modified_id.csv"]
    assert isinstance(feeds.modified(syncing.folder, "osv", ["N-1"])["N-1"], datetime)
    assert json.loads(server.files["/eco/N-1.json"])["modified"] == when
