"""Decompression under bounds: whatever a header claims, only so much comes out."""

from __future__ import annotations

import bz2
import lzma
import struct
import zlib
from collections.abc import Iterator
from typing import Protocol

from stockade import limits
from stockade.analyse.unpack.facts import Odd
from stockade.analyse.unpack.notes import BoundError, Notes, UnreadableError

#: Bytes fed and asked for at a time.
CHUNK = 1 << 18

#: Zip's numbers for its compression methods (APPNOTE 4.4.5).
STORED, DEFLATED, BZIPPED, LZMAED = 0, 8, 12, 14

_DAMAGED = (zlib.error, OSError, EOFError, ValueError, lzma.LZMAError)


class Engine(Protocol):
    """What bz2's and lzma's decompressors share."""

    def decompress(self, data: bytes | memoryview, max_length: int = -1) -> bytes: ...
    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...


class _Zlib:
    """zlib's decompressor with the interface of the other two. `window` is zlib's wbits."""

    def __init__(self, window: int) -> None:
        self._inner = zlib.decompressobj(window)

    def decompress(self, data: bytes | memoryview, max_length: int = -1) -> bytes:
        tail = self._inner.unconsumed_tail
        return self._inner.decompress(tail + bytes(data) if tail else data, max_length)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data


class _Stored:
    """No compression at all."""

    eof = False
    needs_input = True
    unused_data = b""

    def decompress(self, data: bytes | memoryview, max_length: int = -1) -> bytes:
        return bytes(data)


def engine(form: str | int) -> Engine:
    """A decompressor for ``gzip``, ``bzip2``, ``xz`` or one of zip's methods; raises BoundError."""
    match form:
        case "gzip":
            return _Zlib(31)
        case "bzip2" | 12:
            return bz2.BZ2Decompressor()
        case "xz":
            return lzma.LZMADecompressor(lzma.FORMAT_AUTO, memlimit=limits.MAX_LZMA_MEMORY)
        case 8:
            return _Zlib(-15)
        case 0:
            return _Stored()
    raise BoundError(f"it is compressed by a method that is not supported ({form})")


def zip_lzma(raw: memoryview) -> tuple[Engine, memoryview]:
    """Zip's LZMA (APPNOTE 5.8.8): the decompressor by the properties in front of the data, and the data."""
    if len(raw) < 9 or int.from_bytes(raw[2:4], "little") != 5:
        raise UnreadableError("its LZMA properties are malformed")
    packed, dictionary = struct.unpack_from("<BL", raw, 4)
    if packed >= 225 or dictionary > limits.MAX_LZMA_MEMORY:
        raise BoundError("its LZMA properties ask for too much")
    rest, lc = divmod(packed, 9)
    pb, lp = divmod(rest, 5)
    chain = [{"id": lzma.FILTER_LZMA1, "dict_size": max(dictionary, 4096), "lc": lc, "lp": lp, "pb": pb}]
    try:
        return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=chain), raw[9:]
    except _DAMAGED:
        raise UnreadableError("its LZMA properties are malformed") from None


def member(method: int, raw: memoryview, notes: Notes) -> Iterator[bytes]:
    """The contents of a zip's member, chunk by chunk; `raw` is all of its packed bytes.

    Raises UnreadableError where the data is damaged, of an unknown method, or a bomb.
    """
    motor, rest = zip_lzma(raw) if method == LZMAED else (engine(method), raw)
    yield from _run(motor, rest, notes, Ratio(len(raw)))
    if not motor.eof and method not in (STORED, LZMAED):
        raise UnreadableError("its compressed data breaks off")


def stream(form: str, raw: memoryview, notes: Notes) -> Iterator[bytes]:
    """All that a gzip, bzip2 or xz file holds, its further streams included, as Python's own readers do.

    What follows the first gzip stream is noted, for other readers stop there. Raises UnreadableError like
    `member`.
    """
    at = 0
    ratio = Ratio(len(raw))
    while True:
        motor = engine(form)
        yield from _run(motor, raw[at:], notes, ratio)
        if not motor.eof:
            raise UnreadableError("its compressed data breaks off")
        at = _past_zeros(raw, len(raw) - ratio.left)
        if at == len(raw):
            return
        if not begins(form, raw[at : at + 6]):
            notes.odd(Odd.TRAILING, "", f"{len(raw) - at} bytes follow the {form} stream")
            return
        if form == "gzip":
            notes.odd(Odd.TRAILING, "", f"a second gzip stream begins at {at}")


def _past_zeros(raw: memoryview, at: int) -> int:
    """The next byte that is not zero; Python's readers skip zeros between streams."""
    while at < len(raw):
        piece = bytes(raw[at : at + CHUNK])
        rest = piece.lstrip(b"\0")
        if rest:
            return at + len(piece) - len(rest)
        at += len(piece)
    return at


def begins(form: str, head: memoryview) -> bool:
    """Whether `head` begins a stream of `form`."""
    magic = {"gzip": b"\x1f\x8b", "bzip2": b"BZh", "xz": b"\xfd7zXZ\0"}[form]
    return bytes(head[: len(magic)]) == magic


class Ratio:
    """Watches how much comes out of `packed` bytes; `left` is what the last stream did not take."""

    def __init__(self, packed: int) -> None:
        self._allowed = max(limits.MAX_RATIO_FLOOR, packed * limits.MAX_RATIO)
        self._out = 0
        self.left = 0

    def add(self, size: int) -> None:
        """Raises UnreadableError when the output is out of all proportion."""
        self._out += size
        if self._out > self._allowed:
            raise BoundError(f"it unpacks to more than {limits.MAX_RATIO} times its size: a bomb")


def _run(motor: Engine, raw: memoryview, notes: Notes, ratio: Ratio) -> Iterator[bytes]:
    """Feed `raw` to `motor` until it is done or there is no more."""
    at = 0
    while True:
        piece = raw[at : at + CHUNK] if motor.needs_input else b""
        at += len(piece)
        try:
            out = motor.decompress(piece, CHUNK)
        except _DAMAGED:
            raise UnreadableError("its compressed data is damaged") from None
        if out:
            ratio.add(len(out))
            notes.spend(len(out))
            yield out
        if motor.eof:
            ratio.left = len(raw) - at + len(motor.unused_data)
            return
        if not out and at >= len(raw) and motor.needs_input:
            return
