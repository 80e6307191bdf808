"""Condemned bytes: encoded, private, whole or not at all, and the same when they come back."""

from __future__ import annotations

import hashlib
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from stockade import limits
from stockade.errors import RecordFailed
from stockade.model.project import Digest
from stockade.remember.quarantine import HEADER, SUFFIX, Quarantine

BODY = b"PK\x03\x04 an inert archive \x00\xff" * 99


@pytest.fixture
def quarantine(tmp_path: Path) -> Quarantine:
    return Quarantine(tmp_path / "quarantine")


def made(folder: Path, body: bytes = BODY, name: str = "demo-1.0-py3-none-any.whl") -> tuple[Path, Digest]:
    path = folder / name
    path.write_bytes(body)
    return path, Digest(hashlib.sha256(body).hexdigest())


@pytest.mark.parametrize("body", [BODY, b"", os.urandom(3 * limits.MIB + 7)], ids=["small", "empty", "large"])
def test_what_is_held_comes_back_as_it_was(tmp_path: Path, quarantine: Quarantine, body: bytes) -> None:
    path, sha256 = made(tmp_path, body)
    assert not quarantine.holds(sha256)
    quarantine.hold(path, sha256)
    quarantine.hold(path, sha256)
    assert quarantine.holds(sha256) and path.exists()
    back = tmp_path / "back.bin"
    quarantine.restore(sha256, back)
    assert back.read_bytes() == body and stat.S_IMODE(back.stat().st_mode) == 0o600
    assert quarantine.drop(sha256) and not quarantine.drop(sha256)
    assert not quarantine.holds(sha256) and not list((tmp_path / "quarantine").iterdir())


def test_what_lies_there_is_private_and_no_archive(tmp_path: Path, quarantine: Quarantine) -> None:
    path, sha256 = made(tmp_path)
    quarantine.hold(path, sha256)
    (held,) = (tmp_path / "quarantine").iterdir()
    assert held.name == f"{sha256}.quarantined"
    assert stat.S_IMODE(held.stat().st_mode) == 0o600 and stat.S_IMODE(held.parent.stat().st_mode) == 0o700
    raw = held.read_bytes()
    assert raw.startswith(HEADER) and b"PK\x03\x04" not in raw and b"inert" not in raw
    assert bytes(byte ^ 0xA5 for byte in raw[len(HEADER) :]) == BODY


def test_other_bytes_than_were_condemned_are_not_kept(tmp_path: Path, quarantine: Quarantine) -> None:
    path, sha256 = made(tmp_path)
    path.write_bytes(BODY + b"!")
    with pytest.raises(RecordFailed, match=f"not {sha256}"):
        quarantine.hold(path, sha256)
    assert not list((tmp_path / "quarantine").iterdir())


@pytest.mark.parametrize("damage", ["body", "cut", "header"])
def test_a_damaged_one_is_not_restored(tmp_path: Path, quarantine: Quarantine, damage: str) -> None:
    path, sha256 = made(tmp_path)
    quarantine.hold(path, sha256)
    (held,) = (tmp_path / "quarantine").iterdir()
    raw = held.read_bytes()
    held.write_bytes({"body": raw[:-1] + b"!", "cut": raw[:-9], "header": b"x" + raw}[damage])
    with pytest.raises(RecordFailed, match=r"damaged|no quarantined file"):
        quarantine.restore(sha256, tmp_path / "back.bin")
    assert sorted(one.name for one in tmp_path.iterdir()) == [path.name, "quarantine"]


def test_restoring_replaces_nothing(tmp_path: Path, quarantine: Quarantine) -> None:
    path, sha256 = made(tmp_path)
    quarantine.hold(path, sha256)
    (tmp_path / "back.bin").write_bytes(b"mine")
    with pytest.raises(RecordFailed, match=r"back\.bin cannot be used .*exists"):
        quarantine.restore(sha256, tmp_path / "back.bin")
    assert (tmp_path / "back.bin").read_bytes() == b"mine"
    with pytest.raises(RecordFailed, match="No such file"):
        quarantine.restore(Digest("0" * 64), tmp_path / "other.bin")


def test_only_a_digest_names_a_file(quarantine: Quarantine) -> None:
    for wrong in ("../../etc/passwd", "A" * 64, "0" * 63, "0" * 64 + "\n"):
        with pytest.raises(ValueError, match="no SHA-256"):
            quarantine.holds(Digest(wrong))


def test_the_oldest_go_when_there_is_no_room(tmp_path: Path) -> None:
    quarantine = Quarantine(tmp_path / "quarantine", max_bytes=3 * 1000 + 3 * len(HEADER))
    digests = []
    for number in range(5):
        path, sha256 = made(tmp_path, bytes([number]) * 1000)
        quarantine.hold(path, sha256)
        os.utime(tmp_path / "quarantine" / f"{sha256}{SUFFIX}", (number, number))
        digests.append(sha256)
    assert [quarantine.holds(one) for one in digests] == [False, False, True, True, True]
    path, sha256 = made(tmp_path, b"z" * 4000)
    with pytest.raises(RecordFailed, match="larger than the quarantine"):
        quarantine.hold(path, sha256)
    assert [quarantine.holds(one) for one in digests] == [False, False, True, True, True]


def test_a_folder_that_others_may_write_to_is_not_used(tmp_path: Path, quarantine: Quarantine) -> None:
    path, sha256 = made(tmp_path)
    (tmp_path / "quarantine").mkdir()
    (tmp_path / "quarantine").chmod(0o777)
    with pytest.raises(RecordFailed, match="other users"):
        quarantine.hold(path, sha256)


_HOLDS = """
import sys
from pathlib import Path
from stockade.remember.quarantine import Quarantine
held = Quarantine(Path(sys.argv[1]))
while True:
    print("going", flush=True)
    held.hold(Path(sys.argv[2]), sys.argv[3])
"""


def test_killed_in_the_middle_it_holds_the_whole_file_or_none(tmp_path: Path, quarantine: Quarantine) -> None:
    path, sha256 = made(tmp_path, os.urandom(4 * limits.MIB))
    folder = tmp_path / "quarantine"
    for again in range(4):
        child = subprocess.Popen(
            [sys.executable, "-c", _HOLDS, str(folder), str(path), sha256], stdout=subprocess.PIPE
        )
        assert child.stdout and child.stdout.readline()
        time.sleep(0.004 * again)
        child.send_signal(signal.SIGKILL)
        child.communicate()
        if quarantine.holds(sha256):
            quarantine.restore(sha256, tmp_path / f"back-{again}")
    # What the dead left is swept when it is a day old.
    left = folder / ".left.partial"
    left.write_bytes(b"x")
    os.utime(left, (0, 0))
    quarantine.hold(path, sha256)
    assert not left.exists() and quarantine.holds(sha256)
