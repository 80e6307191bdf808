"""The cache: what went in comes out, under the same fingerprint only; and it never gets in the way."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from stockade.model.assessment import Findings
from stockade.model.evidence import Evidence, Gap, GapKind, Location, Phase
from stockade.model.project import Digest
from stockade.remember.cache import NAME, FactCache

SHA = Digest("a" * 64)
FINDINGS = Findings(
    sha256=SHA,
    project="foo",
    version="1.0",
    evidence=(
        Evidence(
            detector="install-shell",
            message="runs a command",
            where=Location(file="setup.py", line=3, layer=1),
            phase=Phase.INSTALL,
            excerpt="os.system('true')\x00\u202e",
        ),
        Evidence(detector="name", message="has another name", where=Location(file="PKG-INFO")),
    ),
    gaps=(Gap(kind=GapKind.SCOPE, what="a.so", why="is a native binary"),),
    requires=("bar>=1",),
    source_bytes=10,
    parsed_bytes=9,
    seconds=0.5,
)


class Opened:
    """A cache with what it said."""

    def __init__(self, folder: Path, fingerprint: str = "one", **more: Any) -> None:
        self.notes: list[str] = []
        self.cache = FactCache(folder, fingerprint, note=self.notes.append, **more)


def test_findings_come_back_as_they_were(tmp_path: Path) -> None:
    one = Opened(tmp_path / "deep" / "cache")
    assert one.cache.get(SHA, "foo-1.0.tar.gz") is None
    one.cache.put(FINDINGS, "foo-1.0.tar.gz")
    assert one.cache.get(SHA, "foo-1.0.tar.gz") == FINDINGS
    one.cache.close()
    again = Opened(tmp_path / "deep" / "cache")
    assert again.cache.get(SHA, "foo-1.0.tar.gz") == FINDINGS
    again.cache.close()
    assert again.cache.get(SHA, "foo-1.0.tar.gz") == FINDINGS, "it may be used again after it was closed"
    again.cache.close()
    assert one.notes == again.notes == []


def test_the_file_name_is_part_of_the_key(tmp_path: Path) -> None:
    one = Opened(tmp_path)
    one.cache.put(FINDINGS, "foo-1.0.tar.gz")
    assert one.cache.get(SHA, "bar-1.0.tar.gz") is None
    assert one.cache.get(Digest("b" * 64), "foo-1.0.tar.gz") is None
    one.cache.put(FINDINGS, "odd\udcff.whl")
    assert one.cache.get(SHA, "odd\udcff.whl") == FINDINGS
    one.cache.close()


def test_a_later_put_replaces(tmp_path: Path) -> None:
    one = Opened(tmp_path)
    one.cache.put(FINDINGS, "f")
    one.cache.put(replace(FINDINGS, seconds=9.0), "f")
    got = one.cache.get(SHA, "f")
    assert got is not None and got.seconds == 9.0
    one.cache.close()


def test_another_fingerprint_drops_all(tmp_path: Path) -> None:
    old = Opened(tmp_path, "old")
    old.cache.put(FINDINGS, "f")
    new = Opened(tmp_path, "new")
    assert new.cache.get(SHA, "f") is None
    assert old.cache.get(SHA, "f") is None, "the old entry is gone, not merely hidden"
    old.cache.put(FINDINGS, "f")
    assert new.cache.get(SHA, "f") is None, "an old process that goes on writing misleads nobody"
    old.cache.close()
    new.cache.close()


def test_only_we_may_read_it(tmp_path: Path) -> None:
    one = Opened(tmp_path / "cache")
    one.cache.put(FINDINGS, "f")
    assert (tmp_path / "cache").stat().st_mode & 0o777 == 0o700
    for path in (tmp_path / "cache").iterdir():
        assert path.stat().st_mode & 0o777 == 0o600, path
    one.cache.close()


@pytest.mark.parametrize("what", ["folder", "file", "link"])
def test_a_cache_that_others_may_write_is_not_used(tmp_path: Path, what: str) -> None:
    first = Opened(tmp_path / "cache")
    first.cache.put(FINDINGS, "f")
    first.cache.close()
    path = tmp_path / "cache" / NAME
    if what == "folder":
        path.parent.chmod(0o770)
    elif what == "file":
        path.chmod(0o606)
    else:
        path.rename(tmp_path / "elsewhere")
        path.symlink_to(tmp_path / "elsewhere")
    one = Opened(tmp_path / "cache")
    assert one.cache.get(SHA, "f") is None
    one.cache.put(FINDINGS, "f")
    assert len(one.notes) == 1 and one.notes[0].startswith("Working without the cache")


def damage_header(path: Path) -> None:
    path.write_bytes(b"this was never a database\n" * 99)


def damage_inside(path: Path) -> None:
    whole = bytearray(path.read_bytes())
    whole[100:] = b"\xff" * (len(whole) - 100)
    path.write_bytes(whole)


def other_schema(path: Path) -> None:
    db = sqlite3.connect(path)
    db.execute("drop table findings")
    db.execute("create table findings (other text)")
    db.commit()
    db.close()


@pytest.mark.parametrize("damage", [damage_header, damage_inside, other_schema])
def test_a_damaged_cache_is_rebuilt_with_one_note(tmp_path: Path, damage: object) -> None:
    first = Opened(tmp_path)
    first.cache.put(FINDINGS, "f")
    first.cache.close()
    assert callable(damage)
    damage(tmp_path / NAME)
    one = Opened(tmp_path)
    assert one.cache.get(SHA, "f") is None
    one.cache.put(FINDINGS, "f")
    assert one.cache.get(SHA, "f") == FINDINGS
    one.cache.close()
    assert len(one.notes) == 1 and "started anew" in one.notes[0]


@pytest.mark.parametrize("body", [b"\xc1", b"\x80", b""])
def test_an_entry_that_is_nonsense_is_a_miss(tmp_path: Path, body: bytes) -> None:
    one = Opened(tmp_path)
    one.cache.put(FINDINGS, "f")
    db = sqlite3.connect(tmp_path / NAME)
    db.execute("update findings set body = ?", (body,))
    db.commit()
    db.close()
    assert one.cache.get(SHA, "f") is None
    one.cache.close()


def test_an_entry_for_other_bytes_is_a_miss(tmp_path: Path) -> None:
    one = Opened(tmp_path)
    one.cache.put(FINDINGS, "f")
    db = sqlite3.connect(tmp_path / NAME)
    db.execute("update findings set sha256 = ?", ("b" * 64,))
    db.commit()
    db.close()
    assert one.cache.get(Digest("b" * 64), "f") is None
    one.cache.close()


def test_a_folder_that_cannot_be_had_costs_one_note(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    one = Opened(tmp_path / "file" / "cache")
    assert one.cache.get(SHA, "f") is None
    one.cache.put(FINDINGS, "f")
    one.cache.close()
    assert len(one.notes) == 1 and "Working without the cache" in one.notes[0]


def test_a_path_that_is_a_folder_costs_one_note(tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir(mode=0o700)
    one = Opened(tmp_path)
    assert one.cache.get(SHA, "f") is None
    assert one.cache.get(SHA, "f") is None
    assert len(one.notes) == 1


def test_a_damaged_file_that_cannot_be_removed_costs_one_note(tmp_path: Path) -> None:
    damage_header(tmp_path / NAME)
    (tmp_path / NAME).chmod(0o600)
    # A folder where the journal would be: it can be neither read nor unlinked.
    (tmp_path / f"{NAME}-shm").mkdir()
    one = Opened(tmp_path)
    assert one.cache.get(SHA, "f") is None
    assert len(one.notes) == 1 and "Working without the cache" in one.notes[0]


FULL = """
import resource, sys
from pathlib import Path
from stockade.model.assessment import Findings
from stockade.remember.cache import FactCache
notes = []
cache = FactCache(Path(sys.argv[1]), "one", note=notes.append)
small = Findings(sha256="a" * 64, project="p", version="1")
cache.put(small, "f")
assert cache.get(small.sha256, "f") == small
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))
big = Findings(sha256="b" * 64, project="p" * 500_000, version="1")
cache.put(big, "f")
cache.put(big, "g")
assert cache.get(big.sha256, "f") is None
assert len(notes) == 1 and "Working without" in notes[0], notes
cache.close()
"""


def test_a_full_disk_costs_one_note_and_no_error(tmp_path: Path) -> None:
    """A limit on file size gives the same errors as a full disk, and harms nobody else."""
    got = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path)], capture_output=True, text=True, timeout=30, check=False
    )
    assert got.returncode == 0, got.stderr


def test_a_database_that_another_process_holds_is_a_miss_without_a_word(tmp_path: Path) -> None:
    one = Opened(tmp_path, patience=0.1)
    one.cache.put(FINDINGS, "f")
    db = sqlite3.connect(tmp_path / NAME, isolation_level=None)
    db.execute("begin immediate")
    assert one.cache.get(SHA, "f") == FINDINGS, "reading goes on"
    one.cache.put(FINDINGS, "g")
    db.execute("rollback")
    db.close()
    assert one.cache.get(SHA, "g") is None
    one.cache.put(FINDINGS, "g")
    assert one.cache.get(SHA, "g") == FINDINGS
    one.cache.close()
    assert one.notes == []


WRITER = """
import sys
from pathlib import Path
from stockade.model.assessment import Findings
from stockade.remember.cache import FactCache
notes = []
cache = FactCache(Path(sys.argv[1]), "one", note=notes.append)
for number in range(60):
    one = Findings(sha256=sys.argv[2] * 64, project=str(number), version="1")
    cache.put(one, str(number))
    assert cache.get(one.sha256, str(number)) == one
