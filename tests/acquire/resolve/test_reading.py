"""Dependencies from beside a file, from a part of it, from the whole, and from memory."""

from __future__ import annotations

import io
import os
import sqlite3
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from stockade import limits
from stockade.acquire.resolve.memory import Memory
from stockade.acquire.resolve.ranges import NoParts, RemoteFile
from stockade.acquire.resolve.reading import Reader, read_file
from stockade.acquire.resolve.stated import Stated, render, sort_lines, stated
from stockade.model.project import ArtifactRef, Digest
from tests.acquire.resolve.worlds import World
from tests.support.archives import core_metadata, wheel, zip_of

NOTHING = Memory(None)


class Parts:
    """Ranges of a file in memory; `lie` makes every answer of that kind wrong."""

    def __init__(self, data: bytes, lie: str = "") -> None:
        self.data, self.lie, self.calls = data, lie, 0

    def part(self, ref: ArtifactRef, start: int, length: int) -> tuple[bytes, int] | None:
        self.calls += 1
        if self.lie == "none" or (self.lie == "later" and self.calls > 1):
            return None
        begin = max(0, len(self.data) + start) if start < 0 else start
        found = self.data[begin : begin + length]
        return (found[:1] if self.lie == "short" and self.calls > 1 else found), len(self.data)


def _big(world: World, requires: str = "beta") -> ArtifactRef:
    """A wheel of some 400 kB whose METADATA lies before the big file."""
    info = "alpha-1.0.dist-info"
    files = {
        f"{info}/METADATA": core_metadata("alpha", "1.0", [requires]),
        "alpha/data.bin": os.urandom(400_000),
        f"{info}/RECORD": b"",
    }
    return world.put("alpha-1.0-py3-none-any.whl", zip_of(files))


def test_metadata_beside_the_file_needs_no_file(world: World) -> None:
    ref = world.wheel("alpha", "1.0", "beta")
    world.beside[ref.filename] = core_metadata("alpha", "1.0", ["gamma"])
    assert Reader(world, world, None, NOTHING).read(ref).requires == ("gamma",)
    assert world.fetched == []


def test_a_small_wheel_is_fetched_and_a_large_one_read_in_part(world: World) -> None:
    small, big = world.wheel("small", "1.0", "beta"), _big(world)
    parts = Parts(world.data[big.url])
    reader = Reader(world, world, parts, NOTHING)
    assert reader.read(small).requires == ("beta",)
    assert (world.fetched, parts.calls) == ([small.filename], 0)
    assert reader.read(big).requires == ("beta",)
    assert world.fetched == [small.filename]
    assert parts.calls == 2


@pytest.mark.parametrize("lie", ["none", "later", "short"])
def test_without_ranges_the_whole_file_is_fetched(world: World, lie: str) -> None:
    big = _big(world)
    reader = Reader(world, world, Parts(world.data[big.url], lie), NOTHING)
    assert reader.read(big).requires == ("beta",)
    assert world.fetched == [big.filename]


def test_a_part_that_makes_no_sense_is_not_believed(world: World) -> None:
    big = _big(world)
    reader = Reader(world, world, Parts(bytes(big.size or 0)), NOTHING)
    assert reader.read(big).requires == ("beta",)
    assert world.fetched == [big.filename]


def test_a_file_of_another_size_is_not_read_in_part(world: World) -> None:
    big = _big(world)
    with pytest.raises(NoParts):
        RemoteFile(Parts(b"x" * 1000), big)


