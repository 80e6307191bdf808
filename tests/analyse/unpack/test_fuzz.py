"""Whatever the bytes are: no exception, bounded output, and what was not read is said."""

from __future__ import annotations

import io
import tarfile
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockade import limits
from stockade.analyse.unpack import Opened, open_tree
from stockade.analyse.unpack.claims import parse_entry_points
from stockade.analyse.unpack.metadata import parse_metadata
from stockade.analyse.unpack.names import claimed
from stockade.analyse.unpack.tar_headers import pax_records
from stockade.model.artifact import Kind
from stockade.model.evidence import GapKind
from tests.support.archives import Content, packed, sdist, wheel, zip_of
from tests.support.raw import Block, Entry, pax, raw_tar, raw_zip

FILES: dict[str, Content] = {
    "demo/__init__.py": "x = 1\n" * 20,
    "demo/inner.zip": zip_of({"a.py": "1"}),
    "setup.py": "import os\n",
}
SEEDS: list[tuple[bytes, str, Kind]] = [
    (wheel("demo", "1.0", FILES, entry_points="[a]\nb=c:d"), "demo-1.0-py3-none-any.whl", Kind.WHEEL),
    (wheel("demo", "1.0", FILES, compression=zipfile.ZIP_LZMA), "demo-1.0-py3-none-any.whl", Kind.WHEEL),
    (
        raw_zip([Entry(name=b"a", data=b"1"), Entry(name=b"b", data=b"2", method=8)], zip64=True),
        "a.zip",
        Kind.ARCHIVE,
    ),
    (sdist("demo", "1.0", FILES), "demo-1.0.tar.gz", Kind.SDIST),
    (sdist("demo", "1.0", FILES, form="tar.bz2"), "demo-1.0.tar.bz2", Kind.SDIST),
    (sdist("demo", "1.0", FILES, form="tar.xz"), "demo-1.0.tar.xz", Kind.SDIST),
    (
        raw_tar(
            [
                Block(name=b"x", kind=b"x", data=pax(path="long/" * 30, size="4")),
                Block(name=b"l", kind=b"L", data=b"name\0"),
                Block(name=b"a", data=b"1234"),
                Block(name=b"b", kind=b"2", link=b"a"),
                Block(name=b"c", kind=b"S", data=b"1"),
            ]
        ),
        "demo-1.0.tar",
        Kind.SDIST,
    ),
]

mutations = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 3), st.binary(min_size=1, max_size=6)), min_size=1, max_size=6
)


def mutated(data: bytes, changes: list[tuple[float, int, bytes]]) -> bytes:
    """`data` with pieces overwritten (0), inserted (1), removed (2) or cut off behind (3)."""
    out = bytearray(data)
    for where, how, piece in changes:
        at = int(where * len(out))
        if how == 0:
            out[at : at + len(piece)] = piece
        elif how == 1:
            out[at:at] = piece
        elif how == 2:
            del out[at : at + len(piece)]
        elif where > 0.5:
            del out[at:]
    return bytes(out)


def check(opened: Opened) -> None:
    """The invariant."""
    for member, data in opened.tree.walk():
        assert len(data) <= limits.MAX_MEMBER
        assert opened.tree.read(member, 3) == data[:3]
    assert all(len(one.detail) <= limits.MAX_EXCERPT for one in opened.oddities)
    repr((opened.identity, opened.requires, opened.project, opened.version)).encode("utf-8")
    "".join(gap.what + gap.why for gap in opened.gaps).encode("utf-8")
    "".join(one.member + one.detail for one in opened.oddities).encode("utf-8")
    assert opened.tree.members or opened.oddities or opened.gaps or opened.tree.kind is not Kind.WHEEL


@pytest.mark.parametrize("seed", range(len(SEEDS)))
@settings(max_examples=40, deadline=2000)
@given(changes=mutations)
def test_mutated_archives(seed: int, changes: list[tuple[float, int, bytes]]) -> None:
    data, filename, kind = SEEDS[seed]
    check(open_tree(mutated(data, changes), filename, kind))


@settings(max_examples=60, deadline=2000)
@given(changes=mutations)
def test_what_zipfile_reads_we_read_or_say_that_we_did_not(changes: list[tuple[float, int, bytes]]) -> None:
    data = mutated(SEEDS[2][0], changes)
    opened = open_tree(data, "a.zip", Kind.ARCHIVE)
    if any(gap.kind is GapKind.LIMIT for gap in opened.gaps):
        return
    ours = {(member.path, body) for member, body in opened.tree.walk()}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            theirs = {(info.filename, archive.read(info)) for info in archive.infolist() if not info.is_dir()}
    except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, EOFError, OSError):
        return
    assert {body for _, body in theirs} <= {body for _, body in ours}


@settings(max_examples=60, deadline=2000)
@given(changes=mutations)
def test_what_tarfile_reads_we_read_or_say_that_we_did_not(changes: list[tuple[float, int, bytes]]) -> None:
    data = mutated(SEEDS[6][0], changes)
    opened = open_tree(data, "demo-1.0.tar", Kind.SDIST)
    if any(gap.kind is GapKind.LIMIT for gap in opened.gaps):
        return
    ours = {body for _, body in opened.tree.walk()}
    theirs = set()
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
            for info in archive:
                file = archive.extractfile(info) if info.isreg() and not info.issparse() else None
                theirs.add(file.read() if file else b"1234")
    except (tarfile.TarError, ValueError, KeyError, EOFError, OSError):
        return
    assert theirs <= ours | {b"1234"}


@settings(max_examples=60, deadline=1000)
@given(st.binary(max_size=600))
def test_any_bytes(data: bytes) -> None:
    for kind in Kind:
        check(open_tree(data, "demo-1.0.zip", kind))
    check(
        open_tree(
            packed({"demo-1.0/pyproject.toml": data, "demo-1.0/setup.cfg": data}, "tar"), "d.tar", Kind.SDIST
        )
    )
    pax_records(data)


@settings(max_examples=60, deadline=1000)
@given(st.binary(max_size=300) | st.text(alphabet="Name: x\n\r\t[]=;\x85\u2028", max_size=90).map(str.encode))
def test_readers_of_metadata(data: bytes) -> None:
    found = parse_metadata(data, "x")
    assert sum(map(len, found.fields.values())) <= data.count(b":")
    parse_entry_points(data)


@settings(max_examples=60)
@given(
    st.text(max_size=60), st.sampled_from([".whl", ".tar.gz", ".zip", "-1.0.tar.gz", "-py3-none-any.whl", ""])
)
def test_names(stem: str, ending: str) -> None:
    assert len(claimed(stem + ending)) == 2