cache.close()
assert not notes, notes
"""


def test_processes_and_threads_share_it(tmp_path: Path) -> None:
    running = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), letter], stderr=subprocess.PIPE)
        for letter in "cd"
    ]
    one = Opened(tmp_path)

    def write(name: int) -> None:
        for number in range(20):
            one.cache.put(FINDINGS, f"{name}-{number}")

    threads = [threading.Thread(target=write, args=(name,)) for name in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    for process in running:
        _, said = process.communicate(timeout=60)
        assert process.returncode == 0, said
    assert one.notes == []
    for letter in "cd":
        assert all(one.cache.get(Digest(letter * 64), str(number)) for number in range(60))
    assert all(one.cache.get(SHA, f"{n}-{i}") for n in range(3) for i in range(20))
    one.cache.close()


def test_the_oldest_go_first_when_it_is_full(tmp_path: Path) -> None:
    one = Opened(tmp_path, max_bytes=20_000)
    wide = replace(FINDINGS, project="p" * 900)
    for number in range(70):
        one.cache.put(wide, str(number))
    one.cache.close()
    db = sqlite3.connect(tmp_path / NAME)
    names = [int(row[0]) for row in db.execute("select filename from findings order by id")]
    total = db.execute("select sum(size) from findings").fetchone()[0]
    db.close()
    assert total <= 20_000
    assert names == list(range(70 - len(names), 70)) and len(names) > 8


def test_what_cannot_be_encoded_is_not_remembered(tmp_path: Path) -> None:
    one = Opened(tmp_path)
    one.cache.put(replace(FINDINGS, project="lone \ud800"), "f")
    assert one.cache.get(SHA, "f") is None
    assert one.notes == []
    one.cache.close()


def test_nothing_heavy_is_loaded_before_it_is_needed() -> None:
    code = (
        "import stockade.remember.cache, sys; sys.exit('sqlite3' in sys.modules or 'msgspec' in sys.modules)"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], timeout=30, check=False, env=dict(os.environ)).returncode
        == 0
    )
