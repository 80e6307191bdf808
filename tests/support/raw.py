"""Zips and tars written header by header, true or not."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One member of a raw zip. None follows from `data`; `local_*` is for the local header alone."""

    name: bytes
    data: bytes = b""
    method: int = 0
    flags: int = 0
    mode: int = 0o100644
    size: int | None = None
    packed: int | None = None
    crc: int | None = None
    extra: bytes = b""
    raw: bytes | None = None
    local_name: bytes | None = None
    local_method: int | None = None
    local_size: int | None = None
    local_packed: int | None = None
    local_crc: int | None = None
    local_flags: int | None = None
    local_extra: bytes = b""
    offset: int | None = None
    #: Leave it out of the central directory, or out of the local part.
    listed: bool = True
    present: bool = True

    @property
    def body(self) -> bytes:
        """The bytes that follow the local header."""
        if self.raw is not None:
            return self.raw
        if self.method == zipfile.ZIP_DEFLATED:
            packer = zlib.compressobj(9, zlib.DEFLATED, -15)
            return packer.compress(self.data) + packer.flush()
        return self.data


def raw_zip(
    entries: Iterable[Entry],
    *,
    prefix: bytes = b"",
    gap: bytes = b"",
    suffix: bytes = b"",
    comment: bytes = b"",
    count: int | None = None,
    shift: int = 0,
    zip64: bool = False,
    zip64_shift: int = 0,
) -> bytes:
    """A zip written header by header. Offsets count from after `prefix`, plus `shift`.

    `gap` lies between the last member and the central directory, `suffix` after everything; `count` is the
    number of entries that the end record claims. With `zip64` a zip64 end record holds the truth, moved by
    `zip64_shift`, and the plain one its marks (0xFFFF…).
    """
    body = bytearray()
    directory = bytearray()
    listed = 0
    for entry in entries:
        offset = len(body)
        if entry.present:
            body += _local(entry)
        if entry.listed:
            directory += _central(entry, offset + shift)
            listed += 1
    body += gap
    start = len(body) + shift
    claimed = listed if count is None else count
    end = bytearray()
    if zip64:
        at = len(body) + len(directory)
        end += struct.pack(
            "<4sQ2H2L4Q",
            b"PK\x06\x06",
            44,
            45,
            45,
            0,
            0,
            claimed,
            claimed,
            len(directory),
            start + zip64_shift,
        )
        end += struct.pack("<4sLQL", b"PK\x06\x07", 0, at, 1)
        end += eocd(0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, comment)
    else:
        end += eocd(claimed, len(directory), start, comment)
    return prefix + bytes(body) + bytes(directory) + bytes(end) + suffix


def eocd(count: int, size: int, start: int, comment: bytes = b"") -> bytes:
    """An end-of-central-directory record (APPNOTE 4.3.16)."""
    return struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, size, start, len(comment)) + comment


def _local(entry: Entry) -> bytes:
    body = entry.body
    name = entry.name if entry.local_name is None else entry.local_name
    header = struct.pack(
        "<4s5H3L2H",
        b"PK\x03\x04",
        20,
        entry.flags if entry.local_flags is None else entry.local_flags,
        entry.method if entry.local_method is None else entry.local_method,
        0,
        0x5821,
        _first(entry.local_crc, entry.crc, zlib.crc32(entry.data)),
        _first(entry.local_packed, entry.packed, len(body)),
        _first(entry.local_size, entry.size, len(entry.data)),
        len(name),
        len(entry.local_extra),
    )
    return header + name + entry.local_extra + body


def _central(entry: Entry, offset: int) -> bytes:
    header = struct.pack(
        "<4s6H3L5H2L",
        b"PK\x01\x02",
        (3 << 8) | 20,
        20,
        entry.flags,
        entry.method,
        0,
        0x5821,
        _first(entry.crc, zlib.crc32(entry.data)),
        _first(entry.packed, len(entry.body)),
        _first(entry.size, len(entry.data)),
        len(entry.name),
        len(entry.extra),
        0,
        0,
        0,
        entry.mode << 16,
        offset if entry.offset is None else entry.offset,
    )
    return header + entry.name + entry.extra


def _first(*values: int | None) -> int:
    return next(value for value in values if value is not None)


@dataclass(frozen=True, kw_only=True)
class Block:
    """One header of a raw tar with its data. `size` is what the header claims; `kind` the type flag."""

    name: bytes
    data: bytes = b""
    kind: bytes = b"0"
    link: bytes = b""
    size: int | None = None
    size_field: bytes | None = None
    prefix: bytes = b""
    magic: bytes = b"ustar\x0000"
    checksum: int | None = None


def pax(**records: str) -> bytes:
    """The body of a pax extended header ("length key=value\\n"); ``__`` in a key stands for a dot."""
    return b"".join(pax_record(key.replace("__", "."), value.encode()) for key, value in records.items())


def pax_record(key: str, value: bytes) -> bytes:
    """One record of a pax header."""
    text = b" " + key.encode() + b"=" + value + b"\n"
    length = len(text) + 1
    while len(str(length)) + len(text) != length:
        length = len(str(length)) + len(text)
    return str(length).encode() + text


def raw_tar(blocks: Iterable[Block], *, end: bytes = b"\0" * 1024, suffix: bytes = b"") -> bytes:
    """A tar written header by header, closed by `end`."""
    out = bytearray()
    for block in blocks:
        out += _tar_header(block) + block.data + b"\0" * (-len(block.data) % 512)
    return bytes(out) + end + suffix


def _tar_header(block: Block) -> bytes:
    size = len(block.data) if block.size is None else block.size
    fields = [
        block.name.ljust(100, b"\0"),
        b"0000644\0",
        b"0000000\0",
        b"0000000\0",
        b"%011o\0" % size if block.size_field is None else block.size_field.ljust(12, b"\0"),
        b"00000000000\0",
        b" " * 8,
        block.kind,
        block.link.ljust(100, b"\0"),
        block.magic,
        b"\0" * 32,
        b"\0" * 32,
        b"\0" * 16,
        block.prefix.ljust(155, b"\0"),
    ]
    header = b"".join(fields).ljust(512, b"\0")
    total = sum(header) if block.checksum is None else block.checksum
    return header[:148] + b"%06o\0 " % total + header[156:]
