"""What is odd about a container, and what its metadata says. Untrusted text throughout."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Odd(StrEnum):
    """A container's oddity that is evidence (the hard ones, which end reading, are gaps instead)."""

    TRAVERSAL = "traversal"
    ABSOLUTE = "absolute-path"
    DRIVE = "drive-path"
    LINK_OUTSIDE = "link-outside"
    DEVICE = "device"
    DUPLICATE = "duplicate-name"
    CASE_COLLISION = "case-collision"
    HEADER_MISMATCH = "local-header-differs"
    PREPENDED = "prepended-data"
    TRAILING = "trailing-data"
    TWO_DIRECTORIES = "two-central-directories"
    BAD_NAME = "bad-utf8-name"
    PAX_TRICK = "pax-override"
    MAGIC_MISMATCH = "magic-differs-from-extension"
    CONTAINER_MISMATCH = "container-differs-from-name"
    RECORD_MISSING = "record-missing"
    RECORD_MISMATCH = "record-mismatch"
    RECORD_UNLISTED = "record-unlisted"
    UNLISTED = "not-in-central-directory"
    OVERLAP = "overlapping-members"
    SLACK = "bytes-of-no-member"
    BACKSLASH = "backslash-name"
    METADATA_MISSING = "metadata-missing"
    TWO_DIST_INFO = "two-dist-info"


@dataclass(frozen=True, slots=True, kw_only=True)
class Oddity:
    """One oddity, the member that has it (or the file itself, ""), and what exactly, in one sentence.

    `nested`: in an archive inside the archive, where test data often is broken on purpose.
    """

    odd: Odd
    member: str
    detail: str
    nested: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """Core metadata as read from one place. `source`: the member's path. Nothing is dropped.

    `fields` maps lower-case header names to all their values in order; `body` is the description's length.
    `unparsed` holds lines that are no header.
    """

    source: str
    fields: Mapping[str, tuple[str, ...]]
    unparsed: tuple[str, ...] = ()
    body: int = 0

    def first(self, name: str) -> str:
        """The first value of a header, or ""."""
        values = self.fields.get(name, ())
        return values[0] if values else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One requirement as an artifact states it in the member `source`.

    `building`: installed before the artifact is built. `optional`: only for an extra. `link`: no requirement but a
    place to look for them (setuptools' ``dependency_links``).
    """

    text: str
    source: str
    building: bool = False
    optional: bool = False
    link: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Every claim that an artifact makes about its own name and version, for comparison.

    `filename` (name, version) as parsed by PEP 427/625, ("", "") where it follows neither; `metadata` each
    METADATA or PKG-INFO, the one that counts first; `top_level` the modules and packages that importing finds
    at the top; `entry_points` (name, object reference) by group; `build_backend` and `backend_path` are
    pyproject.toml's (PEP 517); `asked` what it requires, wherever that is stated but in code.
    """

    filename: tuple[str, str]
    metadata: tuple[Metadata, ...] = ()
    top_level: tuple[str, ...] = ()
    entry_points: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    build_backend: str = ""
    backend_path: tuple[str, ...] = ()
    asked: tuple[Asked, ...] = ()
