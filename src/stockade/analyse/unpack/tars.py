"""Tar archives, plain or compressed: one pass from the first header to the last byte.

What unpacks to at most limits.MAX_HELD is unpacked once and addressed at random; more is unpacked again for each
pass. Where tar readers disagree, CPython's tarfile is followed (pip uses it) and the disagreement noted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from stockade import limits
from stockade.analyse.unpack import inflate
from stockade.analyse.unpack.facts import Odd
from stockade.analyse.unpack.notes import BoundError, Notes, UnreadableError
from stockade.analyse.unpack.paths import resolved
from stockade.analyse.unpack.tar_headers import BLOCK, ZEROS, Header, header, pax_records, text_field
from stockade.analyse.unpack.zips import decoded
from stockade.model.artifact import Member, MemberKind

#: Names and sizes that fit a plain ustar header need no pax record.
_PLAIN_NAME = 100
_PLAIN_SIZE = 0o77777777777
_UTF8 = 0x0800
_SPARSE = "GNU.sparse"
#: What a pax header may say that matters here.
_KEYS = frozenset({"path", "linkpath", "size", "GNU.sparse.name"})


class Feed(Protocol):
    """Bytes in order."""

    def take(self, size: int) -> bytes:
        """The next `size` bytes, fewer at the end."""

    def pieces(self, size: int) -> Iterator[bytes]:
        """The next `size` bytes in pieces."""

    def skip(self, size: int) -> int:
        """Pass over `size` bytes; returns how many there were."""

    @property
    def at(self) -> int: ...


class FlatFeed:
    """A feed over a buffer."""

    def __init__(self, view: memoryview) -> None:
        self._view = view
        self.at = 0

    def take(self, size: int) -> bytes:
        piece = bytes(self._view[self.at : self.at + size])
        self.at += len(piece)
        return piece

    def pieces(self, size: int) -> Iterator[bytes]:
        while size > 0:
            piece = self.take(min(size, inflate.CHUNK))
            if not piece:
                return
            size -= len(piece)
            yield piece

    def skip(self, size: int) -> int:
        there = min(size, len(self._view) - self.at)
        self.at += there
        return there


class StreamFeed:
    """A feed over chunks that come out of a decompressor."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._piece = memoryview(b"")
        self.at = 0

    def pieces(self, size: int) -> Iterator[bytes]:
        while size > 0:
            if not self._piece:
                self._piece = memoryview(next(self._chunks, b""))
            if not self._piece:
                return
            piece = self._piece[:size]
            self._piece = self._piece[size:]
            self.at += len(piece)
            size -= len(piece)
            yield bytes(piece)

    def take(self, size: int) -> bytes:
        return b"".join(self.pieces(size))

    def skip(self, size: int) -> int:
        return sum(len(piece) for piece in self.pieces(size))


@dataclass(slots=True)
class _Pending:
    """What extended headers said of the next member, and of all that follow."""

    local: dict[str, bytes] = field(default_factory=dict)
    everywhere: dict[str, bytes] = field(default_factory=dict)
    long_name: bytes | None = None
    long_link: bytes | None = None

    @property
    def merged(self) -> Mapping[str, bytes]:
        return {**self.everywhere, **self.local}

    def clear(self) -> None:
        self.local = {}
        self.long_name = self.long_link = None


