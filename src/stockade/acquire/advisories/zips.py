"""Members of a zip of a quarter of a million small files, one after the other, each checked against its CRC.

zipfile would keep a thousand bytes about each member for the whole time; nothing is kept here, and nothing is unpacked
that is longer than any advisory. Sizes are checked on what comes out, whatever the headers say.
"""

from __future__ import annotations

import mmap
import struct
import zlib
from collections.abc import Iterator

from stockade import limits
from stockade.errors import BadFeed

_END, _END64, _LOCATOR, _ENTRY, _LOCAL = b"PK\5\6", b"PK\6\6", b"PK\6\7", b"PK\1\2", b"PK\3\4"
_DIRECTORY = struct.Struct("<4s6H3I5H2I")
_LOCAL_LENGTHS = struct.Struct("<2H")
_FULL, _FULL_SHORT = 0xFFFF_FFFF, 0xFFFF
_ZIP64 = 1


def members(data: mmap.mmap) -> Iterator[tuple[str, bytes]]:
    """(name, content) of each file; raises BadFeed for what is no whole zip, or a bomb."""
    try:
        yield from _members(data)
    except (struct.error, zlib.error, IndexError, OverflowError, UnicodeDecodeError):
        raise BadFeed("it is damaged: not a whole zip") from None


def _members(data: mmap.mmap) -> Iterator[tuple[str, bytes]]:
    count, at = _directory(data)
    if count > limits.MAX_RECORDS:
        raise BadFeed(f"it has more than {limits.MAX_RECORDS:,} members")
    total = 0
    for _ in range(count):
        fields = _DIRECTORY.unpack_from(data, at)
        if fields[0] != _ENTRY:
            raise BadFeed("it is damaged: its directory breaks off")
        flags, method, crc, packed, size = fields[3], fields[4], fields[7], fields[8], fields[9]
        names, extras, comments, offset = fields[10], fields[11], fields[12], fields[16]
        at += _DIRECTORY.size
        name = data[at : at + names].decode("utf-8")
        if _FULL in (packed, size, offset):
            size, packed, offset = _wide(data[at + names : at + names + extras], size, packed, offset)
        at += names + extras + comments
        if name.endswith("/"):
            continue
        # What is packed counts, too: a quarter of a million members may all say that the whole file is theirs.
        longest = max(size, packed)
        total += longest
        if longest > limits.MAX_ADVISORY or total > limits.MAX_FEED_UNPACKED:
            raise BadFeed(
                f"it is a zip bomb, or holds no advisories: {ascii(name)[:80]} has {longest:,} bytes"
            )
        if flags & 1 or data[offset : offset + 4] != _LOCAL:
            raise BadFeed(
                f"it is damaged: {ascii(name)[:80]} is not where its directory says, or is encrypted"
            )
        one, other = _LOCAL_LENGTHS.unpack_from(data, offset + 26)
        start = offset + 30 + one + other
        content = _unpacked(data[start : start + packed], method, size, name)
        if len(content) != size or zlib.crc32(content) != crc:
            raise BadFeed(f"it is damaged: {ascii(name)[:80]} has another checksum than its directory says")
        yield name, content


def _unpacked(packed: bytes, method: int, size: int, name: str) -> bytes:
    if method == 0:
        return packed
    if method != 8:
        raise BadFeed(f"{ascii(name)[:80]} is packed in a way that feeds do not use")
    unpacker = zlib.decompressobj(-15)
    content = unpacker.decompress(packed, size + 1)
    if len(content) > size:
        raise BadFeed(f"it is a zip bomb: {ascii(name)[:80]} unpacks to more than it says")
    return content


def _directory(data: mmap.mmap) -> tuple[int, int]:
    """How many entries the central directory has, and where it begins."""
    tail = data[max(0, len(data) - 22 - 0xFFFF) :]
    at = tail.rfind(_END)
    if at < 0:
        raise BadFeed("it is no zip, or breaks off before its end")
    count, start = struct.unpack_from("<H", tail, at + 10)[0], struct.unpack_from("<I", tail, at + 16)[0]
    if count == _FULL_SHORT or start == _FULL:
        where = len(data) - len(tail) + at - 20
        if where < 0 or data[where : where + 4] != _LOCATOR:
            return count, start
        end = struct.unpack_from("<Q", data, where + 8)[0]
        if data[end : end + 4] != _END64:
            raise BadFeed("it is damaged: its directory is not where it says")
        count, start = (
            struct.unpack_from("<Q", data, end + 32)[0],
            struct.unpack_from("<Q", data, end + 48)[0],
        )
    return count, start


def _wide(extra: bytes, *narrow: int) -> tuple[int, int, int]:
    """Size, packed size and offset, in that order, by the zip64 field where the directory has no room for them."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == _ZIP64:
            wide = iter(struct.unpack_from(f"<{length // 8}Q", extra, at + 4))
            size, packed, offset = (next(wide, one) if one == _FULL else one for one in narrow)
            return size, packed, offset
        at += 4 + length
    size, packed, offset = narrow
    return size, packed, offset
