"""Bombs by ratio, count, depth and total; archives in archives; containers that are not what they are called."""

from __future__ import annotations

import gzip
import tracemalloc
import zipfile

import pytest

from stockade import limits
from stockade.analyse.unpack import open_tree
from stockade.analyse.unpack.facts import Odd
from stockade.model.artifact import Kind
from tests.analyse.unpack.support import (
    as_sdist,
    as_wheel,
    contents,
    limit_gaps,
    odd_kinds,
    odds,
    scope_gaps,
)
from tests.support.archives import Content, packed, tar_of, wheel, zip_of
from tests.support.raw import Block, Entry, raw_tar, raw_zip

KIB, MIB = 1 << 10, 1 << 20


@pytest.mark.parametrize("form", ["zip", "tar.gz", "tar.bz2", "tar.xz"])
def test_a_bomb_by_ratio(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_RATIO_FLOOR", 1 * MIB)
    found = as_sdist(
        packed({"demo-1.0/zeros": b"\0" * (8 * MIB), "demo-1.0/a.py": "1"}, form), f"demo-1.0.{form}"
    )
    assert "a bomb" in limit_gaps(found)[0][1]


def test_a_bomb_spread_over_members_ends_the_archive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_TOTAL_FLOOR", 2 * MIB)
    found = as_sdist(packed({f"{n}": b"\0" * MIB for n in range(9)}, "zip"), "demo-1.0.zip")
    assert "in all: a bomb" in limit_gaps(found)[-1][1]
    assert len(found.tree.members) < 9
    inner = packed({f"{n}": b"\0" * MIB for n in range(9)}, "zip")
    found = as_sdist(packed({"a.zip": inner, "late.py": "1"}, "zip"), "demo-1.0.zip")
    assert "in all: a bomb" in limit_gaps(found)[-1][1]
    assert "late.py" not in contents(found)


def test_too_many_members(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_MEMBERS", 5)
    for form in ("zip", "tar"):
        found = as_sdist(packed({str(n): "" for n in range(9)}, form), f"demo-1.0.{form}")
        assert limit_gaps(found) == [(f"demo-1.0.{form}", "it holds more than 5 members")]


def test_too_much_in_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_NAMES", 2000)
    found = as_sdist(packed({f"{n}" * 90: "" for n in range(90)}, "tar.gz"))
    assert limit_gaps(found) == [("demo-1.0.tar.gz", "its members' names are longer than 0 MiB together")]


def test_a_large_member_costs_no_memory() -> None:
    data = zip_of({"demo/big.bin": b"\0" * (40 * MIB)}, compression=zipfile.ZIP_STORED)
    tracemalloc.start()
    found = as_wheel(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found.tree.members[0].size == 40 * MIB
    assert peak < 16 * MIB


def test_what_walk_cuts_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_MEMBER", 1000)
    for form in ("zip", "tar"):
        files: dict[str, Content] = {
            "demo-1.0/long.py": "x" * 2000,
            "demo-1.0/lib.so": b"\x7fELF" + b"\0" * 2000,
            "demo-1.0/Names.JSON": "[" + "1," * 1000,
        }
        found = as_sdist(packed(files, form), f"demo-1.0.{form}")
        assert [what for what, _ in limit_gaps(found)] == ["demo-1.0/long.py"]
        assert [what for what, _ in scope_gaps(found)] == ["demo-1.0/lib.so", "demo-1.0/Names.JSON"]
        assert {len(data) for data in contents(found).values()} == {1000}


def nest(depth: int) -> bytes:
    """A zip in a zip in a … `depth` deep."""
    data = b"x = 1\n"
    for level in range(depth):
        data = zip_of({("a.py" if level == 0 else "inner.zip"): data})
    return data


def test_archives_in_archives_to_a_depth() -> None:
    found = as_sdist(nest(4), "demo-1.0.zip")
    assert "inner.zip!inner.zip!inner.zip!a.py".count("!") == limits.MAX_DEPTH
    deepest = found.tree.members[-1]
    assert (deepest.path, deepest.nested) == ("a.py", "inner.zip!inner.zip!inner.zip")
    assert found.gaps == ()
    found = as_sdist(nest(6), "demo-1.0.zip")
    assert "it lies 4 deep" in limit_gaps(found)[0][1]
    assert limit_gaps(found)[0][0] == "inner.zip!inner.zip!inner.zip!inner.zip"


@pytest.mark.parametrize("form", ["zip", "tar", "tar.gz", "tar.bz2", "tar.xz"])
def test_each_form_of_inner_archive(form: str) -> None:
    inner = packed({"x/evil.py": "1"}, form)
    found = as_wheel(wheel("demo", "1.0", {f"demo/data.{form}": inner, "demo/z.py": "2"}))
    assert contents(found)[f"demo/data.{form}!x/evil.py"] == b"1"
    paths = [member.shown for member in found.tree.members]
    assert paths.index(f"demo/data.{form}!x/evil.py") == paths.index(f"demo/data.{form}") + 1


def test_inner_archives_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    inner = zip_of({"a.py": "1"})
    monkeypatch.setattr(limits, "MAX_NESTED", 2)
    found = as_sdist(zip_of({f"{n}.zip": inner for n in range(4)}), "demo-1.0.zip")
    assert [what for what, _ in limit_gaps(found)] == ["2.zip", "3.zip"]
    monkeypatch.setattr(limits, "MAX_NESTED", 9)
    monkeypatch.setattr(limits, "MAX_NESTED_HELD", len(inner) * 3)
    found = as_sdist(zip_of({f"{n}.zip": inner for n in range(4)}), "demo-1.0.zip")
    assert [what for what, _ in limit_gaps(found)] == ["3.zip"]
    monkeypatch.setattr(limits, "MAX_NESTED_SIZE", 50)
    found = as_sdist(zip_of({"0.zip": inner}), "demo-1.0.zip")
    assert "larger than" in limit_gaps(found)[0][1]


def test_documents_take_no_room_from_archives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_NESTED", 2)
    document, inner = zip_of({"[Content_Types].xml": "", "word/a.py": "1"}), zip_of({"a.py": "1"})
    files = {f"{n}.docx": document for n in range(4)} | {f"{n}.zip": inner for n in range(3)}
    found = as_sdist(zip_of(files), "demo-1.0.zip")
    assert contents(found)["1.docx!word/a.py"] == contents(found)["1.zip!a.py"] == b"1"
    assert [what for what, _ in scope_gaps(found)] == ["2.docx", "3.docx"]
    assert [what for what, _ in limit_gaps(found)] == ["2.zip"]


def test_an_encrypted_paper_in_an_archive_is_data_and_a_program_is_not() -> None:
    inner = raw_zip([Entry(name=name, data=b"x", flags=1) for name in (b"a.doc", b"a.py")])
    found = as_sdist(zip_of({"e.zip": inner}), "demo-1.0.zip")
    assert scope_gaps(found) == [("e.zip!a.doc", "it is encrypted")]
    assert limit_gaps(found) == [("e.zip!a.py", "it is encrypted")]


def test_compressed_files_are_unpacked_as_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_NESTED", 2)
    files = {f"demo-1.0/{n}.json.gz": gzip.compress(b"{}" * n, mtime=0) for n in range(1, 6)}
    found = as_sdist(packed(files, "zip"), "demo-1.0.zip")
    assert contents(found)["demo-1.0/1.json.gz!1.json"] == b"{}"
    assert limit_gaps(found) == []
    assert scope_gaps(found) == [
        ("demo-1.0.zip", "3 compressed members that are no archives were not unpacked")
    ]


def test_broken_or_foreign_inner_archives_are_data() -> None:
    files = {
        "a.zip": b"PK\x03\x04 not really",
        "b.gz": gzip.compress(b"abc" * 99, mtime=0)[:-9],
        "c.7z": b"7z\xbc\xaf\x27\x1c" + b"\0" * 40,
        "d.rar": b"Rar!\x1a\x07\x00",
        "e.gz": b"\x1f\x8b\x08\x00",
    }
    found = as_sdist(zip_of(files), "demo-1.0.zip")
    assert limit_gaps(found) == []
    assert {what for what, _ in scope_gaps(found)} == set(files)


def test_broken_inner_archives_that_others_may_read_are_gaps() -> None:
    encrypted = raw_zip([Entry(name=b"a.py", data=b"x", flags=1)])
    halved = raw_tar([Block(name=b"a.py", data=b"1"), Block(name=b"b.py", checksum=1)])
    endless = raw_tar([Block(name=b"a.py", data=b"1"), Block(name=b"x", kind=b"x", size=1 << 30)])
    files = {"e.zip": encrypted, "h.tar": halved, "x.tar": endless}
    gaps = dict(limit_gaps(as_sdist(zip_of(files), "demo-1.0.zip")))
    assert gaps["e.zip!a.py"] == "it is encrypted"
    assert "is damaged" in gaps["h.tar"]
    assert "extended" in gaps["x.tar"]


def test_oddities_of_inner_archives_say_where() -> None:
    inner = raw_tar([Block(name=b"../up.py", data=b"1")])
    found = as_sdist(zip_of({"demo-1.0/tests/evil.tar": inner}), "demo-1.0.zip")
    assert [(one.odd, one.member, one.nested) for one in found.oddities] == [
        (Odd.TRAVERSAL, "demo-1.0/tests/evil.tar!../up.py", True)
    ]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "it is empty"),
        (b"hello", "it is no archive that is supported (unknown format)"),
        (b"\x7fELF" + b"\0" * 60, "it is no archive that is supported (elf)"),
        (b"7z\xbc\xaf\x27\x1c", "it is no archive that is supported (7z)"),
    ],
)
def test_what_is_no_archive(data: bytes, why: str) -> None:
    found = open_tree(data, "demo-1.0.tar.gz", Kind.SDIST)
    assert limit_gaps(found) == [("demo-1.0.tar.gz", why)]
    assert (found.project, found.version) == ("demo", "1.0")
    assert list(found.tree.walk()) == []


