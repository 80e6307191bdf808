"""Bytes that were digest-checked, and the index of what they hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from stockade.model.project import Digest


class Kind(StrEnum):
    """What an artifact is taken for, by its file name; its bytes may disagree, which is evidence."""

    WHEEL = "wheel"
    SDIST = "sdist"
    #: A zip or tar that follows neither naming scheme; analysed like an sdist.
    ARCHIVE = "archive"
    #: A local folder, packed by us into a plain tar.
    FOLDER = "folder"


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """A file on this machine whose SHA-256 the parent process has computed itself.

    `label` is the path as the person gave it, or the file name for what came from an index.
    `path` is where the bytes are; `sha256` is of exactly those bytes. `notes` say what could not be checked
    when it was had (no digest to compare it with).
    """

    label: str
    filename: str
    kind: Kind
    path: str
    sha256: Digest
    size: int
    notes: tuple[str, ...] = ()


class MemberKind(StrEnum):
    """What an archive's entry claims to be."""

    FILE = "file"
    FOLDER = "folder"
    LINK = "link"
    DEVICE = "device"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One entry of an archive. `path` is untrusted text with forward slashes, as the archive spells it.

    `size` is the uncompressed size in bytes; `packed` the compressed one where the format has it.
    `nested` names the archive that this member came out of ("" for the outermost).
    """

    path: str
    size: int
    kind: MemberKind = MemberKind.FILE
    packed: int | None = None
    target: str = ""
    nested: str = ""

    @property
    def shown(self) -> str:
        """The path with the archive around it: ``inner.zip!a/b.py``."""
        return f"{self.nested}!{self.path}" if self.nested else self.path


class Tree(Protocol):
    """A lazy index of an archive's members; nothing is ever written to disk."""

    @property
    def kind(self) -> Kind: ...

    @property
    def members(self) -> Sequence[Member]:
        """Every entry, in the archive's order, nested archives' members after their container."""

    def walk(self) -> Iterator[tuple[Member, bytes]]:
        """Each regular file with its bytes (cut at limits.MAX_MEMBER), in an order that is cheap to read."""

    def read(self, member: Member, limit: int) -> bytes:
        """At most `limit` bytes of `member`."""
