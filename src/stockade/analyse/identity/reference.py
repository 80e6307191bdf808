"""The reference of known projects: a file of hashes, sorted, mapped into memory, looked up by bisection.

Little-endian throughout. A header of 64 bytes:

    magic "STOCKREF", form (u16), scheme of the hashes (u16), width of an owner in bytes (u32),
    number of hashes (u64), of owner sets (u64), of set members (u64), of bytes that tell of the projects (u64),
    a checksum (16 bytes, BLAKE2b of all that follows)

then, each at a multiple of eight bytes: the hashes (u64, ascending, each once), their owners (u16 or u32), where each
set of owners begins (u32, one more than there are sets), the sets' members (u32, numbers of projects), and the projects
(MessagePack). An owner below the number of projects is that project; the highest value stands for too many to tell; any
other is a set.

A file that is damaged, or hostile, raises BadReference when it is opened, or answers wrongly; it can do no more.
"""

from __future__ import annotations

import struct
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import Any

import msgspec

from stockade import limits
from stockade.analyse.identity.shape import SCHEME
from stockade.errors import BadReference

_MAGIC = b"STOCKREF"
FORM = 1
_HEADER = struct.Struct("<8sHHIQQQQ16s")
#: A hash of more projects than this tells nothing of where it is from.
MAX_OWNERS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A known project: the releases that its hashes are of, the newest first, and the bytes of its functions in that.

    `partial`: of its largest modules only the hash of the whole module is known.
    """

    name: str
    versions: tuple[str, ...]
    size: int
    partial: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What goes into a reference of one project: all its hashes, of whatever sort."""

    project: Project
    hashes: frozenset[int]


class Reference:
    """An opened reference over a read-only buffer, which must live as long."""

    def __init__(self, data: memoryview) -> None:
        """Raises BadReference where it is not one, is damaged, or is of another version of Stockade."""
        parts = _opened(data)
        #: In hexadecimal, of everything that an answer rests on.
        self.digest = parts.check.hex()
        self.projects: tuple[Project, ...] = parts.projects
        self._hashes = parts.hashes
        self._owners = parts.owners
        self._starts = parts.starts
        self._members = parts.members
        self._many = (1 << 8 * parts.width) - 1

    @cached_property
    def by_name(self) -> Mapping[str, int]:
        """A project's number by its name."""
        return {project.name: number for number, project in enumerate(self.projects)}

    def __len__(self) -> int:
        return len(self._hashes)

    def owners(self, number: int) -> tuple[int, ...] | None:
        """The projects (by number) that this hash is of; () where nobody has it, None where too many have."""
        at = bisect_left(self._hashes, number)
        if at == len(self._hashes) or self._hashes[at] != number:
            return ()
        owner = self._owners[at]
        if owner < len(self.projects):
            return (owner,)
        if owner == self._many:
            return None
        first = owner - len(self.projects)
        if first + 1 >= len(self._starts):
            return ()
        start, end = self._starts[first], self._starts[first + 1]
        members = self._members[start : min(end, start + MAX_OWNERS)].tolist()
        return tuple(one for one in members if one < len(self.projects))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    projects: tuple[Project, ...]
    hashes: Any
    owners: Any
    starts: Any
    members: Any
    width: int
    check: bytes


def _opened(data: memoryview) -> _Parts:
    if len(data) < _HEADER.size or data[:8] != _MAGIC:
        raise BadReference("it is no reference of known projects")
    if len(data) > limits.MAX_REFERENCE:
        raise BadReference(f"it is larger than {limits.MAX_REFERENCE >> 20} MiB")
    _, form, scheme, width, count, sets, members, told, check = _HEADER.unpack_from(data)
    if (form, scheme) != (FORM, SCHEME):
        raise BadReference("it was made by another version of Stockade")
    sizes = (8 * count, width * count, 4 * (sets + 1), 4 * members, told)
    if width not in (2, 4) or _HEADER.size + sum(map(_padded, sizes)) != len(data):
        raise BadReference("it is damaged: its parts are not as long as it says")
    if blake2b(data[_HEADER.size :], digest_size=16).digest() != check:
        raise BadReference("it is damaged: its checksum is wrong")
    parts = []
    at = _HEADER.size
    for size in sizes:
        parts.append(data[at : at + size])
        at += _padded(size)
    try:
        projects = msgspec.msgpack.decode(parts[4], type=tuple[Project, ...])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise BadReference("it is damaged: what it tells of the projects makes no sense") from None
    return _Parts(
        projects=projects,
        hashes=parts[0].cast("Q"),
        owners=parts[1].cast("H" if width == 2 else "I"),
        starts=parts[2].cast("I"),
        members=parts[3].cast("I"),
        width=width,
        check=check,
    )


def _padded(size: int) -> int:
    return size + -size % 8


def written(known: Iterable[Known]) -> bytes:
    """The file of a reference of these projects; the same bytes whatever order they come in."""
    ordered = sorted(known, key=lambda one: one.project.name)
    owners: dict[int, int | tuple[int, ...]] = {}
    for number, one in enumerate(ordered):
        for value in one.hashes:
            before = owners.get(value)
            if before is None:
                owners[value] = number
            else:
                owners[value] = (*(before if isinstance(before, tuple) else (before,)), number)
    several = {one for one in owners.values() if isinstance(one, tuple) and len(one) <= MAX_OWNERS}
    sets = {members: len(ordered) + place for place, members in enumerate(sorted(several))}
    width = 2 if len(ordered) + len(sets) < 0xFFFF else 4
    many = (1 << 8 * width) - 1
    values = sorted(owners)
    column = [
        one if isinstance(one, int) else sets.get(one, many) for one in (owners[value] for value in values)
    ]
    starts = [0]
    for members in sets:
        starts.append(starts[-1] + len(members))
    flat = [member for members in sets for member in members]
    told = msgspec.msgpack.encode([one.project for one in ordered])
    parts = (
        struct.pack(f"<{len(values)}Q", *values),
        struct.pack(f"<{len(column)}{'H' if width == 2 else 'I'}", *column),
        struct.pack(f"<{len(starts)}I", *starts),
        struct.pack(f"<{len(flat)}I", *flat),
        told,
    )
    body = b"".join(part.ljust(_padded(len(part)), b"\0") for part in parts)
    check = blake2b(body, digest_size=16).digest()
    head = _HEADER.pack(_MAGIC, FORM, SCHEME, width, len(values), len(sets), len(flat), len(told), check)
    return head + body
