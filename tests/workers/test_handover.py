"""What is handed to a worker is what was hashed, whatever happens to the file meanwhile."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from stockade.errors import DigestMismatch, FetchFailed
from stockade.workers.handover import handed_over
from tests.workers.making import artifact, descriptors

BODY = bytes(range(256)) * 40


@pytest.fixture(params=[1 << 20, 100], ids=["in memory", "in a file"])
def in_memory(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture(autouse=True)
def no_descriptor_left() -> Iterator[None]:
    before = descriptors()
    yield
    assert descriptors() == before


def test_the_bytes_arrive(tmp_path: Path, in_memory: int) -> None:
    with handed_over(artifact(tmp_path, BODY), in_memory=in_memory) as data:
        assert os.pread(data, len(BODY) + 1, 0) == BODY
    assert len(list(tmp_path.iterdir())) == 1


def test_an_empty_file_arrives_too(tmp_path: Path) -> None:
    with handed_over(artifact(tmp_path, b"")) as data:
        assert os.fstat(data).st_size == 0


def test_a_change_after_the_hash_changes_nothing(tmp_path: Path, in_memory: int) -> None:
    one = artifact(tmp_path, BODY)
    with handed_over(one, in_memory=in_memory) as data:
        Path(one.path).write_bytes(b"\0" * len(BODY))
        assert os.pread(data, len(BODY), 0) == BODY


def test_nobody_can_write_it_any_more(tmp_path: Path) -> None:
    with handed_over(artifact(tmp_path, BODY)) as data:
        for attempt in (
            lambda: os.pwrite(data, b"x", 0),
            lambda: os.ftruncate(data, 1),
            lambda: os.ftruncate(data, 1 << 20),
        ):
            with pytest.raises(PermissionError):
                attempt()


def test_a_large_one_has_no_name_and_is_open_for_reading_alone(tmp_path: Path) -> None:
    with handed_over(artifact(tmp_path, BODY), in_memory=100) as data:
        assert os.fstat(data).st_nlink == 0
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.pwrite(data, b"x", 0)


def test_a_large_one_finds_room_elsewhere_when_its_own_folder_takes_nothing(tmp_path: Path) -> None:
    folders = ("/proc", str(tmp_path))
    with handed_over(artifact(tmp_path, BODY), in_memory=9, folders=folders) as data:
        assert os.pread(data, len(BODY), 0) == BODY


def test_where_there_is_no_room_at_all_it_fails(tmp_path: Path) -> None:
    with (
        pytest.raises(FetchFailed, match="could not be read again: there is no room for a private copy"),
        handed_over(artifact(tmp_path, BODY), in_memory=9, folders=("/proc", str(tmp_path / "none"))),
    ):
        pass


@pytest.mark.parametrize("other", [BODY[:-1], BODY + b"x"])
def test_another_size_is_a_mismatch(tmp_path: Path, other: bytes) -> None:
    one = artifact(tmp_path, BODY)
    Path(one.path).write_bytes(other)

    told = re.escape(f"has {len(other)} bytes, and had {len(BODY)} when it was checked")
    with pytest.raises(DigestMismatch, match=told), handed_over(one):
        pass


def test_the_same_size_with_other_bytes_is_a_mismatch(tmp_path: Path, in_memory: int) -> None:
    one = artifact(tmp_path, BODY)
    Path(one.path).write_bytes(BODY[::-1])

    with pytest.raises(DigestMismatch, match="other bytes"), handed_over(one, in_memory=in_memory):
        pass


def test_a_file_that_shrinks_while_it_is_copied_is_a_mismatch(tmp_path: Path, in_memory: int) -> None:
    one = artifact(tmp_path, BODY)

    def cut(source: int, target: int, size: int) -> None:
        os.write(target, os.read(source, size // 2))

    with pytest.raises(DigestMismatch, match="other bytes"), handed_over(one, in_memory=in_memory, copy=cut):
        pass


def test_a_file_that_is_gone_or_no_file_fails(tmp_path: Path) -> None:
    one = artifact(tmp_path, BODY)
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)

    with (
        pytest.raises(FetchFailed, match="could not be read again: No such file"),
        handed_over(replace(one, path=str(tmp_path / "none"))),
    ):
        pass
    with pytest.raises(DigestMismatch, match="has 0 bytes"), handed_over(replace(one, path=str(fifo))):
        pass
