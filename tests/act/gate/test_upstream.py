"""What is kept of the index behind a gate."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from stockade.acquire.index.settings import default_index
from stockade.act.gate.upstream import NAME, Upstream, read_upstream, write_upstream
from stockade.errors import StoreFailed, UsageError


def test_it_is_kept_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    assert read_upstream(folder) is None
    kept = Upstream(index="https://a.example/simple/", extra=("https://b.example/simple/",))
    write_upstream(folder, kept)
    assert read_upstream(folder) == kept
    assert stat.S_IMODE((folder / NAME).stat().st_mode) == 0o600
    assert kept.flags().index_url == "https://a.example/simple/"
    assert kept.flags().extra_index_urls == ("https://b.example/simple/",)


def test_the_default_is_asked_by_name_since_the_configuration_names_the_gate(tmp_path: Path) -> None:
    write_upstream(tmp_path, Upstream())
    found = read_upstream(tmp_path)
    assert found is not None and found.index == ""
    assert found.flags().index_url == default_index()
    assert default_index() not in (tmp_path / NAME).read_text()


def test_no_login_is_kept(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="login"):
        write_upstream(tmp_path, Upstream(extra=("https://user:word@a.example/",)))
    assert not (tmp_path / NAME).exists()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"index": 1, "extra": []}', '{"index": "", "extra": [1]}'])
def test_a_damaged_one_is_said(tmp_path: Path, text: str) -> None:
    (tmp_path / NAME).write_text(text)
    with pytest.raises(StoreFailed, match="stockade enable"):
        read_upstream(tmp_path)


def test_one_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir()
    with pytest.raises(StoreFailed, match="cannot be read"):
        read_upstream(tmp_path)
