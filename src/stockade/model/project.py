"""Names of things on an index: projects, releases, files."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import NewType

from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as Pep508
from packaging.specifiers import SpecifierSet
from packaging.utils import InvalidName, canonicalize_name

from stockade import limits
from stockade.errors import BadRequirement

#: A project's name, normalised (PEP 503).
ProjectName = NewType("ProjectName", str)
#: A SHA-256 digest: 64 lower-case hexadecimal digits.
Digest = NewType("Digest", str)

_DIGEST = re.compile(r"[0-9a-f]{64}")


def project_name(raw: str) -> ProjectName:
    """`raw` normalised by PEP 503; raises BadRequirement where it isn't a name (PEP 508)."""
    try:
        return ProjectName(canonicalize_name(raw, validate=True))
    except InvalidName:
        raise BadRequirement(f"{raw!r} is not a project name") from None


def digest(raw: str) -> Digest:
    """`raw`, with or without a leading ``sha256:``, as a Digest; raises BadRequirement otherwise."""
    text = raw.removeprefix("sha256:").lower()
    if not _DIGEST.fullmatch(text):
        raise BadRequirement(f"{raw!r} is not a SHA-256 digest (64 hexadecimal digits)")
    return Digest(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """What a person or a lock file asks for (PEP 508), and where it was asked.

    `pin` is the version if the specifier admits exactly one (``==1.2``), else None. `hashes` are the
    SHA-256 digests that a lock or a hashed requirements file allows; empty means any.
    """

    name: ProjectName
    specifier: str = ""
    extras: tuple[str, ...] = ()
    marker: str | None = None
    url: str | None = None
    hashes: tuple[Digest, ...] = ()
    origin: str = "command line"

    @property
    def pin(self) -> str | None:
        """The one version that the specifier admits, if it is a plain ``==`` or ``===``."""
        found = list(SpecifierSet(self.specifier))
        if len(found) == 1 and found[0].operator in {"==", "==="} and not found[0].version.endswith(".*"):
            return found[0].version
        return None

    def __str__(self) -> str:
        extras = f"[{','.join(self.extras)}]" if self.extras else ""
        where = f" @ {self.url}" if self.url else self.specifier
        marker = f" ; {self.marker}" if self.marker else ""
        return f"{self.name}{extras}{where}{marker}"


def read_requirement(line: str) -> Pep508 | None:
    """What a line of somebody's metadata requires, None where it is no requirement (PEP 508). Shared with whoever else
    reads that line: not to be changed."""
    return _read(line) if len(line) <= limits.MAX_EXCERPT else _read.__wrapped__(line)


@lru_cache(maxsize=16384)
def _read(line: str) -> Pep508 | None:
    try:
        return Pep508(line)
    except (InvalidRequirement, RecursionError):
        return None


def requirement(text: str, *, origin: str = "command line") -> Requirement:
    """Parse one PEP 508 requirement; raises BadRequirement with the reason."""
    try:
        parsed = Pep508(text)
    except InvalidRequirement as why:
        reason = str(why).splitlines()[0]
        raise BadRequirement(f"{text!r} ({origin}) is not a requirement: {reason}") from None
    return Requirement(
        name=project_name(parsed.name),
        specifier=str(parsed.specifier),
        extras=tuple(sorted(parsed.extras)),
        marker=str(parsed.marker) if parsed.marker else None,
        url=parsed.url,
        origin=origin,
    )


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Release:
    """One version of one project. `version` is as the index spells it."""

    name: ProjectName
    version: str

    def __str__(self) -> str:
        return f"{self.name}=={self.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtifactRef:
    """A file that an index offers, not fetched yet.

    `url` may hold no credentials. `sha256` is None where the index gives none. `size` in bytes,
    `uploaded` aware (PEP 700). `yanked` is the reason, "" for none given, None where it isn't yanked
    (PEP 592). `metadata_sha256` is set where the index offers ``.metadata`` beside the file
    (PEP 658/714): its digest, or "" if it offers the file without one. `provenance` is the address of its
    attestations (PEP 740).
    """

    release: Release
    filename: str
    url: str
    index: str
    sha256: Digest | None = None
    size: int | None = None
    uploaded: datetime | None = None
    yanked: str | None = None
    requires_python: str | None = None
    metadata_sha256: str | None = None
    provenance: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """One release of a closure with the files of it that will be judged.

    `direct` where the person asked for it by name; `requires` are the projects it brings, as far as known.
    `notes` say what could not be known (the reader makes them scope gaps). `hashes` are those that a lock or a
    requirement allows, empty for any; what the index gives no digest for is held against them when it is fetched.
    """

    release: Release
    files: tuple[ArtifactRef, ...]
    direct: bool = False
    requires: tuple[ProjectName, ...] = ()
    notes: tuple[str, ...] = field(default=())
    hashes: tuple[Digest, ...] = ()
