"""The index of an archive's members, nested archives included, and their bytes on demand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from stockade import limits
from stockade.analyse.unpack.notes import Notes, UnreadableError
from stockade.analyse.unpack.paths import resolved, targets
from stockade.model.artifact import Kind, Member, MemberKind


class Reader(Protocol):
    """One archive. `random`: `chunks` needs not read what lies in front; `held`: nor unpack anything."""

    @property
    def random(self) -> bool: ...
    @property
    def held(self) -> bool: ...
    def members(self, notes: Notes) -> Iterator[tuple[Member, int, Iterator[bytes]]]: ...
    def chunks(self, key: int, notes: Notes) -> Iterator[bytes]: ...


@dataclass(slots=True)
class Slot:
    """A member, its bytes where they are held, and where to read them again."""

    member: Member
    reader: Reader
    key: int
    held: bytes | None = None


class ArchiveTree:
    """A Tree (model/artifact.py) over one archive and those inside it.

    `held` members cost nothing to read; others are unpacked again, in `walk` at most once more for all.
    """

    def __init__(self, kind: Kind, slots: Sequence[Slot]) -> None:
        self._kind = kind
        self._slots = slots
        self._members = tuple(slot.member for slot in slots)
        self._by_id = {id(slot.member): slot for slot in slots}
        self._aims: dict[int, Slot] = {}
        self._by_path = {(slot.member.nested, slot.member.path): slot for slot in reversed(slots)}

    @property
    def kind(self) -> Kind:
        """What the archive is taken for."""
        return self._kind

    @property
    def members(self) -> Sequence[Member]:
        """Every entry, in the archive's order, nested archives' members after their container."""
        return self._members

    def find(self, path: str, nested: str = "") -> Member | None:
        """The first member at `path`."""
        slot = self._by_path.get((nested, path))
        return slot.member if slot else None

    def follow_links(self, notes: Notes) -> None:
        """Find the file that each link leads to, so that it is read under the link's path too, under a bound."""
        total = 0
        for slot in self._slots:
            aim = self._aim(slot) if slot.member.kind is MemberKind.LINK else None
            if aim is None:
                continue
            total += min(aim.member.size, limits.MAX_MEMBER)
            if total > limits.MAX_HELD or (aim.held is None and not aim.reader.random):
                notes.limit(slot.member.shown, "it links to a file that is too large to be read again")
            else:
                self._aims[id(slot.member)] = aim

    def walk(self) -> Iterator[tuple[Member, bytes]]:
        """Each regular file with its bytes, and each link to one in the archive under the link's own path.

        Bytes are cut at limits.MAX_MEMBER, and where the member is damaged.
        """
        again: dict[int, list[Slot]] = {}
        for slot in self._slots:
            if slot.member.kind is MemberKind.LINK:
                aim = self._aims.get(id(slot.member))
                if aim is not None:
                    yield slot.member, self._read(aim, limits.MAX_MEMBER)
            elif slot.member.kind is MemberKind.FILE:
                if slot.held is not None or slot.reader.random:
                    yield slot.member, self._read(slot, limits.MAX_MEMBER)
                else:
                    again.setdefault(id(slot.reader), []).append(slot)
        for waiting in again.values():
            yield from _second_pass(waiting)

    def read(self, member: Member, limit: int) -> bytes:
        """At most `limit` bytes of `member`, b"" where it is no file or is not of this tree.

        Where the member was not held and its archive is a compressed tar, that is unpacked up to it.
        """
        slot = self._by_id.get(id(member)) or self._by_path.get((member.nested, member.path))
        if slot is not None and slot.member.kind is MemberKind.LINK:
            slot = self._aims.get(id(slot.member))
        if slot is None or slot.member.kind is not MemberKind.FILE:
            return b""
        return self._read(slot, limit)

    def at_hand(self, member: Member) -> bool:
        """Whether `read` costs no more than the member itself: nothing before it is unpacked again."""
        slot = self._by_id.get(id(member))
        return slot is not None and (slot.held is not None or slot.reader.random)

    @cached_property
    def _resolved(self) -> dict[tuple[str, str], Slot]:
        return {
            (slot.member.nested, resolved(slot.member.path) or ""): slot for slot in reversed(self._slots)
        }

    def _read(self, slot: Slot, limit: int) -> bytes:
        if slot.held is not None:
            return slot.held if len(slot.held) <= limit else slot.held[:limit]
        return gathered(slot.reader.chunks(slot.key, Notes()), limit)

    def _aim(self, slot: Slot) -> Slot | None:
        """The file that a link leads to, over at most a few further links."""
        for _ in range(limits.MAX_LINKS):
            places = (self._resolved.get((slot.member.nested, path)) for path in targets(slot.member) if path)
            found = next((place for place in places if place is not None), None)
            if found is None or found.member.kind is MemberKind.FILE:
                return found
            if found.member.kind is not MemberKind.LINK:
                return None
            slot = found
        return None


def gathered(chunks: Iterator[bytes], limit: int) -> bytes:
    """`chunks` joined, up to `limit` bytes or to where they break off."""
    out: list[bytes] = []
    size = 0
    try:
        for chunk in chunks:
            out.append(chunk)
            size += len(chunk)
            if size >= limit:
                break
    except UnreadableError:
        pass
    whole = out[0] if len(out) == 1 else b"".join(out)
    return whole if size <= limit else whole[:limit]


def _second_pass(waiting: Sequence[Slot]) -> Iterator[tuple[Member, bytes]]:
    """Stream an archive once more for the members that were not held."""
    wanted = {slot.key: slot.member for slot in waiting}
    try:
        for _, key, chunks in waiting[0].reader.members(Notes()):
            member = wanted.pop(key, None)
            if member is not None:
                yield member, gathered(chunks, limits.MAX_MEMBER)
    except UnreadableError:
        pass
    for member in wanted.values():
        yield member, b""
