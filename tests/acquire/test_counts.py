"""Lists of download counts: what is read of them, and what is none."""

from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockade import limits
from stockade.acquire.counts import month_of, parsed, read_file
from stockade.errors import BadCounts, NotFound

ROWS = [{"download_count": 5_000 - number, "project": f"parrot-{number}"} for number in range(1_200)]
CSV = "download_count,project\n" + "".join(f'{row["download_count"]},"{row["project"]}"\n' for row in ROWS)


@pytest.mark.parametrize(
    ("data", "month"),
    [
        (CSV.encode(), ""),
        (gzip.compress(CSV.encode()), ""),
        (b"\xef\xbb\xbf" + CSV.encode(), ""),
        (json.dumps(ROWS).encode(), ""),
        (json.dumps({"last_update": "2030-05-01 07:00:00", "rows": ROWS}).encode(), "May 2030"),
        (json.dumps({"last_update": "2030-15-41", "rows": ROWS}).encode(), ""),
        (
            json.dumps(
                [{"name": row["project"], "downloads": str(row["download_count"])} for row in ROWS]
            ).encode(),
            "",
        ),
    ],
)
def test_a_list_in_each_form(data: bytes, month: str) -> None:
    counts = parsed(data)
    assert len(counts.downloads) == 1_200
    assert next(iter(counts.downloads.items())) == ("parrot-0", 5_000)
    assert counts.month == month


def test_names_are_normalised_and_rows_that_are_none_are_left_out() -> None:
    odd = ["x", None, {}, {"project": "a b", "download_count": 1}, {"project": "b", "download_count": -1}]
    more = [
        {"project": "Big.Parrot", "download_count": 10**7},
        {"project": "big-parrot", "download_count": 1},
    ]
    huge = [
        {"project": "long-\u017f", "download_count": 9},
        {"project": "c", "download_count": 1 << 70},
        {"project": "d", "download_count": "many"},
    ]
    counts = parsed(json.dumps([*odd, *more, *huge, *ROWS]).encode())
    assert len(counts.downloads) == 1_201
    assert counts.downloads["big-parrot"] == 10**7


def test_of_a_longer_list_the_best_known_are_kept() -> None:
    rows = [
        {"project": f"p{number}", "download_count": number + 1} for number in range(limits.MAX_COUNTED + 5)
    ]
    counts = parsed(json.dumps(rows).encode())
    assert len(counts.downloads) == limits.MAX_COUNTED
    assert "p4" not in counts.downloads


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "0 projects"),
        (b"<html>down</html>", "0 projects"),
        (b"{", "neither CSV nor JSON"),
        (b"{}", "0 projects"),
        (b'{"rows": 3}', "0 projects"),
        (b"[" * 100_000, "neither CSV nor JSON"),
        (b"\x1f\x8bnonsense", "cannot be read"),
        (gzip.compress(CSV.encode())[:-9], "cannot be read"),
        (b"\xff\xfe\x00", "cannot be read"),
        (json.dumps(ROWS[:999]).encode(), "999 projects"),
    ],
)
def test_what_is_no_list(data: bytes, why: str) -> None:
    with pytest.raises(BadCounts, match=why):
        parsed(data)


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_COUNTS", 10_000)
    with pytest.raises(BadCounts, match="unpacks to more"):
        parsed(gzip.compress(b"0" * 1_000_000))


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_in_one_sentence(data: bytes) -> None:
    with pytest.raises(BadCounts):
        parsed(data)


def test_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotFound):
        read_file(tmp_path / "none")
    with pytest.raises(BadCounts, match="cannot be read"):
        read_file(tmp_path)
    (tmp_path / "list").write_bytes(b"12345")
    assert read_file(tmp_path / "list") == b"12345"
    monkeypatch.setattr(limits, "MAX_COUNTS", 4)
    with pytest.raises(BadCounts, match="larger"):
        read_file(tmp_path / "list")


def test_a_month_in_words() -> None:
    assert month_of(date(2026, 4, 30)) == "April 2026"