class TarReader:
    """A tar. `feed` makes a feed from the start of the unpacked bytes; `flat` holds them where they are kept."""

    def __init__(self, feed: Callable[[Notes], Feed], flat: memoryview | None, nested: str) -> None:
        self._feed = feed
        self._flat = flat
        self._nested = nested
        self._spans: list[tuple[int, int]] = []

    @property
    def random(self) -> bool:
        """Whether `chunks` is as cheap as `members`."""
        return self._flat is not None

    held = random

    def chunks(self, key: int, notes: Notes) -> Iterator[bytes]:
        """The bytes of a member, in pieces; unpacks everything in front of it where the tar is not held."""
        start, size = self._spans[key]
        feed = self._feed(notes)
        feed.skip(start)
        yield from _whole(feed, size)

    def members(self, notes: Notes) -> Iterator[tuple[Member, int, Iterator[bytes]]]:
        """Each member, its key for `chunks`, and its bytes, which must be taken before the next one."""
        feed = self._feed(notes)
        pending = _Pending()
        self._spans = []
        ended = False
        while block := feed.take(BLOCK):
            if block == ZEROS:
                ended = True
                continue
            found = header(block)
            if found is None:
                self._broken(feed.at - len(block), ended, notes)
                return
            if ended:
                notes.odd(Odd.TRAILING, "", f"members follow the end of the archive, at {feed.at - BLOCK}")
                ended = False
            if found.type in (b"x", b"g", b"X", b"L", b"K"):
                self._extended(found, feed, pending, notes)
                continue
            yield from self._one(found, feed, pending, notes)
            pending.clear()
        _drain(feed)

    def _broken(self, at: int, ended: bool, notes: Notes) -> None:
        if ended:
            notes.odd(
                Odd.TRAILING, "", f"something that is no member follows the end of the archive, at {at}"
            )
        elif at == 0:
            raise UnreadableError("it is not a tar archive")
        else:
            notes.limit("", f"the tar header at {at} is damaged; nothing behind it was read")

    def _extended(self, found: Header, feed: Feed, pending: _Pending, notes: Notes) -> None:
        if found.size > limits.MAX_TAR_HEADER:
            raise BoundError(f"an extended tar header claims {found.size} bytes")
        body = feed.take(found.size)
        feed.skip(-found.size % BLOCK)
        if found.type == b"L":
            pending.long_name = text_field(body)
        elif found.type == b"K":
            pending.long_link = text_field(body)
        else:
            records = pax_records(body)
            if records.wrong:
                notes.odd(Odd.PAX_TRICK, _text(found.name, notes), records.wrong)
            values = {key: value for key, value in records.values.items() if key in _KEYS}
            if any(key.startswith("GNU.sparse") for key in records.values):
                values[_SPARSE] = b""
            if found.type == b"g":
                pending.everywhere.update(values)
                if values:
                    notes.odd(
                        Odd.PAX_TRICK, "", "a global pax header sets the path, size or form of every member"
                    )
            else:
                pending.local.update(values)

    def _one(
        self, found: Header, feed: Feed, pending: _Pending, notes: Notes
    ) -> Iterator[tuple[Member, int, Iterator[bytes]]]:
        extended = found.extended
        while extended:
            block = feed.take(BLOCK)
            extended = len(block) == BLOCK and block[504] != 0
        member, size = self._member(found, pending, notes)
        start = feed.at
        notes.count(member.path)
        self._spans.append((start, size))
        yield member, len(self._spans) - 1, _whole(feed, size)
        stop = start + size + -size % BLOCK
        wanted = stop - feed.at
        if feed.skip(wanted) < wanted - BLOCK + 1:
            notes.limit(member.path, "the archive breaks off inside it")

    def _member(self, found: Header, pending: _Pending, notes: Notes) -> tuple[Member, int]:
        pax = pending.merged
        size = _pax_size(pax, found.size)
        raw = _first(pending.long_name, pax.get("GNU.sparse.name"), pax.get("path"), found.name)
        link = _first(pending.long_link, pax.get("linkpath"), found.link)
        path = _text(raw, notes)
        self._tricks(found, pending, path, size, notes)
        kind = found.kind
        if found.type == b"S" or _SPARSE in pax:
            notes.odd(Odd.PAX_TRICK, path, "it is a sparse file, which readers unpack differently")
            notes.limit(path, "it is a sparse file; only what is stored of it was read")
        target = _text(link, notes) if kind is MemberKind.LINK else ""
        if found.type == b"1" and resolved(target) is None:
            notes.odd(Odd.LINK_OUTSIDE, path, f"it is a hard link to {target}")
        path = path.rstrip("/") if len(path) > 1 else path
        path += "/" * (kind is MemberKind.FOLDER)
        size = 0 if found.bare else size
        return Member(path=path, size=size, kind=kind, target=target, nested=self._nested), size

    def _tricks(self, found: Header, pending: _Pending, path: str, size: int, notes: Notes) -> None:
        """Note where the extended headers say what an honest writer would not have them say."""
        pax_path = pending.merged.get("path")
        if size != found.size and size <= _PLAIN_SIZE:
            detail = f"the pax header claims {size} bytes, the tar header {found.size}"
            notes.odd(Odd.PAX_TRICK, path, detail)
        if pax_path is not None and pending.long_name is not None and pax_path != pending.long_name:
            notes.odd(Odd.PAX_TRICK, path, "a pax and a GNU header give it two names")
        fits = pax_path is not None and len(pax_path) <= _PLAIN_NAME and pax_path.isascii()
        if fits and pax_path is not None and pax_path.rstrip(b"/") != found.name.rstrip(b"/"):
            shown = found.name.decode("utf-8", "backslashreplace")
            notes.odd(Odd.PAX_TRICK, path, f"a pax header renames it; the tar header calls it {shown}")
        if found.bare and found.size:
            notes.odd(Odd.PAX_TRICK, path, f"a link, folder or device claims {found.size} bytes of data")


