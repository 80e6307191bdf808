"""Zip archives: central directory against local headers against the bytes between them (APPNOTE, PEP 427)."""

from __future__ import annotations

import stat
import struct
import zlib
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

from stockade import limits
from stockade.analyse.unpack import inflate
from stockade.analyse.unpack.facts import Odd
from stockade.analyse.unpack.notes import BoundError, Notes, UnreadableError
from stockade.analyse.unpack.zip_directory import CENTRAL, LOCAL, Directory, directories
from stockade.model.artifact import Member, MemberKind

_CENTRAL = struct.Struct("<4s4B4HL2L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_MARK = 0xFFFFFFFF
_ENCRYPTED = 0x0001 | 0x0040 | 0x2000
_DEVICES = frozenset({stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO, stat.S_IFSOCK})
_DESCRIPTOR = 0x0008
_UTF8 = 0x0800


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as a header describes it. `at` is its local header's offset, `data` that of its bytes (-1
    where there are none), `name` the raw name."""

    name: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    mode: int
    extra: bytes
    at: int
    data: int = -1


class ZipReader:
    """A zip in a buffer; members are read on demand."""

    random = True
    held = False

    def __init__(self, view: memoryview, nested: str, notes: Notes) -> None:
        """Read the index, noting what is odd; raises UnreadableError where there is none."""
        self._view = view
        self._nested = nested
        self._entries: list[Entry] = []
        self._listed: list[tuple[Member, int]] = []
        found, ends = directories(view, notes)
        for directory in found:
            self._read_directory(directory, notes)
        self._account(found, ends, notes)

    def members(self, notes: Notes) -> Iterator[tuple[Member, int, Iterator[bytes]]]:
        """Each member, its key for `chunks`, and its bytes."""
        for member, key in self._listed:
            yield member, key, self.chunks(key, notes)

    def chunks(self, key: int, notes: Notes) -> Iterator[bytes]:
        """The bytes of a member, in pieces; raises UnreadableError on damage or a bound."""
        entry = self._entries[key]
        if entry.flags & _ENCRYPTED:
            raise BoundError("it is encrypted")
        if entry.data < 0:
            raise UnreadableError("its local header is missing or damaged")
        raw = self._view[entry.data : entry.data + entry.packed]
        if len(raw) < entry.packed:
            raise UnreadableError("its data lies beyond the end of the file")
        crc = size = 0
        for chunk in inflate.member(entry.method, raw, notes):
            crc = zlib.crc32(chunk, crc)
            size += len(chunk)
            yield chunk
        if size != entry.size:
            raise UnreadableError(f"its header claims {entry.size} bytes, it holds {size}")
        if crc != entry.crc:
            raise UnreadableError("its checksum (CRC-32) is wrong")

    def _read_directory(self, directory: Directory, notes: Notes) -> None:
        view, at, stop = self._view, directory.start, directory.start + directory.size
        count = 0
        while at + _CENTRAL.size <= stop:
            if view[at : at + 4] != CENTRAL:
                break
            entry, at = self._central(at, directory.shift)
            count += 1
            self._add(entry, notes)
        if at != stop:
            notes.limit("", "its central directory breaks off")
        if count & 0xFFFF != directory.count & 0xFFFF:
            notes.odd(
                Odd.HEADER_MISMATCH, "", f"the end record claims {directory.count} entries, not {count}"
            )

    def _central(self, at: int, shift: int) -> tuple[Entry, int]:
        fields = _CENTRAL.unpack_from(self._view, at)
        flags, method, crc, packed, size = fields[5], fields[6], fields[9], fields[10], fields[11]
        names, extras, comments, mode, offset = fields[12], fields[13], fields[14], fields[17], fields[18]
        start = at + _CENTRAL.size
        name = bytes(self._view[start : start + names])
        extra = bytes(self._view[start + names : start + names + extras])
        if _MARK in (size, packed, offset):
            size, packed, offset = _zip64_extra(extra, size, packed, offset)
        entry = Entry(name, flags, method, crc, packed, size, mode >> 16, extra, offset + shift)
        return entry, start + names + extras + comments

    def _add(self, entry: Entry, notes: Notes) -> None:
        """Index `entry`, compared with its local header."""
        path = decoded(entry.name, entry.flags, notes)
        notes.count(path)
        local = self._local(entry.at)
        key = len(self._entries)
        if local is None:
            self._entries.append(entry)
            self._listed.append((self._member(path, entry, notes), key))
            return
        self._entries.append(replace(entry, data=local.data))
        self._listed.append((self._member(path, entry, notes), key))
        other = self._compare(entry, local, path, notes)
        if other and other != path:
            self._listed.append((self._member(other, entry, notes), key))

    def _local(self, at: int) -> Entry | None:
        view = self._view
        if at < 0 or at + _LOCAL.size > len(view) or view[at : at + 4] != LOCAL:
            return None
        _, _, flags, method, _, _, crc, packed, size, names, extras = _LOCAL.unpack_from(view, at)
        start = at + _LOCAL.size
        name = bytes(view[start : start + names])
        extra = bytes(view[start + names : start + names + extras])
        if _MARK in (size, packed):
            size, packed, _ = _zip64_extra(extra, size, packed, 0)
        return Entry(name, flags, method, crc, packed, size, 0, extra, at, start + names + extras)

    def _compare(self, entry: Entry, local: Entry, path: str, notes: Notes) -> str:
        """Note where the headers disagree; returns the other name that a reader may use, if there is one."""
        wrong = []
        if local.name != entry.name:
            wrong.append("name")
        if local.method != entry.method:
            wrong.append("method")
        if (local.flags ^ entry.flags) & 0x0001:
            wrong.append("encryption")
        later = local.flags & _DESCRIPTOR
        for what, here, there in (
            ("checksum", entry.crc, local.crc),
            ("packed size", entry.packed, local.packed),
            ("size", entry.size, local.size),
        ):
            if here != there and not (later and there == 0):
                wrong.append(what)
        if wrong:
            detail = f"the local header has another {', '.join(wrong)} than the central directory"
            notes.odd(Odd.HEADER_MISMATCH, path, detail)
        if local.name != entry.name:
            return decoded(local.name, local.flags, notes)
        unicode_name = _unicode_path(entry.extra, entry.name)
        if unicode_name is None or unicode_name == entry.name:
            return ""
        other = decoded(unicode_name, _UTF8, notes)
        if other != path:
            notes.odd(Odd.HEADER_MISMATCH, path, f"its Unicode path field names another file: {other}")
        return other

    def _member(self, path: str, entry: Entry, notes: Notes) -> Member:
        """Installers write whatever is no folder as a plain file, so a link or device is a file here too."""
        kind, target = MemberKind.FILE, ""
        if path.endswith("/") and entry.name.partition(b"\0")[0].endswith(b"/"):
            kind = MemberKind.FOLDER
            if entry.size:
                notes.odd(Odd.HEADER_MISMATCH, path, f"it is named a folder and holds {entry.size} bytes")
        elif stat.S_ISLNK(entry.mode):
            target = self._target(entry)
        elif stat.S_IFMT(entry.mode) in _DEVICES:
            notes.odd(Odd.DEVICE, path, "its mode is that of a device, pipe or socket")
        return Member(
            path=path, size=entry.size, packed=entry.packed, kind=kind, target=target, nested=self._nested
        )

    def _target(self, entry: Entry) -> str:
        local = self._local(entry.at)
        if local is None or entry.packed > limits.MAX_PATH:
            return ""
        raw = self._view[local.data : local.data + entry.packed]
        try:
            text = b"".join(inflate.member(entry.method, raw, Notes()))
        except UnreadableError:
            return ""
        return text[: limits.MAX_PATH].decode("utf-8", "backslashreplace")

    def _account(self, found: list[Directory], ends: list[int], notes: Notes) -> None:
        """Every byte belongs to a member, a directory or an end record; what does not is noted and read."""
        held = {
            (entry.at, entry.data + entry.packed, entry.flags & _DESCRIPTOR)
            for entry in self._entries
            if entry.data >= 0
        }
        spans = sorted(held | {(one.start, one.end, 0) for one in found})
        for end in ends:
            before = bisect_right(spans, (end, len(self._view), 0)) - 1
            if before < 0 or end >= spans[before][1]:
                notes.odd(Odd.TWO_DIRECTORIES, "", f"a second end-of-central-directory record lies at {end}")
        cursor = 0
        after_descriptor = 0
        for start, end, descriptor in spans:
            if start < cursor:
                notes.odd(Odd.OVERLAP, "", f"the member at {start} overlaps the one before it")
            elif start > cursor:
                self._slack(cursor, start, after_descriptor, notes)
            cursor, after_descriptor = max(cursor, end), descriptor
        if cursor < len(self._view):
            detail = f"{len(self._view) - cursor} bytes follow the end record"
            notes.odd(Odd.TRAILING, "", detail)

    def _slack(self, start: int, stop: int, descriptor: int, notes: Notes) -> None:
        if descriptor:
            start = self._past_descriptor(start, stop)
        if start == stop:
            return
        if start == 0:
            notes.odd(Odd.PREPENDED, "", f"{stop} bytes stand in front of the first member")
        while start < stop:
            hidden = self._local(start)
            if hidden is None or hidden.data + hidden.packed > stop:
                break
            path = decoded(hidden.name, hidden.flags, notes)
            notes.odd(Odd.UNLISTED, path, "it has a local header but is not in the central directory")
            notes.count(path)
            self._entries.append(hidden)
            self._listed.append((self._member(path, hidden, notes), len(self._entries) - 1))
            start = hidden.data + hidden.packed
            if hidden.flags & _DESCRIPTOR:
                start = self._past_descriptor(start, stop)
        if 0 < start < stop:
            notes.odd(Odd.SLACK, "", f"{stop - start} bytes at {start} belong to no member")

    def _past_descriptor(self, start: int, stop: int) -> int:
        """Past a data descriptor (APPNOTE 4.3.9), with or without signature, plain or zip64."""
        signed = bytes(self._view[start : start + 4]) == b"PK\x07\x08"
        for length in (16, 24) if signed else (12, 20):
            after = start + length
            if after == stop or (after < stop and bytes(self._view[after : after + 4]) in (LOCAL, CENTRAL)):
                return after
        return start


def decoded(name: bytes, flags: int, notes: Notes) -> str:
    """A member's name as text with forward slashes, cut at NUL as zipfile does; what is odd is noted."""
    if b"\0" in name:
        shown = name.decode("utf-8", "backslashreplace")
        notes.odd(Odd.BAD_NAME, shown, "its name holds a NUL byte, at which readers cut it")
        name = name.partition(b"\0")[0]
    if b"\\" in name:
        shown = name.decode("utf-8", "backslashreplace")
        notes.odd(Odd.BACKSLASH, shown, "its name has backslashes, which are separators on Windows only")
        name = name.replace(b"\\", b"/")
    try:
        text = name.decode("utf-8")
    except UnicodeDecodeError:
        text = name.decode("utf-8", "backslashreplace") if flags & _UTF8 else name.decode("cp437")
        notes.odd(Odd.BAD_NAME, text, "its name is not valid UTF-8")
    if len(text) > limits.MAX_PATH:
        notes.limit(text, f"its name is longer than {limits.MAX_PATH} characters")
        text = text[: limits.MAX_PATH]
    return text


def _fields(extra: bytes) -> Iterator[tuple[int, bytes]]:
    """The blocks of an extra field (APPNOTE 4.5)."""
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<2H", extra, at)
        yield kind, extra[at + 4 : at + 4 + size]
        at += 4 + size


def _zip64_extra(extra: bytes, size: int, packed: int, offset: int) -> tuple[int, int, int]:
    """(size, packed, offset) with those that are marked taken from the zip64 block, as far as it goes."""
    block = next((data for kind, data in _fields(extra) if kind == 1), b"")
    values = [value for (value,) in struct.iter_unpack("<Q", block[: len(block) // 8 * 8])]
    taken = [values.pop(0) if plain == _MARK and values else plain for plain in (size, packed, offset)]
    return taken[0], taken[1], taken[2]


def _unicode_path(extra: bytes, name: bytes) -> bytes | None:
    """The Info-ZIP Unicode path (0x7075), where its checksum is that of `name`, so that readers believe it."""
    for kind, data in _fields(extra):
        if kind == 0x7075 and len(data) >= 5 and struct.unpack_from("<L", data, 1)[0] == zlib.crc32(name):
            return data[5:]
    return None
