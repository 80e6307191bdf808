"""Zips that say one thing to one reader and another to the next."""

from __future__ import annotations

import struct
import zipfile
import zlib

import pytest

from stockade.analyse.unpack.facts import Odd
from stockade.model.artifact import MemberKind
from tests.analyse.unpack.support import as_sdist, contents, details, limit_gaps, odd_kinds, odds
from tests.support.archives import zip_of
from tests.support.raw import Entry, eocd, raw_zip

ZIP = "demo-1.0.zip"
A = Entry(name=b"a.py", data=b"a = 1\n", method=8)
B = Entry(name=b"b.py", data=b"b = 2\n")


def test_local_name_differs_and_both_are_read() -> None:
    opened = as_sdist(raw_zip([Entry(name=b"readme.txt", data=b"import x\n", local_name=b"setup.py")]), ZIP)
    assert odds(opened) == {(Odd.HEADER_MISMATCH, "readme.txt")}
    assert contents(opened) == {"readme.txt": b"import x\n", "setup.py": b"import x\n"}


@pytest.mark.parametrize(
    ("entry", "word"),
    [
        (Entry(name=b"a", data=b"xy", local_size=9), "size"),
        (Entry(name=b"a", data=b"xy", local_packed=1), "packed size"),
        (Entry(name=b"a", data=b"xy", local_crc=5), "checksum"),
        (Entry(name=b"a", data=b"xy", local_method=8), "method"),
        (Entry(name=b"a", data=b"xy", local_flags=1), "encryption"),
    ],
)
def test_local_header_differs(entry: Entry, word: str) -> None:
    opened = as_sdist(raw_zip([entry]), ZIP)
    assert word in details(opened, Odd.HEADER_MISMATCH)[0]


def test_unicode_path_field_names_another_file() -> None:
    block = struct.pack("<BL", 1, zlib.crc32(b"a.txt")) + b"setup.py"
    extra = struct.pack("<2H", 0x7075, len(block)) + block
    opened = as_sdist(raw_zip([Entry(name=b"a.txt", data=b"1", extra=extra)]), ZIP)
    assert odds(opened) == {(Odd.HEADER_MISMATCH, "a.txt")}
    assert contents(opened) == {"a.txt": b"1", "setup.py": b"1"}
    same = struct.pack("<BL", 1, zlib.crc32(b"a.txt")) + b"a.txt"
    extra = struct.pack("<2H", 0x7075, len(same)) + same
    assert as_sdist(raw_zip([Entry(name=b"a.txt", data=b"1", extra=extra)]), ZIP).oddities == ()


def test_a_member_that_the_directory_leaves_out_is_read() -> None:
    opened = as_sdist(raw_zip([A, Entry(name=b"hidden.py", data=b"1", listed=False), B]), ZIP)
    assert odds(opened) == {(Odd.UNLISTED, "hidden.py")}
    assert contents(opened) == {"a.py": b"a = 1\n", "b.py": b"b = 2\n", "hidden.py": b"1"}


def test_a_hidden_member_with_a_descriptor_and_more_behind_it() -> None:
    hidden = Entry(name=b"h.py", data=b"1", flags=8, listed=False, raw=b"1" + b"\7" * 12, local_packed=1)
    more = Entry(name=b"i.py", data=b"2", listed=False)
    opened = as_sdist(raw_zip([A, hidden, more], gap=b"odd ends"), ZIP)
    assert odds(opened) == {(Odd.UNLISTED, "h.py"), (Odd.UNLISTED, "i.py"), (Odd.SLACK, "")}
    assert contents(opened)["i.py"] == b"2"


def test_prepended_with_offsets_that_count_from_it() -> None:
    opened = as_sdist(raw_zip([A], prefix=b"#!/bin/sh\n"), ZIP)
    assert odds(opened) == {(Odd.PREPENDED, "")}
    assert contents(opened) == {"a.py": b"a = 1\n"}


def test_prepended_with_true_offsets() -> None:
    opened = as_sdist(raw_zip([A], prefix=b"MZ" + b"\0" * 98, shift=100), ZIP)
    assert odds(opened) == {(Odd.PREPENDED, "")}
    assert contents(opened) == {"a.py": b"a = 1\n"}


def test_trailing_data_and_a_comment_that_is_none() -> None:
    assert odds(as_sdist(raw_zip([A], suffix=b"more"), ZIP)) == {(Odd.TRAILING, "")}
    assert as_sdist(raw_zip([A], comment=b"a comment"), ZIP).oddities == ()
    lying = raw_zip([A])[:-2] + b"\x09\x00"
    assert "comment" in details(as_sdist(lying, ZIP), Odd.HEADER_MISMATCH)[0]


