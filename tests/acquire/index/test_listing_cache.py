"""Pages are kept whole or not at all, and what is damaged is as good as absent."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockade import limits
from stockade.acquire.index.listing_cache import ListingCache, Page, freshness, prune

URL = "https://index.invalid/simple/demo/"


def page(**more: str | float | bytes) -> Page:
    facts = {"url": URL, "address": URL, "kind": "text/html", "body": b"<a>", "etag": '"x"', "fresh": 300.0}
    return Page(**(facts | more))  # type: ignore[arg-type]


def kept_file(folder: Path) -> Path:
    (path,) = folder.glob("*/*")
    return path


def test_what_was_kept_comes_back(tmp_path: Path) -> None:
    cache = ListingCache(tmp_path / "listings", now=lambda: 1000.0)
    assert cache.get(URL) is None
    stored = cache.put(page(body=b"one\ntwo\x00"))
    assert cache.get(URL) == stored
    assert stored.fetched == 1000.0
    assert cache.get(URL + "x") is None
    file = kept_file(tmp_path / "listings")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_freshness_has_a_bound_and_a_clock_set_back_ends_it(tmp_path: Path) -> None:
    now = [1000.0]
    cache = ListingCache(tmp_path, now=lambda: now[0])
    short, long = cache.put(page(fresh=10.0)), cache.put(page(fresh=1e9))
    for moment, expected in [(1000.0, (True, True)), (1011.0, (False, True)), (1601.0, (False, False))]:
        now[0] = moment
        assert (cache.is_fresh(short), cache.is_fresh(long)) == expected
    now[0] = 900.0
    assert not cache.is_fresh(long)


@pytest.mark.parametrize(
    ("control", "age", "seconds"),
    [
        ("public", "", 0.0),
        ("max-age=600, public", "", 600.0),
        ("public, Max-Age = 60", "10", 50.0),
        ('max-age="60"', "100", 0.0),
        ("max-age=600, no-cache", "", 0.0),
        ("no-store", "", 0.0),
        ("max-age=x", "y", 0.0),
        ("max-age=60", "²", 60.0),
    ],
)
def test_cache_control(control: str, age: str, seconds: float) -> None:
    assert freshness({"cache-control": control, "age": age}) == seconds


def test_an_index_that_says_nothing_is_not_asked_again_at_once() -> None:
    assert freshness({}) == limits.LISTING_AGE_UNSAID
    for name in ("etag", "last-modified", "expires", "pragma"):
        assert freshness({name: "x"}) == 0.0


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 400), st.binary(min_size=1, max_size=3))
def test_a_damaged_file_is_absent(tmp_path_factory: pytest.TempPathFactory, place: int, junk: bytes) -> None:
    folder = tmp_path_factory.mktemp("cache")
    cache = ListingCache(folder)
    stored = cache.put(page())
    file = kept_file(folder)
    whole = file.read_bytes()
    broken = whole[: place % len(whole)] + junk
    file.write_bytes(broken)
    assert cache.get(URL) in {None, stored}
    assert cache.get(URL) is None or broken == whole


def test_another_url_in_its_place_is_absent(tmp_path: Path) -> None:
    cache = ListingCache(tmp_path)
    cache.put(page())
    file = kept_file(tmp_path)
    head, _, body = file.read_bytes().partition(b"\n")
    file.write_bytes(head.replace(b"/demo/", b"/evil/") + b"\n" + body)
    assert cache.get(URL) is None


def test_a_folder_that_cannot_be_written_is_only_remarked_upon(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    cache = ListingCache(blocked)
    cache.put(page())
    assert cache.trouble is not None
    assert str(blocked) in cache.trouble
    assert cache.get(URL) is None


def test_no_partial_file_stays_behind(tmp_path: Path) -> None:
    cache = ListingCache(tmp_path)
    cache.put(page())
    kept_file(tmp_path).unlink()
    (next(tmp_path.iterdir()) / "keep").mkdir()
    target = next(tmp_path.iterdir()) / "keep"
    target.rename(target.with_name(cache._path(URL).name))
    cache.put(page())
    assert cache.trouble is not None, "a folder stands where the file should be"
    assert [path.name[:1] for path in tmp_path.glob("*/*")] != ["."]
    assert len(list(tmp_path.glob("*/*"))) == 1


def test_pruning_takes_the_oldest_first(tmp_path: Path) -> None:
    folder = tmp_path / "ab"
    folder.mkdir()
    for age, name in enumerate(["new", "middle", "old"]):
        (folder / name).write_bytes(bytes(10))
        os.utime(folder / name, (1_000_000 - age, 1_000_000 - age))
    (folder / ".left").write_bytes(bytes(10))
    os.utime(folder / ".left", (1, 1))
    prune(tmp_path, 20)
    assert sorted(path.name for path in folder.iterdir()) == ["middle", "new"]
    prune(tmp_path, 0, keep_since=999_999.5)
    assert [path.name for path in folder.iterdir()] == ["new"]
    (folder / "sub").mkdir()
    prune(tmp_path, 0)
    assert [path.name for path in folder.iterdir()] == ["sub"], "what cannot be removed stays"


def test_pruning_happens_only_after_writing(tmp_path: Path) -> None:
    ListingCache(tmp_path).put(page())
    reader = ListingCache(tmp_path)
    reader.prune(0)
    assert reader.get(URL) is not None
    writer = ListingCache(tmp_path)
    writer.put(page())
    writer.prune(0)
    assert writer.get(URL) is None
