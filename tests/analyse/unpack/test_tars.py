"""Tars that say one thing to one reader and another to the next."""

from __future__ import annotations

import bz2
import gzip
import lzma

import pytest

from stockade import limits
from stockade.analyse.unpack import Opened, open_tree
from stockade.analyse.unpack.facts import Odd
from stockade.model.artifact import Kind, MemberKind
from tests.analyse.unpack.support import as_sdist, contents, details, limit_gaps, odd_kinds, odds
from tests.support.archives import compressed, sdist, tar_of, zip_of
from tests.support.raw import Block, pax, pax_record, raw_tar

A = Block(name=b"demo-1.0/a.py", data=b"a = 1\n")


def opened(*blocks: Block, end: bytes = b"\0" * 1024, suffix: bytes = b"") -> Opened:
    """A plain tar of `blocks`, opened."""
    return open_tree(raw_tar(blocks, end=end, suffix=suffix), "demo-1.0.tar", Kind.SDIST)


def test_pax_size_is_what_counts_and_differs_from_the_header() -> None:
    hidden = raw_tar([Block(name=b"evil.py", data=b"1")], end=b"")
    found = opened(
        Block(name=b"x", kind=b"x", data=pax(size=str(len(hidden)))), Block(name=b"a", data=hidden, size=0)
    )
    assert odds(found) == {(Odd.PAX_TRICK, "a")}
    assert contents(found) == {"a": hidden, "a!evil.py": b"1"}


def test_pax_path_that_nobody_needed() -> None:
    found = opened(
        Block(name=b"x", kind=b"x", data=pax(path="setup.py")), Block(name=b"readme.txt", data=b"1")
    )
    assert odds(found) == {(Odd.PAX_TRICK, "setup.py")}
    assert "readme.txt" in details(found, Odd.PAX_TRICK)[0]
    assert contents(found) == {"setup.py": b"1"}


def test_pax_and_gnu_names_that_differ() -> None:
    long = "d/" * 80 + "x.py"
    blocks = (
        Block(name=b"././@LongLink", kind=b"L", data=b"other.py\0"),
        Block(name=b"x", kind=b"x", data=pax(path=long)),
        Block(name=b"x.py", data=b"1"),
    )
    assert Odd.PAX_TRICK in odd_kinds(opened(*blocks))


@pytest.mark.parametrize(
    "body",
    [
        b"nonsense",
        b"99 path=a\n",
        b"3 p=\n",
        b"11 path=abX" + b"\0" * 3,
        pax_record("path", b"a") + pax_record("path", b"b"),
    ],
)
def test_malformed_pax_records(body: bytes) -> None:
    assert Odd.PAX_TRICK in odd_kinds(opened(Block(name=b"x", kind=b"x", data=body), A))


def test_a_global_header_may_comment_but_not_rename() -> None:
    comment = Block(name=b"g", kind=b"g", data=pax(comment="a commit"))
    assert opened(comment, A).oddities == ()
    renaming = opened(Block(name=b"g", kind=b"g", data=pax(path="everything.py")), A)
    assert any("global" in detail for detail in details(renaming, Odd.PAX_TRICK))
    assert contents(renaming) == {"everything.py": b"a = 1\n"}


def test_sparse_files() -> None:
    pax_sparse = Block(name=b"x", kind=b"x", data=pax(GNU__sparse__name="setup.py", GNU__sparse__major="1"))
    found = opened(pax_sparse, Block(name=b"GNUSparseFile.0/x", data=b"map and data"))
    assert (Odd.PAX_TRICK, "setup.py") in odds(found)
    assert limit_gaps(found)[0][0] == "setup.py"
    block = bytearray(raw_tar([Block(name=b"old.py", kind=b"S", data=b"")], end=b""))
    block[482] = 1
    block[148:156] = b"%06o\0 " % (sum(block) - sum(block[148:156]) + 256)
    more = b"\0" * 504 + b"\1" + b"\0" * 7 + b"\0" * 512
    found = open_tree(bytes(block) + more + raw_tar([A]), "demo-1.0.tar", Kind.SDIST)
    assert (Odd.PAX_TRICK, "old.py") in odds(found)
    assert contents(found)["demo-1.0/a.py"] == b"a = 1\n"


def test_links_are_read_under_their_own_path() -> None:
    found = opened(
        Block(name=b"demo-1.0/data.txt", data=b"import os\n"),
        Block(name=b"demo-1.0/setup.py", kind=b"2", link=b"./data.txt"),
        Block(name=b"demo-1.0/hard.py", kind=b"1", link=b"demo-1.0/data.txt"),
        Block(name=b"demo-1.0/chain.py", kind=b"2", link=b"setup.py"),
        Block(name=b"demo-1.0/loop.py", kind=b"2", link=b"loop.py"),
        Block(name=b"demo-1.0/folder/", kind=b"5"),
        Block(name=b"demo-1.0/to_folder", kind=b"2", link=b"folder"),
        Block(name=b"demo-1.0/nowhere", kind=b"2", link=b"missing"),
    )
    assert found.oddities == ()
    held = contents(found)
    for name in ("setup.py", "hard.py", "chain.py", "data.txt"):
        assert held[f"demo-1.0/{name}"] == b"import os\n"
    assert held.keys().isdisjoint({"demo-1.0/loop.py", "demo-1.0/to_folder", "demo-1.0/nowhere"})
    assert found.tree.read(found.tree.members[1], 6) == b"import"
    assert found.tree.read(found.tree.members[4], 6) == b""