class LoneReader:
    """A compressed file that is no tar: one member, named by the file without its last ending."""

    random = True
    held = True

    def __init__(self, flat: memoryview, path: str, nested: str) -> None:
        self._flat = flat
        self._member = Member(path=path, size=len(flat), nested=nested)

    def members(self, notes: Notes) -> Iterator[tuple[Member, int, Iterator[bytes]]]:
        """The one member."""
        notes.count(self._member.path)
        yield self._member, 0, self.chunks(0, notes)

    def chunks(self, key: int, notes: Notes) -> Iterator[bytes]:
        """Its bytes."""
        yield from FlatFeed(self._flat).pieces(len(self._flat))


def tar_reader(view: memoryview, form: str, name: str, nested: str, notes: Notes) -> TarReader | LoneReader:
    """A reader of `view`, which is ``tar`` or compressed as ``gzip``, ``bzip2`` or ``xz`` says.

    `name` is the file's own, `nested` what its members carry. Raises UnreadableError.
    """
    if form == "tar":
        return TarReader(lambda _: FlatFeed(view), view, nested)
    held: list[bytes] = []
    total = 0
    broken: UnreadableError | None = None
    try:
        for chunk in inflate.stream(form, view, notes):
            held.append(chunk)
            total += len(chunk)
            if total > limits.MAX_HELD:
                held.clear()
                return TarReader(lambda again: StreamFeed(inflate.stream(form, view, again)), None, nested)
    except UnreadableError as why:
        broken = why
    flat = memoryview(b"".join(held))
    if not flat:
        raise broken or UnreadableError("it is empty")
    lone = not begins_tar(bytes(flat[:BLOCK]))
    if broken is not None:
        # What came out before it broke off is looked at all the same.
        note = notes.scope if lone and nested and not isinstance(broken, BoundError) else notes.limit
        note("", str(broken))
    if lone:
        return LoneReader(flat, name.rpartition("/")[2].rpartition(".")[0] or "contents", nested)
    return TarReader(lambda _: FlatFeed(flat), flat, nested)


def begins_tar(first: bytes) -> bool:
    """Whether a block is a tar's first: a header, or the end of an empty one."""
    return first == ZEROS or header(first) is not None


def _whole(feed: Feed, size: int) -> Iterator[bytes]:
    yield from feed.pieces(size)


def _drain(feed: Feed) -> None:
    while feed.skip(1 << 20):
        pass


def _first(*values: bytes | None) -> bytes:
    return next((value for value in values if value is not None), b"")


def _pax_size(pax: Mapping[str, bytes], plain: int) -> int:
    raw = pax.get("size", b"")
    return int(raw) if raw.isdigit() and len(raw) < 20 else plain


def _text(raw: bytes, notes: Notes) -> str:
    return decoded(raw, _UTF8, notes)
