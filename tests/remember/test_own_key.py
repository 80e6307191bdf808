"""A key is made once, and believed only if nobody else could have read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from stockade.errors import StoreFailed
from stockade.remember.own_key import own_key


def test_it_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    made = own_key(tmp_path / "new/data")
    assert len(made) == 32
    assert own_key(tmp_path / "new/data") == made != own_key(tmp_path / "other")
    assert (tmp_path / "new/data/credentials.key").stat().st_mode & 0o777 == 0o600


def test_one_that_others_could_read_is_refused(tmp_path: Path) -> None:
    own_key(tmp_path)
    (tmp_path / "credentials.key").chmod(0o640)
    with pytest.raises(StoreFailed, match="could be read by others"):
        own_key(tmp_path)


def test_one_that_is_damaged_is_refused(tmp_path: Path) -> None:
    own_key(tmp_path)
    (tmp_path / "credentials.key").write_bytes(b"short")
    with pytest.raises(StoreFailed, match="damaged"):
        own_key(tmp_path)


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_bytes(b"k" * 32)
    (tmp_path / "credentials.key").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreFailed, match="cannot be made or read"):
        own_key(tmp_path)