def test_bytes_between_members_and_directory() -> None:
    assert odds(as_sdist(raw_zip([A], gap=b"?" * 50), ZIP)) == {(Odd.SLACK, "")}


def test_two_zips_one_after_the_other_are_both_read() -> None:
    first = raw_zip([Entry(name=b"evil.py", data=b"1")])
    opened = as_sdist(first + raw_zip([B]), ZIP)
    assert {(Odd.PREPENDED, ""), (Odd.UNLISTED, "evil.py")} <= odds(opened)
    assert contents(opened).keys() == {"evil.py", "b.py"}


def test_a_reader_that_trusts_the_written_offset_finds_another_directory() -> None:
    body = raw_zip([Entry(name=b"evil.py", data=b"1")])
    at = body.index(b"PK\x01\x02")
    second = raw_zip([B])
    cut = second.rindex(b"PK\x05\x06")
    size = cut - second.index(b"PK\x01\x02")
    opened = as_sdist(body[: body.rindex(b"PK\x05\x06")] + second[:cut] + eocd(1, size, at), ZIP)
    assert Odd.TWO_DIRECTORIES in odd_kinds(opened)
    assert "evil.py" in contents(opened)


def test_a_second_end_record_in_the_comment() -> None:
    other = raw_zip([Entry(name=b"evil.py", data=b"1")])
    opened = as_sdist(raw_zip([B], comment=other), ZIP)
    assert Odd.TWO_DIRECTORIES in odd_kinds(opened)
    assert {"evil.py", "b.py"} <= contents(opened).keys()


def test_a_zip_stored_in_a_zip_is_no_second_directory() -> None:
    inner = zip_of({"inside.py": "1"})
    opened = as_sdist(zip_of({"demo-1.0/x.zip": inner}, compression=zipfile.ZIP_STORED), ZIP)
    assert opened.oddities == ()
    assert contents(opened)["demo-1.0/x.zip!inside.py"] == b"1"


def test_zip64_contradicts_the_plain_record() -> None:
    data = bytearray(raw_zip([A, B], zip64=True))
    at = data.rindex(b"PK\x05\x06")
    data[at + 10 : at + 12] = struct.pack("<H", 1)
    assert odd_kinds(as_sdist(bytes(data), ZIP)) == {Odd.TWO_DIRECTORIES}


def test_zip64_record_is_not_where_the_locator_says() -> None:
    data = bytearray(raw_zip([A], zip64=True))
    at = data.rindex(b"PK\x06\x07")
    data[at + 8 : at + 16] = struct.pack("<Q", 1 << 40)
    opened = as_sdist(bytes(data), ZIP)
    assert odd_kinds(opened) == {Odd.HEADER_MISMATCH}
    assert contents(opened) == {"a.py": b"a = 1\n"}
    data[at - 56 : at - 52] = b"PK??"
    assert limit_gaps(as_sdist(bytes(data), ZIP))


def test_zip64_sizes_in_the_extra_field() -> None:
    extra = struct.pack("<2H2Q", 1, 16, 5, 5)
    mark = 0xFFFFFFFF
    entry = Entry(name=b"a", data=b"12345", size=mark, packed=mark, extra=extra, local_extra=extra)
    opened = as_sdist(raw_zip([entry]), ZIP)
    assert opened.oddities == ()
    assert contents(opened) == {"a": b"12345"}


def test_directory_where_only_the_written_offset_leads() -> None:
    body = raw_zip([A])
    at = body.index(b"PK\x01\x02")
    size = body.rindex(b"PK\x05\x06") - at
    opened = as_sdist(body[: at + size] + b"gap!" + eocd(1, size, at), ZIP)
    assert Odd.HEADER_MISMATCH in odd_kinds(opened)
    assert contents(opened) == {"a.py": b"a = 1\n"}


def test_count_and_end_of_the_directory() -> None:
    assert "claims 7 entries" in details(as_sdist(raw_zip([A], count=7), ZIP), Odd.HEADER_MISMATCH)[0]
    data = bytearray(raw_zip([A, B]))
    second = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 4)
    data[second] = 0
    opened = as_sdist(bytes(data), ZIP)
    assert (ZIP, "its central directory breaks off") in limit_gaps(opened)
    assert contents(opened)["a.py"] == b"a = 1\n"


