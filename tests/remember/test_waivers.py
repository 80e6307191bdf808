"""The waiver file: whole or not at all, one writer at a time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from stockade import limits
from stockade.errors import BadPolicy, StoreFailed
from stockade.remember.waivers import read, update


def test_a_file_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert read(tmp_path / "w.toml") == ""


def test_it_is_made_with_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "w.toml"
    update(path, lambda old: f"<{old}>é\n")
    update(path, lambda old: f"{old}more\n")
    assert read(path) == "<>é\nmore\n"
    assert path.stat().st_mode & 0o777 == 0o644
    assert os.listdir(path.parent) == ["w.toml"], "nothing half-written is left behind"


def test_its_mode_is_kept_and_links_are_followed(tmp_path: Path) -> None:
    real = tmp_path / "real.toml"
    real.write_text("old")
    real.chmod(0o600)
    link = tmp_path / "w.toml"
    link.symlink_to(real)
    update(link, lambda old: old + "new")
    assert link.is_symlink() and real.read_text() == "oldnew"
    assert real.stat().st_mode & 0o777 == 0o600


def test_what_the_change_raises_leaves_it_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "w.toml"
    path.write_text("old")

    def fails(old: str) -> str:
        raise BadPolicy(f"no: {old}")

    with pytest.raises(BadPolicy, match="no: old"):
        update(path, fails)
    with pytest.raises(UnicodeEncodeError):
        update(path, lambda old: old + "\ud800")
    assert path.read_text() == "old" and os.listdir(tmp_path) == ["w.toml"]


@pytest.mark.parametrize(
    ("body", "said"),
    [(b"\xff\xfe", "is not UTF-8 text"), (b" " * (limits.MAX_POLICY + 1), "is larger than")],
)
def test_a_file_that_is_no_text(tmp_path: Path, body: bytes, said: str) -> None:
    path = tmp_path / "w.toml"
    path.write_bytes(body)
    with pytest.raises(BadPolicy, match=said):
        read(path)
    with pytest.raises(BadPolicy, match=said):
        update(path, str)


@pytest.mark.skipif(os.geteuid() != 0, reason="waits for root: nobody else can make a file of another user")
def test_another_users_waivers_are_not_honoured(tmp_path: Path) -> None:
    path = tmp_path / "w.toml"
    path.write_text("planted")
    os.chown(path, 12345, 12345)
    with pytest.raises(BadPolicy, match="belongs to another user"):
        read(path)
    os.chown(tmp_path, 12345, 12345)
    assert read(path) == "planted", "a checkout that belongs to somebody else as a whole is theirs"


def test_a_folder_in_its_place(tmp_path: Path) -> None:
    with pytest.raises(BadPolicy, match="cannot be read"):
        read(tmp_path)


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreFailed, match="cannot be written"):
        update(tmp_path / "file" / "w.toml", str)


FULL = """
import resource, signal, sys
from pathlib import Path
from stockade.errors import StoreFailed
from stockade.remember.waivers import update
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
try:
    update(Path(sys.argv[1]), lambda old: "x" * 100_000)
except StoreFailed as why:
    sys.exit(0 if "cannot be written" in str(why) else 5)
sys.exit(6)
"""


def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "w.toml"
    path.write_text("old")
    got = subprocess.run([sys.executable, "-c", FULL, str(path)], timeout=30, check=False)
    assert got.returncode == 0
    assert path.read_text() == "old" and os.listdir(tmp_path) == ["w.toml"]


WRITER = """
import sys, time
from pathlib import Path
from stockade.remember.waivers import update
for number in range(25):
    update(Path(sys.argv[1]), lambda old: (time.sleep(0.001), old + f"{sys.argv[2]}{number}\\n")[1])
"""


def test_two_writers_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "w.toml"
    running = [subprocess.Popen([sys.executable, "-c", WRITER, str(path), letter]) for letter in "ab"]
    for process in running:
        assert process.wait(60) == 0
    assert sorted(read(path).split()) == sorted(
        f"{letter}{number}" for letter in "ab" for number in range(25)
    )
