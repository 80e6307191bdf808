"""Members of a tar, packed or not, one after the other; nothing in it is believed to be of the length that it says."""

from __future__ import annotations

import bz2
import gzip
import lzma
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from stockade import limits
from stockade.errors import BadFeed

_OPENERS = ((b"\x1f\x8b", gzip.open), (b"BZh", bz2.open), (b"\xfd7zXZ", lzma.open))
#: tarfile looks back by one byte to see whether the last member was whole.
_BACK = 512


class _Stream(Protocol):
    """What is read from."""

    def read(self, size: int, /) -> bytes: ...


class _Forward:
    """A stream as tarfile wants one: it reads on, a little at a time, and never further than a feed may be long."""

    def __init__(self, stream: _Stream) -> None:
        self._stream = stream
        self._at = 0
        self._last = b""

    def tell(self) -> int:
        return self._at

    def seek(self, to: int) -> int:
        if self._at - len(self._last) <= to <= self._at:
            self._stream = _Pushed(self._last[len(self._last) - (self._at - to) :], self._stream)
            self._last = self._last[: len(self._last) - (self._at - to)]
            self._at = to
            return to
        if to < self._at:
            raise tarfile.ReadError("it goes back")
        while self._at < to and self.read(min(to - self._at, 1 << 16)):
            pass
        return self._at

    def read(self, size: int) -> bytes:
        if size > limits.MAX_ADVISORY + _BACK or self._at + size > limits.MAX_FEED_UNPACKED:
            raise BadFeed("it is a bomb, or holds no advisories: a part of it is longer than any advisory")
        parts, wanted = [], size
        while wanted and (part := self._stream.read(wanted)):
            parts.append(part)
            wanted -= len(part)
        data = b"".join(parts)
        self._at += len(data)
        self._last = (self._last + data)[-_BACK:]
        return data


class _Pushed:
    """Bytes that were read already, then the stream."""

    def __init__(self, first: bytes, stream: _Stream) -> None:
        self._first, self._stream = first, stream

    def read(self, size: int) -> bytes:
        if self._first:
            part, self._first = self._first[:size], self._first[size:]
            return part
        return self._stream.read(size)


def members(path: Path) -> Iterator[tuple[str, bytes]]:
    """(name, content) of each file; raises BadFeed for what is no whole tar, or a bomb."""
    try:
        with path.open("rb") as file:
            first = file.read(6)
        opener = next((one for mark, one in _OPENERS if first.startswith(mark)), open)
        with opener(path, "rb") as stream:
            yield from _members(stream)
    except (tarfile.TarError, EOFError, zlib.error, lzma.LZMAError, ValueError) as why:
        raise BadFeed(f"it is damaged: not a whole tar ({str(why)[:80]})") from None
    except OSError as why:
        raise BadFeed(f"it is damaged: not a whole tar ({why.strerror or str(why)[:80]})") from None


def _members(stream: _Stream) -> Iterator[tuple[str, bytes]]:
    count = 0
    with tarfile.open(fileobj=_Forward(stream), mode="r:") as archive:  # type: ignore[call-overload]
        for member in archive:
            archive.members = []  # or it would keep them all
            count += 1
            if count > limits.MAX_RECORDS:
                raise BadFeed(f"it has more than {limits.MAX_RECORDS:,} members")
            if member.isreg() and member.size <= limits.MAX_ADVISORY:
                content = archive.extractfile(member)
                assert content is not None  # it is a file
                yield member.name, content.read()
