"""The log of decisions: whole lines, bounded files, and nobody's text as anything but text."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta, timezone
from pathlib import Path

import pytest

from stockade.remember.journal import FORMAT, Journal, line
from tests.support.records import NOW, decided, sha


@pytest.fixture
def notes() -> list[str]:
    return []


def read(path: Path) -> list[dict[str, str]]:
    return [json.loads(one) for one in path.read_text("ascii").splitlines()]


def test_a_line_has_everything(tmp_path: Path, notes: list[str]) -> None:
    path = tmp_path / "logs" / "gate.ndjson"
    log = Journal(path, note=notes.append)
    assert log.write(decided(1, at=NOW.astimezone(timezone(timedelta(hours=2))), waiver="w-7"))
    log.close()
    assert read(path) == [
        {
            "format": FORMAT,
            "at": "2026-11-24T15:30:00.123Z",
            "action": "block",
            "project": "demo",
            "version": "1.0",
            "filename": "demo-1.0-py3-none-any.whl",
            "sha256": sha(1),
            "index": "https://index.example/simple/",
            "reason": "it sends credentials away",
            "rule": "block-above",
            "waiver": "w-7",
            "fingerprint": "f1",
            "run": "r1",
            "client": "127.0.0.1",
            "agent": "pip/26.0",
        }
    ]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert notes == []


def test_hostile_text_is_one_line_of_ascii_without_logins() -> None:
    hostile = (
        '"}\n{"action": "allow"}\r\x1b[2J\u202e\x00\udcff https://ada:secret@index.example/' + "x" * 10**6
    )
    said = line(decided(1, agent=hostile, filename=hostile))
    assert said.isascii() and said.isprintable() and len(said) < 3000
    told = json.loads(said)
    assert told["action"] == "block"
    assert told["agent"].startswith(
        '"}\n{"action": "allow"}\r\x1b[2J\u202e\x00\\udcff https://index.example/xxx'
    )
    assert "secret" not in said


def test_files_are_bounded_in_size_and_number(tmp_path: Path, notes: list[str]) -> None:
    path = tmp_path / "gate.ndjson"
    log = Journal(path, note=notes.append, max_bytes=2000, files=3)
    for number in range(40):
        assert log.write(decided(number))
    log.close()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["gate.ndjson", "gate.ndjson.1", "gate.ndjson.2"]
    assert all(one.stat().st_size <= 2000 for one in tmp_path.iterdir())
    kept = [one["sha256"] for end in (".2", ".1", "") for one in read(path.with_name(path.name + end))]
    assert kept == [sha(number) for number in range(40 - len(kept), 40)] and len(kept) > 6


def test_a_single_file_is_begun_anew(tmp_path: Path, notes: list[str]) -> None:
    path = tmp_path / "gate.ndjson"
    log = Journal(path, note=notes.append, max_bytes=2000, files=1)
    for number in range(40):
        assert log.write(decided(number))
    log.close()
    assert [one.name for one in tmp_path.iterdir()] == ["gate.ndjson"]
    assert read(path)[-1]["sha256"] == sha(39)


def test_a_file_that_somebody_moved_is_begun_anew(tmp_path: Path, notes: list[str]) -> None:
    path = tmp_path / "gate.ndjson"
    log = Journal(path, note=notes.append)
    log.write(decided(1))
    path.rename(tmp_path / "old")
    log.write(decided(2))
    log.close()
    assert [len(read(one)) for one in (path, tmp_path / "old")] == [1, 1]


def test_writers_do_not_mix_their_lines_nor_lose_any(tmp_path: Path, notes: list[str]) -> None:
    path = tmp_path / "gate.ndjson"
    logs = [Journal(path, note=notes.append, max_bytes=20_000, files=99) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda log: [log.write(decided(number)) for number in range(200)], logs))
    for log in logs:
        log.close()
    lines = [one["sha256"] for part in tmp_path.iterdir() for one in read(part)]
    assert sorted(lines) == sorted(sha(number) for number in range(200) for _ in range(4))
    assert notes == []


def test_a_line_that_broke_off_spoils_no_other(tmp_path: Path, notes: list[str]) -> None:
    path = tmp_path / "gate.ndjson"
    path.touch(mode=0o600)
    path.write_text('{"format": "sto', encoding="ascii")
    log = Journal(path, note=notes.append)
    log.write(decided(1), decided(2))
    log.close()
    torn, *whole = path.read_text("ascii").splitlines()
    assert torn == '{"format": "sto' and [json.loads(one)["sha256"] for one in whole] == [sha(1), sha(2)]


@pytest.mark.parametrize("what", ["link", "folder", "open"])
def test_a_file_that_is_not_ours_alone_is_not_written(tmp_path: Path, notes: list[str], what: str) -> None:
    path = tmp_path / "logs" / "gate.ndjson"
    path.parent.mkdir(mode=0o700)
    if what == "link":
        path.symlink_to(tmp_path / "elsewhere")
    elif what == "open":
        path.touch()
        path.chmod(0o666)
    else:
        path.parent.chmod(0o777)
    log = Journal(path, note=notes.append)
    assert not log.write(decided(1)) and not log.write(decided(2))
    assert not log.healthy and len(notes) == 1 and "cannot be written" in notes[0]
    assert not (tmp_path / "elsewhere").exists()


def test_a_folder_that_is_gone_is_told(
    tmp_path: Path, notes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert not Journal(Path("gate.ndjson"), note=notes.append).write(decided(1))
    assert notes == ["The log gate.ndjson cannot be written: it is taken away again and again."]


_FULL = """
import resource, sys
from pathlib import Path
from stockade.remember.journal import Journal
from tests.support.records import decided
log = Journal(Path(sys.argv[1]), note=print)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
print([log.write(decided(number)) for number in range(5)], log.healthy)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
print(log.write(decided(9)), log.healthy)
"""


def test_a_full_disk_is_told_once_and_tears_one_line_at_most(tmp_path: Path) -> None:
    path = tmp_path / "gate.ndjson"
    done = subprocess.run(
        [sys.executable, "-c", _FULL, str(path)], capture_output=True, text=True, check=True
    )
    first, second, third, fourth = done.stdout.splitlines()
    assert first.startswith(f"The log {path} cannot be written: ")
    assert second == "[True, True, False, False, False] False"
    assert "works again" in third and fourth == "True True"
    *_, torn, last = path.read_text("ascii").splitlines()
    assert json.loads(last)["sha256"] == sha(9)
    with pytest.raises(json.JSONDecodeError):
        json.loads(torn)


def test_standard_output_takes_it_too_and_stays_open(notes: list[str]) -> None:
    reading, writing = os.pipe()
    log = Journal(writing, note=notes.append, max_bytes=10)
    assert log.write(decided(1), decided(2))
    log.close()
    os.close(writing)
    with os.fdopen(reading) as file:
        assert len(file.read().splitlines()) == 2
    assert not log.write(decided(3)) and "standard output" in notes[0]
