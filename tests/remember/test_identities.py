"""What installed files come to as a wheel is remembered; a damaged or lost memory costs time and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from stockade import limits
from stockade.model.project import Digest
from stockade.remember.identities import Identities

A, B = Digest("a" * 64), Digest("b" * 64)


def test_what_is_put_is_there_the_next_time(tmp_path: Path) -> None:
    first = Identities(tmp_path / "cache")
    assert first.get("one") is None
    first.put("one", A)
    assert first.get("one") == A
    first.keep()
    assert Identities(tmp_path / "cache").get("one") == A
    assert (tmp_path / "cache" / "installed.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("text", ["", "[]", '{"one": "short"}', '{"one": 1}', "[" * 100_000])
def test_a_damaged_memory_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "installed.json").write_text(text)
    assert Identities(tmp_path).get("one") is None


def test_it_is_bounded_and_keeps_the_newest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_IDENTITIES", 2)
    for name in ("one", "two", "three"):
        kept = Identities(tmp_path)
        kept.put(name, B)
        kept.keep()
    last = Identities(tmp_path)
    assert [last.get(name) for name in ("one", "two", "three")] == [None, B, B]


def test_where_it_cannot_be_kept_nothing_fails(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    kept = Identities(tmp_path / "cache")
    kept.put("one", A)
    kept.keep()
