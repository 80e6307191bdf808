"""Where a zip's central directories are. Readers differ, so every one that some reader would use is found.

CPython's zipfile takes the last end record in the final 64 KiB, counts back from it to the directory and
shifts all offsets by what lies in front; others trust the offset that is written, or zip64's. Where two of
these disagree, both directories are read and the disagreement is an oddity (APPNOTE 4.3).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from stockade.analyse.unpack.facts import Odd
from stockade.analyse.unpack.notes import Notes, UnreadableError

END = b"PK\x05\x06"
CENTRAL = b"PK\x01\x02"
LOCAL = b"PK\x03\x04"
_END64 = b"PK\x06\x06"
_LOCATOR = b"PK\x06\x07"
#: An end record and the longest comment.
_TAIL = 22 + 0xFFFF


@dataclass(frozen=True, slots=True)
class Directory:
    """A central directory: `size` bytes from `start`; offsets in it count from `shift`; `end` is past its end
    record and comment; `count` is how many entries it claims."""

    start: int
    size: int
    count: int
    shift: int
    end: int


def ends_like_zip(view: memoryview) -> bool:
    """Whether a zip reader that searches from the end, as CPython's does, would find a directory."""
    return any(True for _ in _candidates(view))


def directories(view: memoryview, notes: Notes) -> tuple[list[Directory], list[int]]:
    """Every directory that a reader may use, the one that CPython's zipfile uses first, and the offsets of
    further plausible end records in front of it, which may belong to a member that is a zip.

    Raises UnreadableError where there is none.
    """
    found = list(_candidates(view))
    if not found:
        raise UnreadableError("it has no end-of-central-directory record that fits")
    position = found[0]
    chosen = _read(view, position, notes)
    others = [_as_written(view, position, chosen)]
    others += [_read(view, other, notes) for other in found[1:] if other >= chosen.start + chosen.size]
    several = [chosen]
    for other in others:
        if other is not None and all(other.start != one.start for one in several):
            several.append(other)
            detail = f"a second central directory of {other.count} entries lies at {other.start}"
            notes.odd(Odd.TWO_DIRECTORIES, "", detail)
    if position + 22 + _comment(view, position) > len(view):
        notes.odd(Odd.HEADER_MISMATCH, "", "the end record claims a comment longer than the file")
    return several, [other for other in found[1:] if other < chosen.start]


def _candidates(view: memoryview) -> Iterator[int]:
    """Offsets of plausible end records, last first."""
    base = max(0, len(view) - _TAIL)
    tail = bytes(view[base:])
    at = tail.rfind(END)
    while at >= 0:
        if at + 22 <= len(tail) and _plausible(view, base + at):
            yield base + at
        at = tail.rfind(END, 0, at + 3)


def _plausible(view: memoryview, position: int) -> bool:
    count, size, start = _fields(view, position)
    before = _zip64(view, position)
    if before is not None:
        count, size, start, begin = before
        position = begin
    if count == 0 and size == 0:
        return True
    counted = position - size
    return any(at >= 0 and bytes(view[at : at + 4]) == CENTRAL for at in (counted, start))


def _fields(view: memoryview, position: int) -> tuple[int, int, int]:
    count, size, start = struct.unpack_from("<H2L", view, position + 10)
    return count, size, start


def _comment(view: memoryview, position: int) -> int:
    length: int = struct.unpack_from("<H", view, position + 20)[0]
    return length


def _zip64(view: memoryview, position: int) -> tuple[int, int, int, int] | None:
    """(count, size, start, own offset) of the zip64 end record in front of the end record, if there is one."""
    at = position - 20
    if at < 56 or bytes(view[at : at + 4]) != _LOCATOR:
        return None
    written: int = struct.unpack_from("<Q", view, at + 8)[0]
    for where in (at - 56, written):
        if 0 <= where <= at - 56 and bytes(view[where : where + 4]) == _END64:
            count, size, start = struct.unpack_from("<3Q", view, where + 32)
            return count, size, start, where
    return None


def _read(view: memoryview, position: int, notes: Notes) -> Directory:
    """The directory that zipfile finds from the end record at `position`."""
    count, size, start = _fields(view, position)
    end = min(len(view), position + 22 + _comment(view, position))
    big = _zip64(view, position)
    begin = position
    if big is not None:
        plain = (count, size, start)
        count, size, start, begin = big
        _compare_zip64(view, position, plain, big, notes)
    at = begin - size
    if at < 0 or (size and bytes(view[at : at + 4]) != CENTRAL):
        at = start  # only readers that trust the written offset open this one
        notes.odd(Odd.HEADER_MISMATCH, "", "the central directory is not where its size says")
    return Directory(at, min(size, len(view) - at), count, at - start, end)


def _compare_zip64(
    view: memoryview,
    position: int,
    plain: tuple[int, int, int],
    big: tuple[int, int, int, int],
    notes: Notes,
) -> None:
    marks = (0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF)
    for told, mark, true in zip(plain, marks, big[:3], strict=True):
        if told not in (mark, true):
            notes.odd(Odd.TWO_DIRECTORIES, "", "the zip64 end record contradicts the plain one")
            break
    written: int = struct.unpack_from("<Q", view, position - 12)[0]
    length: int = struct.unpack_from("<Q", view, big[3] + 4)[0]
    if big[3] + 12 + length != position - 20 or written > big[3]:
        notes.odd(Odd.HEADER_MISMATCH, "", "the zip64 end record is not where its locator says")


def _as_written(view: memoryview, position: int, chosen: Directory) -> Directory | None:
    """The directory of a reader that trusts the written offset, where that is another one."""
    _, size, start = _fields(view, position)
    if start == 0xFFFFFFFF or start == chosen.start or bytes(view[start : start + 4]) != CENTRAL:
        return None
    count, size, start = _fields(view, position)
    return Directory(start, min(size, len(view) - start), count, 0, chosen.end)
