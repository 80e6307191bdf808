"""What is kept of files that were read for a reference."""

from __future__ import annotations

from pathlib import Path

import pytest

from stockade.errors import StoreFailed
from stockade.model.project import Digest
from stockade.remember.shapes import ShapeStore

ONE = Digest("ab" * 32)


def test_what_is_put_is_got_by_the_same_scheme_alone(tmp_path: Path) -> None:
    store = ShapeStore(tmp_path, 1)
    store.put(ONE, b"shape")

    assert store.get(ONE) == b"shape"
    assert ShapeStore(tmp_path, 1).get(ONE) == b"shape"
    assert ShapeStore(tmp_path, 2).get(ONE) is None
    assert store.get(Digest("cd" * 32)) is None


def test_what_cannot_be_kept_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "shapes-1").write_text("in the way")
    store = ShapeStore(tmp_path, 1)
    with pytest.raises(StoreFailed):
        store.put(ONE, b"shape")
    with pytest.raises(StoreFailed):
        store.get(ONE)

    other = ShapeStore(tmp_path, 2)
    (tmp_path / "shapes-2" / "ab" / ONE).mkdir(parents=True)
    with pytest.raises(StoreFailed):
        other.put(ONE, b"shape")
    assert [path.name for path in (tmp_path / "shapes-2" / "ab").iterdir()] == [ONE]
