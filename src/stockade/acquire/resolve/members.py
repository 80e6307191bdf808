"""A few small members of an sdist, read under bounds and without executing or unpacking anything.

This runs in the parent process, before analysis, because a closure must be known before it can be judged. So
it is kept small: one pass over tar headers (POSIX ustar, GNU long names, pax paths), or a zip's directory.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, Protocol

from stockade import limits

_BLOCK = 512
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_DAMAGE = (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError, zipfile.BadZipFile)


class Unreadable(Exception):
    """The archive is damaged, or larger than a bound allows; the message says which, as a clause."""


class _Reads(Protocol):
    def read(self, size: int = ..., /) -> bytes: ...


def read_members(file: BinaryIO, wanted: Callable[[str], bool]) -> dict[str, bytes]:
    """The contents of the members of an sdist whose path is `wanted`, the first of each path.

    `file` is at its start. Raises Unreadable.
    """
    magic = file.read(6)
    file.seek(0)
    try:
        members = _zip(file, wanted) if magic.startswith(_ZIP) else _tar(_opened(file, magic), wanted)
        return _collect(members)
    except _DAMAGE as why:
        raise Unreadable(f"it is damaged ({type(why).__name__})") from None
    except (NotImplementedError, RuntimeError):
        raise Unreadable("it is encrypted, or compressed in a way that no installer reads") from None


def _collect(members: Iterator[tuple[str, bytes]]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for path, data in members:
        found.setdefault(path, data)
        if len(found) >= limits.MAX_STATIC_MEMBERS:
            break
    return found


def _zip(file: BinaryIO, wanted: Callable[[str], bool]) -> Iterator[tuple[str, bytes]]:
    file.seek(0, 2)
    if file.tell() > limits.MAX_STATIC_ZIP:
        raise Unreadable("it is a larger zip than is read for its metadata")
    with zipfile.ZipFile(file) as archive:
        for info in archive.infolist()[: limits.MAX_MEMBERS]:
            if wanted(info.filename) and not info.is_dir():
                with archive.open(info) as member:
                    yield info.filename, _small(member.read(limits.MAX_METADATA + 1))


def _opened(file: BinaryIO, magic: bytes) -> _Reads:
    if magic.startswith(b"\x1f\x8b"):
        return gzip.GzipFile(fileobj=file)
    if magic.startswith(b"BZh"):
        return bz2.BZ2File(file)
    if magic.startswith(b"\xfd7zXZ\x00"):
        return lzma.LZMAFile(file)
    return file


def _tar(stream: _Reads, wanted: Callable[[str], bool]) -> Iterator[tuple[str, bytes]]:
    left = limits.MAX_STATIC_UNPACKED
    longer = ""
    for _ in range(limits.MAX_MEMBERS):
        header = stream.read(_BLOCK)
        if len(header) < _BLOCK or not header.strip(b"\0"):
            return
        size, kind = _number(header[124:136]), header[156:157]
        left -= size
        if size < 0 or left < 0:
            raise Unreadable("it unpacks to more than is read for its metadata")
        path = longer or _name(header)
        keep = kind in b"Lx" or (kind in b"0\0" and wanted(path))
        data = _take(stream, size, keep=keep)
        if kind == b"L":
            longer = data.split(b"\0")[0].decode("utf-8", "surrogateescape")
        elif kind == b"x":
            longer = _pax_path(data) or longer
        elif kind not in b"gK":
            longer = ""
        if keep and kind not in b"Lx":
            yield path, data


def _take(stream: _Reads, size: int, *, keep: bool) -> bytes:
    if keep:
        _small(b"", size)
    padded = -(-size // _BLOCK) * _BLOCK
    parts: list[bytes] = []
    while padded:
        part = stream.read(min(padded, 1 << 16))
        if not part:
            raise Unreadable("it ends in the middle of a member")
        padded -= len(part)
        if keep:
            parts.append(part)
    return b"".join(parts)[:size]


def _small(data: bytes, size: int | None = None) -> bytes:
    if (len(data) if size is None else size) > limits.MAX_METADATA:
        raise Unreadable("a metadata file in it is larger than honest ones are")
    return data


def _number(field: bytes) -> int:
    if field[0] & 0x80:  # GNU's base-256 form
        return int.from_bytes(bytes([field[0] & 0x7F]) + field[1:], "big")
    return int(field.split(b"\0")[0].strip() or b"0", 8)


def _name(header: bytes) -> str:
    name = header[:100].split(b"\0")[0]
    prefix = header[345:500].split(b"\0")[0] if header[257:262] == b"ustar" else b""
    if header[257:265] == b"ustar  \0":  # GNU's own header has other things there
        prefix = b""
    return (prefix + b"/" + name if prefix else name).decode("utf-8", "surrogateescape")


def _pax_path(data: bytes) -> str:
    """The ``path`` record of a pax header ("LENGTH key=value\\n", POSIX.1-2001)."""
    while data:
        length, _, _ = data.partition(b" ")
        if not length.isdigit() or not 0 < int(length) <= len(data):
            return ""
        key, _, value = data[len(length) + 1 : int(length) - 1].partition(b"=")
        if key == b"path":
            return value.decode("utf-8", "surrogateescape")
        data = data[int(length) :]
    return ""
