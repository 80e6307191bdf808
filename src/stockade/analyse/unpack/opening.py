"""Bytes in, Tree out: the one door to archives that nobody has reason to trust."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stockade import limits
from stockade.analyse.unpack import inflate, paths, signatures
from stockade.analyse.unpack.claims import Claims, claims_of
from stockade.analyse.unpack.facts import Identity, Odd, Oddity
from stockade.analyse.unpack.names import SDIST_ENDINGS
from stockade.analyse.unpack.notes import BoundError, Notes, SpentError, UnreadableError
from stockade.analyse.unpack.record import Digests, check_record
from stockade.analyse.unpack.tar_headers import BLOCK
from stockade.analyse.unpack.tars import begins_tar, tar_reader
from stockade.analyse.unpack.tree import ArchiveTree, Reader, Slot
from stockade.analyse.unpack.zip_directory import ends_like_zip
from stockade.analyse.unpack.zips import ZipReader
from stockade.model.artifact import Kind, Member, MemberKind
from stockade.model.evidence import Gap

if TYPE_CHECKING:
    from mmap import mmap

_COMPRESSED = frozenset({"gzip", "bzip2", "xz"})
_OPENED = _COMPRESSED | {"zip", "tar"}
#: How a document of an office program begins, which is a zip (ECMA-376, ISO 26300), and where in its first header.
_DOCUMENT, _FIRST_NAME = (b"[Content_Types].xml", b"mimetype"), 30

#: Endings of text that no interpreter runs by itself.
_DATA = (".csv", ".geojson", ".json", ".jsonl", ".md", ".rst", ".sql", ".tsv", ".txt", ".xml")
#: The same of documents and arrays, as one finds them in the archives of test data.
_PAPERS = (".doc", ".dot", ".npy", ".pdf", ".ppt", ".rtf", ".xls")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An archive's index, and all that is noticed without looking at what its members mean.

    `requires`: the Requires-Dist lines of the metadata that counts. `project` and `version` by that metadata,
    else by the file name, else "". `root`: the folder that installers strip (see paths.root_of).
    """

    tree: ArchiveTree
    oddities: tuple[Oddity, ...]
    gaps: tuple[Gap, ...]
    identity: Identity
    requires: tuple[str, ...]
    project: str
    version: str
    root: str = ""


def open_tree(data: bytes | memoryview | mmap, filename: str, kind: Kind) -> Opened:
    """Open `data`, a read-only buffer (bytes, memoryview, mmap), as the archive that `filename` names.

    Never raises on hostile bytes: what cannot be read is a limit gap that says why, and the tree holds the
    rest, which may be nothing. The tree keeps views of `data`.
    """
    view = memoryview(data)
    builder = _Builder(kind, filename, len(view))
    builder.outermost(view, filename)
    notes = builder.notes
    tree = ArchiveTree(kind, builder.slots)
    tree.follow_links(notes)
    root = paths.root_of(tree.members, kind)
    claims: Claims = claims_of(tree, filename, root, notes)
    if kind is Kind.WHEEL:
        check_record(tree, claims.dist_info, builder.digests, notes)
    return Opened(
        tree=tree,
        oddities=notes.oddities,
        gaps=notes.gaps,
        identity=claims.identity,
        requires=claims.requires,
        project=claims.project,
        version=claims.version,
        root=root,
    )


def container(view: memoryview) -> str:
    """What an archive is by its first bytes: ``zip``, ``tar``, ``gzip``, ``bzip2``, ``xz`` or "" for others."""
    found = signatures.signature(bytes(view[: signatures.HEAD]))
    if found in _OPENED:
        return found
    if ends_like_zip(view):
        return "zip"
    return found


