"""The installers' cache in gated runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from stockade.act.gate.caches import gated_cache
from stockade.errors import StoreFailed

DAY = 86_400.0


def test_it_stays_until_something_is_condemned(tmp_path: Path) -> None:
    first = gated_cache(tmp_path, "nothing yet")
    (first / "kept").touch()
    assert gated_cache(tmp_path, "nothing yet") == first
    assert first.stat().st_mode & 0o777 == 0o700
    assert list(gated_cache(tmp_path, "one").iterdir()) == []


def test_a_former_one_goes_a_day_after_its_last_use(tmp_path: Path) -> None:
    first = gated_cache(tmp_path, "a", now=lambda: DAY)
    (first / "uv").mkdir()
    gated_cache(tmp_path, "a", now=lambda: DAY)
    gated_cache(tmp_path, "b", now=lambda: DAY + 3600)
    assert first.is_dir()
    gated_cache(tmp_path, "b", now=lambda: 3 * DAY)
    assert not first.exists()


def test_what_environments_may_be_linked_to_stays(tmp_path: Path) -> None:
    first = gated_cache(tmp_path, "a", now=lambda: DAY)
    for folder in ("uv", "pdm/packages/alpha", "pdm/http"):
        (first / folder).mkdir(parents=True)
    (first / "pdm" / "hashes.json").touch()
    gated_cache(tmp_path, "a", now=lambda: DAY)
    gated_cache(tmp_path, "b", now=lambda: 3 * DAY)
    assert sorted(str(one.relative_to(first)) for one in first.rglob("*")) == [
        "pdm",
        "pdm/packages",
        "pdm/packages/alpha",
    ]


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "installers").touch()
    with pytest.raises(StoreFailed):
        gated_cache(tmp_path, "a")