def test_members_that_share_their_bytes() -> None:
    inner = raw_zip([Entry(name=b"y", data=b"2")])
    at = 30 + len(b"outer")
    outer = Entry(name=b"outer", data=inner[: inner.index(b"PK\x01\x02")])
    opened = as_sdist(raw_zip([outer, Entry(name=b"y", data=b"2", offset=at, present=False)]), ZIP)
    assert Odd.OVERLAP in odd_kinds(opened)


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (Entry(name=b"a", data=b"x", flags=1), "it is encrypted"),
        (Entry(name=b"a", data=b"x", method=93), "it is compressed by a method that is not supported (93)"),
        (Entry(name=b"a", data=b"x", crc=1), "its checksum (CRC-32) is wrong"),
        (Entry(name=b"a", data=b"xyz", size=2), "its header claims 2 bytes, it holds 3"),
        (Entry(name=b"a", data=b"x", packed=4000), "its data lies beyond the end of the file"),
        (Entry(name=b"a", data=b"x", method=8, raw=b"\xff\xff"), "its compressed data is damaged"),
        (Entry(name=b"a", data=b"x" * 99, method=8, raw=b"\x4b\x4c"), "its compressed data breaks off"),
        (Entry(name=b"a", data=b"x", method=14, raw=b"\x09\x04"), "its LZMA properties are malformed"),
        (
            Entry(name=b"a", data=b"x", method=14, raw=b"\x09\x04\x05\x00\xff\0\0\0\0"),
            "its LZMA properties ask for too much",
        ),
        (
            Entry(name=b"a", data=b"x", method=14, raw=b"\x09\x04\x05\x00\xe0\0\0\1\0"),
            "its LZMA properties are malformed",
        ),
        (Entry(name=b"a", data=b"x", offset=9999), "its local header is missing or damaged"),
    ],
)
def test_a_member_that_cannot_be_read_is_a_gap_and_the_rest_is_read(entry: Entry, why: str) -> None:
    opened = as_sdist(raw_zip([entry, B]), ZIP)
    assert ("a", why) in limit_gaps(opened)
    assert contents(opened)["b.py"] == b"b = 2\n"


def test_names() -> None:
    entries = [
        Entry(name=b"setup.py\0.txt", data=b"1"),
        Entry(name=b"bad\xff.py", data=b"2", flags=0x800),
        Entry(name=b"dos\x81.py", data=b"3"),
        Entry(name=b"pkg\\mod.py", data=b"4"),
        Entry(name="schön.py".encode(), data=b"5"),
        Entry(name=b"x" * 5000, data=b"6"),
    ]
    opened = as_sdist(raw_zip(entries), ZIP)
    held = contents(opened)
    assert held["setup.py"] == b"1"
    assert held["bad\\xff.py"] == b"2"
    assert held["dosü.py"] == b"3"
    assert held["pkg/mod.py"] == b"4"
    assert held["schön.py"] == b"5"
    assert odds(opened) == {
        (Odd.BAD_NAME, "setup.py\0.txt"),
        (Odd.BAD_NAME, "bad\\xff.py"),
        (Odd.BAD_NAME, "dosü.py"),
        (Odd.BACKSLASH, "pkg\\mod.py"),
    }
    assert limit_gaps(opened)[0][1] == "its name is longer than 4096 characters"


def test_links_and_devices_are_files_for_installers() -> None:
    entries = [
        Entry(name=b"setup.py", data=b"import os\n", mode=0o120777),
        Entry(name=b"out", data=b"../../etc/passwd", mode=0o120777),
        Entry(name=b"big", data=b"x" * 5000, mode=0o120777),
        Entry(name=b"bad", data=b"x", mode=0o120777, method=8, raw=b"\xff"),
        Entry(name=b"gone", data=b"x", mode=0o120777, offset=9999),
        Entry(name=b"pipe", data=b"x = 1", mode=0o010644),
    ]
    opened = as_sdist(raw_zip(entries), ZIP)
    assert contents(opened)["setup.py"] == b"import os\n"
    assert contents(opened)["pipe"] == b"x = 1"
    assert {(Odd.LINK_OUTSIDE, "out"), (Odd.DEVICE, "pipe")} <= odds(opened)
    assert (Odd.LINK_OUTSIDE, "setup.py") not in odds(opened)


def test_a_folder_with_contents() -> None:
    opened = as_sdist(raw_zip([Entry(name=b"setup.py/", data=b"1")]), ZIP)
    assert odds(opened) == {(Odd.HEADER_MISMATCH, "setup.py/")}
    assert opened.tree.members[0].kind is MemberKind.FOLDER


def test_what_is_no_zip() -> None:
    for data in (b"PK\x03\x04", b"PK\x05\x06" + b"\0" * 10, b"PK\x03\x04" + eocd(3, 900, 0)):
        opened = as_sdist(data, ZIP)
        assert limit_gaps(opened) == [(ZIP, "it has no end-of-central-directory record that fits")]
        assert opened.tree.members == ()
    assert as_sdist(eocd(0, 0, 0), ZIP).gaps == ()
