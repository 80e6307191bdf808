"""What a person asks for: the command line's targets, and requirements and constraints files."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

from stockade import limits
from stockade.acquire.index.settings import IndexFlags
from stockade.acquire.sources.lines import Line, decoded, logical_lines
from stockade.acquire.sources.targets import target
from stockade.errors import BadRequirement, NotFound
from stockade.model.evidence import Gap, GapKind
from stockade.model.project import Digest, Requirement, digest

_REMOTE = re.compile(r"https?:", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """All that was asked for, in order.

    `flags` are the index options that files gave (they override the configuration); `prereleases` is set by
    ``--pre``. `gaps` are what can't be judged, or options whose effect isn't followed.
    """

    requirements: tuple[Requirement, ...] = ()
    constraints: tuple[Requirement, ...] = ()
    flags: IndexFlags = field(default_factory=IndexFlags)
    prereleases: bool = False
    gaps: tuple[Gap, ...] = ()


def asked_for(
    targets: Sequence[str] = (),
    files: Sequence[Path] = (),
    constraints: Sequence[Path] = (),
    *,
    env: Mapping[str, str],
    folder: Path,
) -> Asked:
    """What `targets` and requirements `files` within `constraints` ask for.

    `env` fills in ``${NAME}`` in files; paths among the targets are relative to `folder`, those in a file to
    the file. Raises BadRequirement with file and line, NotFound for a file that isn't there.
    """
    reading = _Reading(env)
    for text in targets:
        reading.keep(target(text, folder=folder))
    for path in files:
        reading.read(folder / path, str(path), constraint=False)
    for path in constraints:
        reading.read(folder / path, str(path), constraint=True)
    return reading.asked()


@dataclass(slots=True)
class _Reading:
    env: Mapping[str, str]
    requirements: list[Requirement] = field(default_factory=list)
    constraints: list[Requirement] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    flags: IndexFlags = field(default_factory=IndexFlags)
    prereleases: bool = False
    open: list[Path] = field(default_factory=list)

    def asked(self) -> Asked:
        return Asked(
            requirements=tuple(self.requirements),
            constraints=tuple(self.constraints),
            flags=self.flags,
            prereleases=self.prereleases,
            gaps=tuple(self.gaps),
        )

    def keep(self, found: Requirement | Gap, *, constraint: bool = False) -> None:
        if isinstance(found, Gap):
            self.gaps.append(found)
        else:
            (self.constraints if constraint else self.requirements).append(found)

    def read(self, path: Path, shown: str, *, constraint: bool) -> None:
        """Read one file and those it includes."""
        resolved = path.resolve()
        if resolved in self.open:
            raise BadRequirement(f"{shown} includes itself")
        if len(self.open) >= limits.MAX_INCLUDES:
            raise BadRequirement(f"{shown} is included more than {limits.MAX_INCLUDES} files deep")
        self.open.append(resolved)
        for line in logical_lines(decoded(_contents(path, shown), shown), self.env, shown):
            self._line(line, path, shown, constraint=constraint)
        self.open.pop()

    def _line(self, line: Line, path: Path, shown: str, *, constraint: bool) -> None:
        origin = f"{shown}, line {line.number}"
        if line.text:
            found = target(line.text, folder=path.parent, origin=origin, hashes=self._hashes(line, origin))
            self.keep(found, constraint=constraint)
            return
        for text in line.all("editables"):
            self.keep(target(text, folder=path.parent, origin=origin, editable=True), constraint=constraint)
        for nested in line.all("requirements"):
            self._include(nested, path, origin, constraint=False)
        for nested in line.all("constraints"):
            self._include(nested, path, origin, constraint=True)
        self._options(line, path)

    def _include(self, nested: str, path: Path, origin: str, *, constraint: bool) -> None:
        if _REMOTE.match(nested):
            why = "a requirements file behind a URL isn't read; download it and name the file"
            self.gaps.append(Gap(kind=GapKind.LIMIT, what=f"{nested} ({origin})", why=why))
            return
        if nested.lower().startswith("file:"):
            from urllib.request import url2pathname  # with all of the standard library's HTTP client

            nested = url2pathname(unquote(urlsplit(nested).path))
        self.read(path.parent / nested, nested, constraint=constraint)

    def _hashes(self, line: Line, origin: str) -> tuple[Digest, ...]:
        kept: list[Digest] = []
        for text in line.all("hashes"):
            algorithm, _, value = text.partition(":")
            if algorithm == "sha256":
                kept.append(_digest(value, origin))
            elif algorithm not in {"sha384", "sha512"}:
                raise BadRequirement(f"{origin}: {text!r} is not a hash that pip takes")
        if line.all("hashes") and not kept:
            why = "only SHA-256 is compared, so every file of the release is judged"
            self.gaps.append(Gap(kind=GapKind.SCOPE, what=f"the hashes in {origin}", why=why))
        return tuple(kept)

    def _options(self, line: Line, path: Path) -> None:
        flags = self.flags
        for url in line.all("index_url"):
            flags = replace(flags, index_url=url)
        links = tuple(_link(one, path.parent) for one in line.all("find_links"))
        self.flags = replace(
            flags,
            extra_index_urls=flags.extra_index_urls + line.all("extra_index_urls"),
            find_links=flags.find_links + links,
            trusted=flags.trusted + line.all("trusted"),
            no_index=flags.no_index or "no_index" in line.flags,
        )
        self.prereleases = self.prereleases or "pre" in line.flags


def _digest(value: str, origin: str) -> Digest:
    try:
        return digest(value)
    except BadRequirement as why:
        raise BadRequirement(f"{origin}: {why}") from None


def _link(text: str, folder: Path) -> str:
    """pip takes find-links relative to the file, if something is there."""
    near = folder / text
    return str(near) if "://" not in text and near.exists() else text


def _contents(path: Path, shown: str) -> bytes:
    return bounded(path, shown, limits.MAX_REQUIREMENTS)


def bounded(path: Path, shown: str, limit: int) -> bytes:
    """The bytes of a regular file; raises NotFound where there is none, BadRequirement over `limit`."""
    try:
        if path.is_dir():
            raise NotFound(f"{shown} is a folder, not a file")
        if not path.is_file():  # never opens a fifo
            raise NotFound(f"there is no file {shown}")
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as why:
        raise NotFound(f"{shown} cannot be read: {why.strerror}") from None
    if len(data) > limit:
        raise BadRequirement(f"{shown} is larger than {limit >> 20} MiB")
    return data
