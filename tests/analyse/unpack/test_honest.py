"""Honest archives give all that they hold, and nothing to remark on."""

from __future__ import annotations

import mmap
import tarfile
import tempfile
import zipfile

import pytest

from stockade import limits
from stockade.analyse.unpack import open_tree
from stockade.model.artifact import Kind, Member
from tests.analyse.unpack.support import as_sdist, as_wheel, contents, limit_gaps
from tests.support.archives import Content, packed, sdist, sdist_name, tar_of, wheel, wheel_name, zip_of
from tests.support.raw import Entry, raw_zip

FILES: dict[str, Content] = {
    "demo/__init__.py": "x = 1\n",
    "demo/data.bin": bytes(range(256)),
    "demo/empty.py": "",
}


def test_a_wheel() -> None:
    opened = as_wheel(wheel("Demo", "1.0", FILES, requires=["idna>=3", "attrs"]), wheel_name("Demo", "1.0"))
    assert (opened.oddities, opened.gaps) == ((), ())
    assert (opened.project, opened.version, opened.requires) == ("Demo", "1.0", ("idna>=3", "attrs"))
    assert opened.identity.filename == ("demo", "1.0")
    assert opened.identity.top_level == ("demo",)
    held = contents(opened)
    assert held["demo/__init__.py"] == b"x = 1\n"
    assert held["demo/data.bin"] == bytes(range(256))
    assert held["demo/empty.py"] == b""
    assert len(opened.tree.members) == 6
    assert opened.tree.kind is Kind.WHEEL


@pytest.mark.parametrize("form", ["tar.gz", "tgz", "tar.bz2", "tar.xz", "tar", "zip"])
def test_an_sdist_in_each_form(form: str) -> None:
    opened = as_sdist(
        sdist("demo", "1.0", FILES, form=form, requires=["idna"]), sdist_name("demo", "1.0", form)
    )
    assert (opened.oddities, opened.gaps) == ((), ())
    assert (opened.project, opened.version, opened.requires, opened.root) == (
        "demo",
        "1.0",
        ("idna",),
        "demo-1.0",
    )
    assert contents(opened)["demo-1.0/demo/data.bin"] == bytes(range(256))


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_each_compression_of_a_zip(method: int) -> None:
    opened = as_wheel(wheel("demo", "1.0", {"demo/a.py": "y = 2\n" * 9000}, compression=method))
    assert (opened.oddities, opened.gaps) == ((), ())
    assert contents(opened)["demo/a.py"] == b"y = 2\n" * 9000


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_each_dialect_of_tar_with_long_and_foreign_names(form: int) -> None:
    long = "demo-1.0/" + "deep/" * 24 + "x.py"
    files: dict[str, Content] = {long: "1", "demo-1.0/naïve.py": "2", "demo-1.0/folder/": ""}
    opened = open_tree(tar_of(files, form=form), "demo-1.0.tar", Kind.SDIST)
    assert (opened.oddities, opened.gaps) == ((), ())
    assert contents(opened) == {long: b"1", "demo-1.0/naïve.py": b"2"}
    assert opened.tree.members[-1].path == "demo-1.0/folder/"


def test_a_folder_packed_by_ourselves() -> None:
    opened = open_tree(tar_of({"setup.py": "1", "inner.zip": zip_of({"a": "b"})}), "folder", Kind.FOLDER)
    assert opened.oddities == ()
    assert (opened.root, opened.project, opened.version) == ("", "", "")
    assert contents(opened)["inner.zip!a"] == b"b"


def test_a_mapping_serves_as_well_as_bytes() -> None:
    with tempfile.TemporaryFile() as file:
        file.write(wheel("demo", "1.0", FILES))
        file.flush()
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            opened = open_tree(mapped, "demo-1.0-py3-none-any.whl", Kind.WHEEL)
            assert contents(opened)["demo/__init__.py"] == b"x = 1\n"
            del opened


def test_read_cuts_and_knows_its_own_members() -> None:
    opened = as_wheel(wheel("demo", "1.0", FILES))
    member = opened.tree.find("demo/data.bin")
    assert member is not None
    assert opened.tree.read(member, 3) == b"\0\1\2"
    assert opened.tree.read(Member(path="demo/data.bin", size=256), 2) == b"\0\1"
    assert opened.tree.read(Member(path="elsewhere", size=1), 10) == b""
    assert opened.tree.find("elsewhere") is None


@pytest.mark.parametrize("form", ["zip", "tar.gz", "tar"])
def test_what_is_not_held_is_unpacked_again(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_HELD", 1000)
    files = {f"demo-1.0/{n}.py": f"{n}" * 900 for n in range(5)}
    opened = as_sdist(packed(files, form), sdist_name("demo", "1.0", form))
    assert opened.gaps == ()
    assert contents(opened) == {path: text.encode() for path, text in files.items()}
    assert opened.tree.read(opened.tree.members[4], 5) == b"44444"
    assert opened.tree.read(opened.tree.members[1], 1 << 20) == b"1" * 900


def test_members_larger_than_a_chunk() -> None:
    data = bytes(range(256)) * 5000
    for form in ("zip", "tar.gz", "tar"):
        opened = as_sdist(packed({"demo-1.0/big.bin": data}, form), sdist_name("demo", "1.0", form))
        assert contents(opened) == {"demo-1.0/big.bin": data}
        assert opened.tree.read(opened.tree.members[0], 300_000) == data[:300_000]


def test_a_data_descriptor_and_zip64_are_nothing_odd() -> None:
    descriptor = b"PK\x07\x08" + b"\0" * 12
    entry = Entry(name=b"a.py", data=b"1", flags=8, local_crc=0, local_size=0, local_packed=0)
    plain = raw_zip([entry, Entry(name=b"b.py", data=b"2")], zip64=True)
    at = plain.index(b"PK\x03\x04", 4)
    rest = plain[at:]
    assert contents(as_sdist(plain, "demo-1.0.zip")) == {"a.py": b"1", "b.py": b"2"}
    assert as_sdist(plain, "demo-1.0.zip").oddities == ()
    # The same with the descriptor in between; offsets behind it are then off by its length.
    signed = plain[:at] + descriptor + rest
    assert limit_gaps(as_sdist(signed, "demo-1.0.zip"))


def test_descriptors_between_members() -> None:
    for descriptor in (b"PK\x07\x08" + b"\1" * 12, b"\1" * 12, b"PK\x07\x08" + b"\1" * 20, b"\1" * 20):
        entries = [
            Entry(name=b"a.py", data=b"1", flags=8, raw=b"1" + descriptor, packed=1),
            Entry(name=b"b.py", data=b"2", flags=8, raw=b"2" + descriptor, packed=1),
        ]
        opened = as_sdist(raw_zip(entries), "demo-1.0.zip")
        assert opened.oddities == ()
        assert contents(opened) == {"a.py": b"1", "b.py": b"2"}