def test_links_outside_and_devices() -> None:
    found = opened(
        Block(name=b"a/up", kind=b"2", link=b"../../x"),
        Block(name=b"a/abs", kind=b"2", link=b"/etc/passwd"),
        Block(name=b"a/drive", kind=b"2", link=b"C:\\x"),
        Block(name=b"a/hard", kind=b"1", link=b"../x"),
        Block(name=b"a/fine", kind=b"2", link=b"../b"),
        Block(name=b"a/null", kind=b"3"),
        Block(name=b"a/fifo", kind=b"6"),
        Block(name=b"a/disk", kind=b"4"),
    )
    outside = {"a/up", "a/abs", "a/drive", "a/hard"}
    assert {name for odd, name in odds(found) if odd is Odd.LINK_OUTSIDE} == outside
    assert {name for odd, name in odds(found) if odd is Odd.DEVICE} == {"a/null", "a/fifo", "a/disk"}
    assert contents(found) == {}


def test_links_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_HELD", 5000)
    blocks = [Block(name=b"d", data=b"x" * 2000)] + [
        Block(name=b"l%d" % n, kind=b"2", link=b"d") for n in range(9)
    ]
    found = opened(*blocks)
    assert sum(len(data) for data in contents(found).values()) == 6000
    assert len(limit_gaps(found)) == 7
    monkeypatch.setattr(limits, "MAX_HELD", 1000)
    found = as_sdist(gzip.compress(raw_tar(blocks[:2])))
    assert limit_gaps(found) == [("l0", "it links to a file that is too large to be read again")]


def test_a_link_that_claims_data() -> None:
    found = opened(Block(name=b"l", kind=b"2", link=b"demo-1.0/a.py", size=600), A)
    assert (Odd.PAX_TRICK, "l") in odds(found)
    assert contents(found)["demo-1.0/a.py"] == b"a = 1\n"


def test_kinds_by_type_and_trailing_slash() -> None:
    found = opened(
        Block(name=b"folder/", kind=b"\0"),
        Block(name=b"setup.py/", kind=b"0", data=b"1"),
        Block(name=b"odd.py", kind=b"Z", data=b"2"),
    )
    assert [member.kind for member in found.tree.members] == [
        MemberKind.FOLDER,
        MemberKind.FILE,
        MemberKind.FILE,
    ]
    assert contents(found) == {"setup.py": b"1", "odd.py": b"2"}


def test_prefixes_and_base_256() -> None:
    found = opened(
        Block(name=b"a.py", prefix=b"demo-1.0", data=b"12", size_field=b"\x80" + b"\0" * 10 + b"\2")
    )
    assert contents(found) == {"demo-1.0/a.py": b"12"}


def test_members_behind_the_end_are_read() -> None:
    found = opened(A, suffix=raw_tar([Block(name=b"late.py", data=b"2")]))
    assert odds(found) == {(Odd.TRAILING, "")}
    assert contents(found)["late.py"] == b"2"
    assert odds(opened(A, suffix=b"junk" * 200)) == {(Odd.TRAILING, "")}


@pytest.mark.parametrize(
    "bad",
    [
        Block(name=b"b", checksum=1),
        Block(name=b"b", size_field=b"99999999999\0"),
        Block(name=b"b", size_field=b"\xff" * 12),
    ],
)
def test_a_damaged_header_ends_reading_and_is_a_gap(bad: Block) -> None:
    found = opened(A, bad, Block(name=b"c.py", data=b"3"))
    assert "is damaged" in limit_gaps(found)[0][1]
    assert contents(found) == {"demo-1.0/a.py": b"a = 1\n"}


def test_signed_checksums_count() -> None:
    block = Block(name=b"\xc3\xa4.py", data=b"1")
    unsigned = sum(raw_tar([block], end=b"")[:512]) - sum(raw_tar([block], end=b"")[148:156]) + 256
    assert contents(opened(Block(name=block.name, data=b"1", checksum=unsigned - 512))) == {"ä.py": b"1"}


def test_truncation() -> None:
    whole = raw_tar([A, Block(name=b"b.py", data=b"2" * 2000)])
    found = open_tree(whole[:2000], "demo-1.0.tar", Kind.SDIST)
    assert limit_gaps(found) == [("b.py", "the archive breaks off inside it")]
    assert len(contents(found)["b.py"]) == 464
    found = open_tree(whole[:1100], "demo-1.0.tar", Kind.SDIST)
    assert "is damaged" in limit_gaps(found)[0][1]


