"""What data may hold inside: each encoding that is undone, wherever in it something so encoded begins and ends."""

from __future__ import annotations

import binascii
import bz2
import lzma
import re
import zlib
from collections.abc import Callable, Iterator
from string import ascii_letters, ascii_lowercase, ascii_uppercase, digits, hexdigits
from urllib.parse import unquote_to_bytes

from stockade import limits

Layer = tuple[str, bytes]

_PRINTABLE = bytes(range(32, 127)) + b"\t\r\n"
_URLSAFE = bytes.maketrans(b"-_", b"+/")


class _Letters:
    """Runs of at least `least` bytes out of `some`. Looking for one long needle is many times as fast as a pattern."""

    def __init__(self, some: str, least: int) -> None:
        self._marks = bytes(120 if chr(one) in some else 32 for one in range(256))
        self._needle = b"x" * least

    def runs(self, data: bytes) -> Iterator[bytes]:
        """At most limits.MAX_SOUGHT_RUNS of them."""
        marks = data.translate(self._marks)
        at = marks.find(self._needle)
        for _ in range(limits.MAX_SOUGHT_RUNS):
            if at < 0:
                return
            end = marks.find(b" ", at)
            end = len(data) if end < 0 else end
            yield data[at:end]
            at = marks.find(self._needle, end)


