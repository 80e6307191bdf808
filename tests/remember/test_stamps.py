"""What is remembered of environments' files: believed only where it is ours alone, and never in the way."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from stockade import limits
from stockade.model.environment import Stamp
from stockade.remember.stamps import StampStore

STAMPS: dict[str, Stamp] = {
    "/env/a.py": (7, 1_700_000_000_000_000_001, 99, 1_700_000_000_000_000_002, "sha256=AAAA"),
    "/env/ü.py": (2**40, 1, 2**63, 2, "of 1 2 3"),
}


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def store(tmp_path: Path, said: list[str]) -> StampStore:
    return StampStore(tmp_path / "cache", note=said.append)


def the_file(tmp_path: Path) -> Path:
    (one,) = (tmp_path / "cache/environments-1").iterdir()
    return one


def test_what_is_kept_is_loaded_under_its_key_alone(
    store: StampStore, tmp_path: Path, said: list[str]
) -> None:
    assert store.load("/env") == {}
    store.keep("/env", STAMPS)
    assert store.load("/env") == STAMPS
    assert store.load("/other") == {}
    assert said == []
    assert the_file(tmp_path).stat().st_mode & 0o777 == 0o600
    assert the_file(tmp_path).parent.stat().st_mode & 0o777 == 0o700


def test_it_is_replaced_whole(store: StampStore, tmp_path: Path) -> None:
    store.keep("/env", STAMPS)
    first = the_file(tmp_path).stat().st_ino
    store.keep("/env", {})
    assert store.load("/env") == {}
    assert the_file(tmp_path).stat().st_ino != first


def test_a_name_that_is_no_text_is_not_kept(store: StampStore) -> None:
    store.keep("/env/\udcff", {"/env/\udcff.py": STAMPS["/env/a.py"], "/env/b.py": STAMPS["/env/a.py"]})
    assert set(store.load("/env/\udcff")) == {"/env/b.py"}


@pytest.mark.parametrize("raw", [b"", b"\xff", b"\x93\1\2\3", b"\x81\xa1a\x01"])
def test_a_damaged_one_is_none(store: StampStore, tmp_path: Path, said: list[str], raw: bytes) -> None:
    store.keep("/env", STAMPS)
    the_file(tmp_path).write_bytes(raw)
    assert store.load("/env") == {}
    assert said == [f"{the_file(tmp_path)} is damaged; the files of that environment are digested anew."]
    store.keep("/env", STAMPS)
    assert store.load("/env") == STAMPS


@pytest.mark.parametrize("wrong", ["file-mode", "folder-mode", "link", "folder-link", "pipe"])
def test_one_that_is_not_ours_alone_is_not_believed(
    store: StampStore, tmp_path: Path, said: list[str], wrong: str
) -> None:
    store.keep("/env", STAMPS)
    path = the_file(tmp_path)
    if wrong == "file-mode":
        path.chmod(0o666)
    elif wrong == "folder-mode":
        path.parent.chmod(0o777)
    elif wrong == "link":
        path.rename(tmp_path / "elsewhere")
        path.symlink_to(tmp_path / "elsewhere")
    elif wrong == "folder-link":
        path.parent.rename(tmp_path / "elsewhere")
        path.parent.symlink_to(tmp_path / "elsewhere")
    else:
        path.unlink()
        os.mkfifo(path, 0o666)
        path.chmod(0o666)
    assert store.load("/env") == {}
    assert len(said) == 1
    assert said[0].startswith(f"{path} is not used: ")


def test_what_cannot_be_written_is_said(store: StampStore, tmp_path: Path, said: list[str]) -> None:
    (tmp_path / "cache").write_text("in the way")
    store.keep("/env", STAMPS)
    assert store.load("/env") == {}
    assert len(said) == 1
    assert "cannot be written" in said[0]


def test_too_many_stamps_are_not_written(
    store: StampStore, tmp_path: Path, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_STAMPS", 10)
    store.keep("/env", STAMPS)
    assert not (tmp_path / "cache").exists()
    assert len(said) == 1


def test_the_longest_unused_go_first(
    store: StampStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_STAMPED", 3)
    for number in range(3):
        store.keep(str(number), STAMPS)
    for path in (tmp_path / "cache/environments-1").iterdir():
        os.utime(path, (1, 1))
    store.keep("1", STAMPS)
    store.keep("3", STAMPS)
    left = [key for key in "0123" if store.load(key)]
    assert len(left) == 3
    assert {"1", "3"} <= set(left)


def test_a_writer_that_is_killed_leaves_the_old_one(store: StampStore, tmp_path: Path) -> None:
    store.keep("/env", STAMPS)
    code = (
        "import os, sys; from pathlib import Path; from stockade.remember import files, stamps\n"
        "real = os.fsync\n"
        "def killed(number): os.kill(os.getpid(), 9)\n"
        "os.fsync = killed\n"
        f"stamps.StampStore(Path({str(tmp_path / 'cache')!r}), note=print).keep('/env', {{}})\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False)
    assert done.returncode == -9
    assert store.load("/env") == STAMPS