@pytest.mark.parametrize(
    ("form", "filename", "kind", "odd"),
    [
        ("tar.xz", "demo-1.0.tar.gz", Kind.SDIST, True),
        ("zip", "demo-1.0.tar.gz", Kind.SDIST, True),
        ("tar", "demo-1.0.zip", Kind.SDIST, True),
        ("tar.gz", "demo-1.0-py3-none-any.whl", Kind.WHEEL, True),
        ("tar.gz", "demo-1.0.tgz", Kind.SDIST, False),
        ("tar.bz2", "demo-1.0.tbz2", Kind.SDIST, False),
        ("tar.gz", "whatever", Kind.ARCHIVE, False),
    ],
)
def test_container_and_name(form: str, filename: str, kind: Kind, odd: bool) -> None:
    found = open_tree(packed({"demo-1.0/a.py": "1"}, form), filename, kind)
    assert (Odd.CONTAINER_MISMATCH in odd_kinds(found)) is odd
    assert contents(found)["demo-1.0/a.py"] == b"1"


def test_paths_that_lead_outside() -> None:
    names = ["../a", "b/../../c", "/etc/d", "C:/e", "f/..g", "..h", "i:j/k"]
    found = as_sdist(zip_of(dict.fromkeys(names, "")), "demo-1.0.zip")
    assert odds(found) == {
        (Odd.TRAVERSAL, "../a"),
        (Odd.TRAVERSAL, "b/../../c"),
        (Odd.ABSOLUTE, "/etc/d"),
        (Odd.DRIVE, "C:/e"),
        (Odd.DRIVE, "i:j/k"),
    }