_BASE64 = _Letters(ascii_letters + digits + "+/-_", 24)
_HEX = _Letters(hexdigits, 32)
_BASE32 = (_Letters(ascii_uppercase + "234567", 30), _Letters(ascii_lowercase + "234567", 30))
_SEPARATED = _Letters(hexdigits + "x:,- \t\r\n", 45)
_PAIRS = re.compile(rb"(?:[0-9A-Fa-f]{2}[:,\- ]){15,}[0-9A-Fa-f]{2}")
_NUMBERS = re.compile(rb"(?:(?:\d{1,3}|0x[0-9A-Fa-f]{1,2})[,\s]+){15,}(?:\d{1,3}|0x[0-9A-Fa-f]{1,2})")
_ESCAPE = re.compile(rb"\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|([0-7]{3})|(.))", re.DOTALL)
_SHORT = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"0": b"\0"}
#: How compressed data begins.
_STARTS = (
    *(b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ\0", b"PK\x03\x04"),
    *(b"\x78\x9c", b"\x78\xda", b"\x78\x01", b"\x78\x5e"),
)


def layers(data: bytes, *, turned: bool = False) -> Iterator[Layer]:
    """What `data` may be a disguise of: (name, content); `turned`: somebody looked at it backwards already. Nothing
    raises, and all of it is bounded."""
    yield from _unpacked(data)
    text = _share(data, _PRINTABLE)
    if text < 0.95:
        yield from _unmasked(data)
    if data.count(0) * 5 >= len(data):
        yield "UTF-16", data[::2]
        yield "UTF-16", data[1::2]
    if text > 0.5:
        yield from _texts(data)
    yield from _decoded("base64", _BASE64, data, 4, _base64)
    yield from _decoded("hex", _HEX, data, 2, _hex)
    for letters in _BASE32:
        yield from _decoded("base32", letters, data, 8, _base32)
    for run in _SEPARATED.runs(data):
        for found in _PAIRS.findall(run)[: limits.MAX_SOUGHT_RUNS]:
            yield "hex", _hex(re.sub(rb"[:,\- ]", b"", found))
        for found in _NUMBERS.findall(run)[: limits.MAX_SOUGHT_RUNS]:
            yield from _numbers(found)
    # A marker that is only turned is found without this.
    if not turned and (text > 0.5 or any(start[::-1] in data for start in _STARTS)):
        yield "reversed", data[::-1]


def _share(data: bytes, some: bytes) -> float:
    """How much of `data` is among `some`, in [0, 1]."""
    return 1 - len(data.translate(None, some)) / len(data)


def _decoded(
    name: str, letters: _Letters, data: bytes, size: int, decode: Callable[[bytes], bytes]
) -> Iterator[Layer]:
    """Runs of an alphabet, from each place in a group of `size` that one may begin at."""
    for run in letters.runs(data):
        for start in range(size):
            yield name, decode(run[start:])


def _base64(run: bytes) -> bytes:
    whole = run[:-1] if len(run) % 4 == 1 else run
    return binascii.a2b_base64(whole.translate(_URLSAFE) + b"=" * (-len(whole) % 4))


def _hex(run: bytes) -> bytes:
    return binascii.unhexlify(run[: len(run) // 2 * 2])


_VALUES = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", b"0123456789abcdefghijklmnopqrstuv")


def _base32(run: bytes) -> bytes:
    """RFC 4648, section 6, without padding."""
    values = run.upper().translate(_VALUES)
    whole = values + b"0" * (-len(values) % 8)
    return int(whole, 32).to_bytes(len(whole) * 5 // 8, "big")[: len(values) * 5 // 8]


def _numbers(found: bytes) -> Iterator[Layer]:
    values = [int(one, 0) if one[:2] == b"0x" else int(one) for one in re.split(rb"[,\s]+", found)]
    if max(values) < 256:
        yield "numbers", bytes(values)


def _texts(data: bytes) -> Iterator[Layer]:
    """Disguises of text as a whole."""
    if b"%" in data:
        yield "URL-encoded", unquote_to_bytes(data)
    if b"+" in data:
        yield "URL-encoded", unquote_to_bytes(data.replace(b"+", b" "))
    if b"\\" in data:
        yield "escaped", _ESCAPE.sub(_unescaped, data)
    if b"=\n" in data or b"=\r\n" in data or b"=3D" in data:
        yield "quoted-printable", binascii.a2b_qp(data)
    if b"\xc2" in data or b"\xc3" in data:
        yield from _letters(data)
    held = data.translate(None, b" \t\r\n\v\f")
    if len(held) < len(data):
        yield "", held


def _letters(data: bytes) -> Iterator[Layer]:
    """Bytes each of which was made a letter of, and that as UTF-8."""
    try:
        yield "UTF-8", data.decode("utf-8", "ignore").encode("latin-1")
    except UnicodeEncodeError:
        return


def _unescaped(found: re.Match[bytes]) -> bytes:
    if found[1]:
        value = int(found[1], 16)
        # A byte that was made a letter of is one again.
        return bytes([value]) if value < 256 else chr(value).encode("utf-8", "surrogatepass")
    if found[2]:
        return bytes([int(found[2], 16)])
    if found[3]:
        return bytes([int(found[3], 8) & 0xFF])
    return _SHORT.get(found[4], found[4])


def _unpacked(data: bytes) -> Iterator[Layer]:
    """Compressed data, and what begins in the middle of something else."""
    for start in _STARTS:
        at = data.find(start)
        for _ in range(limits.MAX_SOUGHT_STARTS):
            if at < 0:
                break
            yield from _begun(start, data, at)
            at = data.find(start, at + 1)
    if len(data) > 20 and _share(data, _PRINTABLE) < 0.95:
        yield "deflate", _inflated(zlib.decompressobj(-15), data, 0)


def _begun(start: bytes, data: bytes, at: int) -> Iterator[Layer]:
    if start[:2] == b"\x1f\x8b":
        yield "gzip", _inflated(zlib.decompressobj(31), data, at)
    elif start[:2] == b"BZ":
        yield "bz2", _expanded(bz2.BZ2Decompressor(), data, at)
    elif start[:2] == b"\xfd7":
        reader = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=limits.MAX_LZMA_MEMORY)
        yield "xz", _expanded(reader, data, at)
    elif start[:2] == b"PK":
        yield from _zipped(data, at)
    else:
        yield "zlib", _inflated(zlib.decompressobj(15), data, at)


def _zipped(data: bytes, at: int) -> Iterator[Layer]:
    """A member of a zip archive, by its local header (APPNOTE 4.3.7)."""
    name, extra = (int.from_bytes(data[at + one : at + one + 2], "little") for one in (26, 28))
    if data[at + 8 : at + 10] == b"\x08\0":
        yield "zip", _inflated(zlib.decompressobj(-15), data, at + 30 + name + extra)


def _inflated(reader: zlib._Decompress, data: bytes, at: int) -> bytes:
    """As much as can be had, up to a bound: what was cut off is no reason to see nothing."""
    made = bytearray()
    view = memoryview(data)
    try:
        for start in range(at, len(data), limits.NOWHERE_CHUNK):
            made += reader.decompress(
                view[start : start + limits.NOWHERE_CHUNK], limits.MAX_SOUGHT_LAYER - len(made)
            )
            if reader.eof or reader.unconsumed_tail or len(made) >= limits.MAX_SOUGHT_LAYER:
                break
    except zlib.error:
        pass
    return bytes(made)


def _expanded(reader: bz2.BZ2Decompressor | lzma.LZMADecompressor, data: bytes, at: int) -> bytes:
    made = bytearray()
    view = memoryview(data)
    try:
        for start in range(at, len(data), limits.NOWHERE_CHUNK):
            piece = view[start : start + limits.NOWHERE_CHUNK]
            made += reader.decompress(piece, limits.MAX_SOUGHT_LAYER - len(made))
            if reader.eof or not reader.needs_input or len(made) >= limits.MAX_SOUGHT_LAYER:
                break
    except (OSError, ValueError, lzma.LZMAError, EOFError):
        pass
    return bytes(made)


_LETTERS = (ascii_letters + digits + ' :,-"=+/%._\n\\{}').encode()
_HIGH = bytes(range(128, 256))
#: Different bytes of a text; with fewer it is a text under any key.
_LEAST_DIFFERENT = 8
_KEYS = [bytes(one ^ key for one in range(256)) for key in range(256)]


def _unmasked(data: bytes) -> Iterator[Layer]:
    """Data under one byte (XOR) that is text or compressed without it. A marker that lies right below is found without
    this, by what the key does not change."""
    keys: set[int] = set()
    for end in (data[:2], data[:-3:-1]):
        keys.update(end[0] ^ start[0] for start in _STARTS if end[0] ^ start[0] == end[1] ^ start[1])
    sample = data[: limits.MAX_SOUGHT_SAMPLE]
    # Letters share their highest bit, under any key.
    if not 0.05 < _share(sample, _HIGH) < 0.95 and len(set(sample)) >= _LEAST_DIFFERENT:
        texts = ((key, sample.translate(_KEYS[key])) for key in range(1, 256))
        shares = ((_share(text, _LETTERS), key) for key, text in texts if _share(text, _PRINTABLE) >= 0.95)
        told = sorted((-share, key) for share, key in shares)
        keys.update(key for _, key in told[: limits.MAX_SOUGHT_KEYS])
    for key in sorted(keys - {0}):
        yield "XOR", data.translate(_KEYS[key])