def test_an_extended_header_without_end() -> None:
    found = opened(A, Block(name=b"x", kind=b"x", size=1 << 32))
    assert limit_gaps(found) == [("demo-1.0.tar", f"an extended tar header claims {1 << 32} bytes")]


def test_bad_utf8_names_and_long_links() -> None:
    found = opened(
        Block(name=b"b\xff.py", data=b"1"),
        Block(name=b"k", kind=b"K", data=b"../" * 50 + b"x\0"),
        Block(name=b"l", kind=b"2", link=b"short"),
    )
    assert odds(found) == {(Odd.BAD_NAME, "b\\xff.py"), (Odd.LINK_OUTSIDE, "l")}


@pytest.mark.parametrize(
    ("form", "pack"), [("tar.gz", gzip.compress), ("tar.bz2", bz2.compress), ("tar.xz", lzma.compress)]
)
def test_broken_streams_give_what_came_out(form: str, pack: object) -> None:
    tar = tar_of({"demo-1.0/a.py": "1", "demo-1.0/b.bin": bytes(range(256)) * 400})
    data = compressed(tar, form)
    found = as_sdist(data[:-20], f"demo-1.0.{form}")
    assert limit_gaps(found)[0] == (f"demo-1.0.{form}", "its compressed data breaks off")
    if form == "tar.gz":
        assert contents(found)["demo-1.0/a.py"] == b"1"
    damaged = data[:40] + b"\xff\xff\xff\xff" * 8 + data[72:]
    assert limit_gaps(as_sdist(damaged, f"demo-1.0.{form}"))


def test_streams_behind_the_stream() -> None:
    first, second = tar_of({"demo-1.0/a.py": "1"}), tar_of({"demo-1.0/b.py": "2"})
    both = gzip.compress(first) + b"\0" * 9 + gzip.compress(second)
    found = as_sdist(both)
    assert Odd.TRAILING in odd_kinds(found)
    assert contents(found) == {"demo-1.0/a.py": b"1", "demo-1.0/b.py": b"2"}
    halves = as_sdist(gzip.compress(first[:700]) + gzip.compress(first[700:]))
    assert "a second gzip stream" in details(halves, Odd.TRAILING)[0]
    assert odds(as_sdist(gzip.compress(first) + b"junk")) == {(Odd.TRAILING, "")}
    assert as_sdist(gzip.compress(first) + b"\0" * 600_000).oddities == ()
    several = bz2.compress(first[:700]) + bz2.compress(first[700:])
    assert as_sdist(several, "demo-1.0.tar.bz2").oddities == ()


def test_a_zip_behind_a_tar_is_what_pip_unpacks() -> None:
    found = as_sdist(sdist("demo", "1.0", {"a.py": "1"}) + zip_of({"demo-1.0/setup.py": "2"}))
    assert {Odd.CONTAINER_MISMATCH, Odd.TRAILING, Odd.PREPENDED} <= odd_kinds(found)
    assert contents(found)["demo-1.0/setup.py"] == b"2"


def test_a_compressed_file_that_is_no_tar() -> None:
    found = as_sdist(gzip.compress(b"import os\n"), "demo-1.0.tar.gz")
    assert contents(found) == {"demo-1.0.tar": b"import os\n"}
    assert limit_gaps(as_sdist(gzip.compress(b""))) == [("demo-1.0.tar.gz", "it is empty")]
    assert limit_gaps(as_sdist(b"\x1f\x8b\x08broken")) == [
        ("demo-1.0.tar.gz", "its compressed data is damaged")
    ]


def test_what_is_no_tar() -> None:
    data = bytearray(raw_tar([A]))
    data[0:4] = b"????"
    found = open_tree(bytes(data), "demo-1.0.tar", Kind.SDIST)
    assert limit_gaps(found) == [("demo-1.0.tar", "it is not a tar archive")]


def test_a_long_stream_that_breaks_off_is_read_to_there_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_HELD", 1500)
    noise = [bytes((n * step) % 251 for n in range(40_000)) for step in (3, 5, 7)]
    data = gzip.compress(tar_of({f"demo-1.0/{n}.bin": body for n, body in enumerate(noise)}), mtime=0)
    whole = as_sdist(data)
    assert whole.gaps == ()
    assert list(contents(whole).values()) == noise
    # A prefix of the stream; what is behind it is neither found nor invented.
    found = as_sdist(data[: len(data) * 2 // 3])
    assert ("demo-1.0/1.bin", "its compressed data breaks off") in limit_gaps(found)
    held = contents(found)
    assert held["demo-1.0/0.bin"] == noise[0]
    assert held.keys() == {member.path for member in found.tree.members}
    last = found.tree.members[-1]
    assert noise[len(held) - 1].startswith(found.tree.read(last, 1 << 20))


def test_a_last_block_that_is_no_whole_block() -> None:
    assert (
        "is damaged" in limit_gaps(open_tree(raw_tar([A], end=b"x" * 100), "demo-1.0.tar", Kind.SDIST))[0][1]
    )