def test_ranges_are_bounded(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    big = _big(world)
    remote = RemoteFile(Parts(world.data[big.url]), big)
    assert remote.readable() and remote.seekable()
    assert remote.seek(-4, io.SEEK_END) == remote.tell() == (big.size or 0) - 4
    assert len(remote.read()) == 4 and remote.read(1) == b""
    assert remote.seek(-2, io.SEEK_CUR) == (big.size or 0) - 2
    monkeypatch.setattr(limits, "MAX_RANGES", limits.RANGE_TAIL + 10)
    remote.seek(0)
    with pytest.raises(NoParts):
        remote.read(10)


@pytest.mark.parametrize(
    ("data", "note"),
    [
        (b"no zip", "damaged"),
        (zip_of({"a.txt": "x"}), "no METADATA"),
        (zip_of({"a-1.dist-info/METADATA": "", "b-1.dist-info/METADATA": ""}), "2 METADATA"),
    ],
)
def test_wheels_without_one_metadata_say_nothing(tmp_path: Path, data: bytes, note: str) -> None:
    path = tmp_path / "x"
    path.write_bytes(data)
    assert note in read_file(path, "a-1-py3-none-any.whl").note


def test_encrypted_and_huge_metadata(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = bytearray(wheel("alpha", "1.0", {}))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        at = archive.getinfo("alpha-1.0.dist-info/METADATA").header_offset
    path = tmp_path / "x"
    path.write_bytes(bytes(data))
    monkeypatch.setattr(limits, "MAX_METADATA", 10)
    assert "larger than honest" in read_file(path, "a.whl").note
    data[at + 6] |= 1
    central = data.index(b"PK\x01\x02")
    data[central + 8] |= 1
    path.write_bytes(bytes(data))
    assert "encrypted" in read_file(path, "a.whl").note


# Memory.


def test_what_a_digest_said_is_remembered_and_failures_are_not(world: World, tmp_path: Path) -> None:
    ref = world.wheel("alpha", "1.0", "beta")
    gone = replace(ref, url="https://gone.invalid/", sha256=Digest("1" * 64))
    memory = Memory(tmp_path / "cache")
    reader = Reader(world, world, None, memory)
    first = reader.read(ref)
    assert "can't be read" in reader.read(gone).note
    memory.close()
    again = Memory(tmp_path / "cache")
    assert again.get(ref.sha256) == first
    assert again.get(gone.sha256) is None and again.get(None) is None
    again.put(None, first)
    again.close()
    world.fetched.clear()
    third = Memory(tmp_path / "cache")
    assert Reader(world, world, None, third).read(ref) == first
    third.close()
    assert world.fetched == []


def test_memory_forgets_the_oldest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_REMEMBERED", 2)
    memory = Memory(tmp_path)
    digests = [Digest(str(n) * 64) for n in range(4)]
    for one in digests:
        memory.put(one, Stated())
    memory.close()
    memory = Memory(tmp_path)
    assert [memory.get(one) is not None for one in digests] == [False, False, True, True]
    memory.close()


def test_a_damaged_or_missing_memory_costs_nothing_but_time(tmp_path: Path) -> None:
    path = tmp_path / "dependencies-1.sqlite"
    path.write_bytes(b"no database" * 100)
    memory = Memory(tmp_path)
    memory.put(Digest("1" * 64), Stated())
    assert memory.get(Digest("1" * 64)) is None
    memory.close()
    (tmp_path / "file").write_text("")
    Memory(tmp_path / "file").close()
    other = Memory(tmp_path / "odd")
    with sqlite3.connect(tmp_path / "odd" / path.name) as db:
        db.execute("INSERT INTO stated VALUES (?, ?)", ("2" * 64, b"[]"))
    db.close()
    assert other.get(Digest("2" * 64)) is None
    with sqlite3.connect(tmp_path / "odd" / path.name) as db:
        db.execute("DROP TABLE stated")
    db.close()
    other.put(Digest("3" * 64), Stated())
    assert other.get(Digest("3" * 64)) is None
    other.close()


# Stated.


def test_metadata_is_rendered_from_checked_parts_only() -> None:
    raw = b"Name: Alpha\nVersion: 1.0\nRequires-Python: nonsense\nProvides-Extra: More\nProvides-Extra: no good\n"
    said = stated(raw + b"Requires-Dist: beta>=1\n")
    text = render("alpha", "1.0", ("beta>=1",), said).decode()
    assert text.splitlines() == [
        "Metadata-Version: 2.1",
        "Name: alpha",
        "Version: 1.0",
        "Provides-Extra: More",
        "Requires-Dist: beta>=1",
    ]
    good = render("alpha", "1.0", (), replace(said, requires_python=">=3.9"))
    assert b"Requires-Python: >=3.9\n" in good
    assert stated(b"Name: no good!\nVersion: zzz\n") == Stated()


def test_lines_are_sorted_and_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    deep = "f; " + "(" * 9000
    found = sort_lines(["a", "b @ https://x.invalid/b.zip", "c (>=1.0.*)", "d @@ x", "e\x00", deep])
    assert found.plain == ("a", "c (>=1.0.*)")
    assert [one.name for one in found.urls] == ["b"]
    assert found.broken == ("d @@ x", "e\x00", deep)
    monkeypatch.setattr(limits, "MAX_REQUIRES", 1)
    assert sort_lines(["a", "b"]).plain == ("a",)