class _Builder:
    """Reads archives into slots; one instance for one outermost archive."""

    def __init__(self, kind: Kind, filename: str, size: int) -> None:
        self.notes = Notes(filename, size)
        self.slots: list[Slot] = []
        self.digests: Digests = {}
        self._kind = kind
        self._held = 0
        self._nested = 0
        self._nested_held = 0
        self._lone = 0
        self._documents = 0

    def outermost(self, view: memoryview, filename: str) -> None:
        """Index the archive that `filename` names, and a zip that is appended to one that is not."""
        found = container(view)
        wanted = _named(filename, self._kind)
        if wanted and found and found != wanted:
            self.notes.odd(Odd.CONTAINER_MISMATCH, "", f"its name says {wanted}, its first bytes {found}")
        self._outer(view, found, filename)
        if found in ("tar", *_COMPRESSED) and self._kind is not Kind.FOLDER and ends_like_zip(view):
            detail = f"it is a {found} with a zip at its end, which pip unpacks instead"
            self.notes.odd(Odd.CONTAINER_MISMATCH, "", detail)
            self._outer(view, "zip", filename)
        if self._lone > limits.MAX_NESTED:
            more = self._lone - limits.MAX_NESTED
            self.notes.scope("", f"{more} compressed members that are no archives were not unpacked")

    def _outer(self, view: memoryview, form: str, filename: str) -> None:
        try:
            self._archive(view, form, filename, "", 0)
        except UnreadableError as why:
            self.notes.limit("", str(why))

    def _archive(self, view: memoryview, form: str, name: str, nested: str, depth: int) -> None:
        reader: Reader
        if not len(view):
            raise UnreadableError("it is empty")
        if form == "zip":
            reader = ZipReader(view, nested, self.notes)
        elif form in _OPENED:
            reader = tar_reader(view, form, name, nested, self.notes)
        else:
            raise UnreadableError(f"it is no archive that is supported ({form or 'unknown format'})")
        seen: dict[str, str] = {}
        for member, key, chunks in reader.members(self.notes):
            slot = Slot(member, reader, key)
            self.slots.append(slot)
            paths.check(member, self.notes)
            self._collisions(member, seen)
            if member.kind is MemberKind.FILE:
                self._file(slot, chunks, depth)

    def _collisions(self, member: Member, seen: dict[str, str]) -> None:
        if member.kind is MemberKind.FOLDER:
            return
        folded = member.path.casefold()
        if not folded.isascii():
            folded = unicodedata.normalize("NFC", folded)
        before = seen.setdefault(folded, member.path)
        if before is member.path:
            return
        if before == member.path:
            self.notes.odd(Odd.DUPLICATE, member.path, "its name appears more than once")
        else:
            self.notes.odd(
                Odd.CASE_COLLISION, member.path, f"it differs from {before} in case or Unicode form only"
            )

    def _file(self, slot: Slot, chunks: Iterator[bytes], depth: int) -> None:
        """Read a member once: digest it, keep it if it is small, look at its first bytes, open it if nested."""
        member = slot.member
        first = self._next(slot, chunks)
        found = signatures.signature(first[: signatures.HEAD])
        archive = found in signatures.ARCHIVES
        if found and signatures.mismatch(member.path, found):
            self.notes.odd(Odd.MAGIC_MISMATCH, member.path, f"it begins as {found}")
        if slot.reader.held and not archive:
            self._cut(member, first, member.size)
            return
        whole, size = self._keep(
            slot, first, chunks, limits.MAX_NESTED_SIZE if archive else limits.MAX_HELD_MEMBER
        )
        self._cut(member, first, size)
        small = size <= limits.MAX_HELD_MEMBER and self._held + size <= limits.MAX_HELD
        if whole is not None and small and not slot.reader.held:
            self._held += size
            slot.held = whole
        if archive:
            self._open_nested(member, found, whole, depth)

    def _cut(self, member: Member, first: bytes, size: int) -> None:
        """Say that `walk` will cut a member; of programs and data only the beginning is looked at by design."""
        if size > limits.MAX_MEMBER:
            data = b"\0" in first or member.path.lower().endswith(_DATA)
            note = self.notes.scope if data else self.notes.limit
            note(member.path, f"only its first {limits.MAX_MEMBER >> 20} MiB were looked at")

    def _next(self, slot: Slot, chunks: Iterator[bytes]) -> bytes:
        try:
            return next(chunks, b"")
        except SpentError:
            raise
        except UnreadableError as why:
            # An array of zeros in an archive of arrays packs as well as any bomb, and nobody unpacks it unasked.
            # Test data of tools that read documents is encrypted so that no scanner of viruses takes it away.
            paper = self.notes.place and slot.member.path.lower().endswith((*_PAPERS, *_DATA))
            note = self.notes.scope if paper else self.notes.limit
            note(slot.member.path, str(why))
            return b""

    def _keep(self, slot: Slot, first: bytes, chunks: Iterator[bytes], most: int) -> tuple[bytes | None, int]:
        """Read a member to its end; its bytes if they are at most `most`, and how many there were."""
        digest = hashlib.sha256(first) if self._kind is Kind.WHEEL and not slot.member.nested else None
        kept = [first]
        size = len(first)
        while chunk := self._next(slot, chunks):
            size += len(chunk)
            if digest is not None:
                digest.update(chunk)
            if size <= most:
                kept.append(chunk)
            else:
                kept.clear()
        if digest is not None:
            self.digests.setdefault(slot.member.path, []).append((digest.digest(), size))
        if size > most:
            return None, size
        return (first if len(kept) == 1 else b"".join(kept)), size

    def _open_nested(self, member: Member, form: str, whole: bytes | None, depth: int) -> None:
        """Open an archive inside the archive, or unpack a compressed file, if the bounds allow.

        What every reader would find damaged, and a compressed file that is no archive, is data: a scope gap; so are
        documents beyond as many as there may be archives, which they take no room from.
        """
        lone = whole is not None and form in _COMPRESSED and not _holds_tar(form, whole)
        self._lone += lone
        if form not in _OPENED:
            self.notes.scope(member.path, f"{form} is not unpacked")
            return
        if lone and self._lone > limits.MAX_NESTED:
            return
        document = whole is not None and whole.startswith(_DOCUMENT, _FIRST_NAME)
        self._documents += document
        if document and self._documents > limits.MAX_NESTED:
            self.notes.scope(member.path, "one of many documents, which were not opened")
            return
        refusal = self._refusal(whole, depth)
        if refusal or whole is None:
            note = self.notes.scope if lone else self.notes.limit
            note(member.path, f"an archive inside the archive was not opened: {refusal}")
            return
        self._nested += not lone and not document
        self._nested_held += len(whole)
        place, before = self.notes.place, len(self.slots)
        self.notes.place = member.shown
        try:
            self._archive(memoryview(whole), form, member.path, member.shown, depth + 1)
        except SpentError:
            raise
        except BoundError as why:
            self.notes.limit("", str(why))
        except UnreadableError as why:
            note = self.notes.limit if len(self.slots) > before else self.notes.scope
            note("", str(why))
        self.notes.place = place

    def _refusal(self, whole: bytes | None, depth: int) -> str:
        if whole is None:
            return f"it is larger than {limits.MAX_NESTED_SIZE >> 20} MiB"
        if depth + 1 > limits.MAX_DEPTH:
            return f"it lies {depth + 1} deep"
        if self._nested >= limits.MAX_NESTED:
            return f"there are more than {limits.MAX_NESTED}"
        if self._nested_held + len(whole) > limits.MAX_NESTED_HELD:
            return f"they are larger than {limits.MAX_NESTED_HELD >> 20} MiB together"
        return ""


def _holds_tar(form: str, whole: bytes) -> bool:
    try:
        first = next(inflate.stream(form, memoryview(whole), Notes()), b"")
    except UnreadableError:
        return False
    return begins_tar(first[:BLOCK])


def _named(filename: str, kind: Kind) -> str:
    """The container that the file name promises, "" where it promises none."""
    lower = filename.lower()
    if kind is Kind.WHEEL or lower.endswith((".whl", ".zip", ".egg")):
        return "zip"
    if kind is Kind.FOLDER or lower.endswith(".tar"):
        return "tar"
    endings = {
        "gz": "gzip",
        "tgz": "gzip",
        "bz2": "bzip2",
        "tbz2": "bzip2",
        "xz": "xz",
        "txz": "xz",
        "lzma": "xz",
    }
    return endings.get(lower.rpartition(".")[2], "") if lower.endswith(SDIST_ENDINGS) else ""