def test_names_that_collide() -> None:
    blocks = [
        Block(name=name.encode(), data=b"1") for name in ("a.py", "a.py", "A.py", "b\u00e9", "be\u0301", "f/")
    ]
    found = open_tree(raw_tar(blocks), "demo-1.0.tar", Kind.SDIST)
    assert odds(found) == {
        (Odd.DUPLICATE, "a.py"),
        (Odd.CASE_COLLISION, "A.py"),
        (Odd.CASE_COLLISION, "be\u0301"),
    }
    assert tar_of({"f/": "", "f/x": ""})


def test_magic_against_ending() -> None:
    files = {
        "a.png": b"\x7fELF" + b"\0" * 60,
        "b.txt": gzip.compress(b"x", mtime=0),
        "c.py": b"\x89PNG\r\n\x1a\n",
        "d.jpg": b"\x89PNG\r\n\x1a\n",
        "e.so": b"\x7fELF" + b"\0" * 60,
        "noending": b"\x7fELF" + b"\0" * 60,
        "f.wav": b"MZ" + b"\0" * 58 + b"\x40\0\0\0PE\0\0",
        "g.txt": b"MZ is how this text begins" + b"." * 90,
        "h.txt": b"MZ is short",
    }
    found = as_sdist(zip_of(files), "demo-1.0.zip")
    names = {(Odd.MAGIC_MISMATCH, name) for name in ("a.png", "b.txt", "c.py", "f.wav")}
    assert odds(found) == names


def test_notes_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_ODDITIES", 3)
    monkeypatch.setattr(limits, "MAX_GAPS", 3)
    found = as_sdist(
        raw_zip([Entry(name=b"../%d" % n, data=b"x", flags=1) for n in range(9)]), "demo-1.0.zip"
    )
    assert len(found.oddities) == 3
    assert limit_gaps(found)[3:] == [("demo-1.0.zip", "6 more members could not be read")]


def test_an_array_of_zeros_in_an_archive_of_arrays_is_no_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_RATIO_FLOOR", 1 * MIB)
    for name, gaps in (("a.npy", scope_gaps), ("a.py", limit_gaps)):
        inner = packed({name: b"\0" * (8 * MIB)}, "zip")
        found = as_sdist(packed({"demo-1.0/data.npz": inner}, "tar.gz"))
        assert [what for what, _ in gaps(found)] == [f"demo-1.0/data.npz!{name}"]
