"""The formats of lock files: what each tool writes, as types, and the pins in it.

Readers take the parsed TOML or JSON and the folder that paths are relative to. They raise BadLock, with the
place in the file, for anything of another shape.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import msgspec
from packaging.pylock import Package as PylockPackage
from packaging.pylock import Pylock, PylockUnsupportedVersionError, PylockValidationError
from packaging.version import InvalidVersion, Version

from stockade.errors import BadLock, BadRequirement
from stockade.model.evidence import Gap, GapKind
from stockade.model.project import Digest, ProjectName, Requirement, digest, project_name

T = TypeVar("T")
_OWN = (
    "it is the project itself, or a folder beside it, which is not judged; `stockade scan` looks at folders"
)
_VCS = "it comes from a version-control repository, which is not judged"
#: Said of a pin without digests.
ANY_FILE = "the lock allows any file of it, since it gives no SHA-256"


@dataclass(slots=True)
class _Pins:
    pins: list[Requirement] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)

    def add(self, name: ProjectName, version: str, hashes: Iterable[str], origin: str) -> None:
        """A release of the index."""
        kept = _digests(hashes)
        if not kept:
            self.gap(GapKind.SCOPE, f"{name}=={version}", ANY_FILE)
        self.pins.append(
            Requirement(name=name, specifier=f"=={_version(name, version)}", hashes=kept, origin=origin)
        )

    def add_url(self, name: ProjectName, url: str, hashes: Iterable[str], origin: str) -> None:
        """A file outside every index."""
        if "+" in urlsplit(url).scheme:
            self.gap(GapKind.LIMIT, str(name), _VCS)
            return
        self.pins.append(Requirement(name=name, url=url, hashes=_digests(hashes), origin=origin))

    def add_path(
        self, name: ProjectName, path: str, folder: Path, hashes: Iterable[str], origin: str
    ) -> None:
        """A file or a folder on this machine."""
        place = (folder / path).resolve()
        if place.suffix in {".whl", ".gz", ".zip", ".bz2", ".xz", ".tgz"}:
            self.add_url(name, place.as_uri(), hashes, origin)
        else:
            self.own(name)

    def own(self, name: ProjectName) -> None:
        """The project that was locked, or a folder beside it."""
        self.gap(GapKind.SCOPE, str(name), _OWN)

    def vcs(self, name: ProjectName) -> None:
        """A package from a repository."""
        self.gap(GapKind.LIMIT, str(name), _VCS)

    def gap(self, kind: GapKind, what: str, why: str) -> None:
        self.gaps.append(Gap(kind=kind, what=what, why=why))

    def done(self) -> Read:
        return Read(pins=tuple(dict.fromkeys(self.pins)), gaps=tuple(dict.fromkeys(self.gaps)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What a lock holds: releases and direct URLs, and what can't be judged of it."""

    pins: tuple[Requirement, ...]
    gaps: tuple[Gap, ...]


# uv.lock


class _UvFile(msgspec.Struct):
    hash: str = ""


class _UvSource(msgspec.Struct):
    registry: str | None = None
    git: str | None = None
    url: str | None = None
    path: str | None = None
    directory: str | None = None
    editable: str | None = None
    virtual: str | None = None


class _UvPackage(msgspec.Struct):
    name: str
    source: _UvSource
    version: str | None = None
    sdist: _UvFile | None = None
    wheels: list[_UvFile] = []


class _UvLock(msgspec.Struct):
    version: int
    package: list[_UvPackage] = []


def read_uv(data: Any, folder: Path) -> Read:
    """uv.lock, version 1 with any revision."""
    lock = _as(_UvLock, data)
    _known_version(str(lock.version), {"1"})
    found = _Pins()
    for one in lock.package:
        name, source = _name(one.name), one.source
        files = [*([one.sdist] if one.sdist else []), *one.wheels]
        hashes = [file.hash for file in files]
        if source.git is not None:
            found.vcs(name)
        elif source.url is not None:
            found.add_url(name, source.url, hashes, "uv.lock")
        elif source.path is not None:
            found.add_path(name, source.path, folder, hashes, "uv.lock")
        elif source.registry is None:
            found.own(name)
        elif one.version is None:
            raise BadLock(f"{one.name} has no version")
        else:
            found.add(name, one.version, hashes, "uv.lock")
    return found.done()


# poetry.lock


class _File(msgspec.Struct):
    hash: str = ""
    file: str = ""
    url: str = ""


class _PoetrySource(msgspec.Struct):
    type: str = ""
    url: str = ""


class _PoetryPackage(msgspec.Struct):
    name: str
    version: str
    files: list[_File] = []
    source: _PoetrySource | None = None


class _PoetryMetadata(msgspec.Struct, rename={"lock_version": "lock-version"}):
    lock_version: str = "1.0"
    files: dict[str, list[_File]] = {}
    hashes: dict[str, list[str]] = {}


class _PoetryLock(msgspec.Struct):
    metadata: _PoetryMetadata
    package: list[_PoetryPackage] = []


def read_poetry(data: Any, folder: Path) -> Read:
    """poetry.lock, versions 1.x (digests in ``[metadata.files]`` or ``[metadata.hashes]``) and 2.x."""
    lock = _as(_PoetryLock, data)
    _known_version(lock.metadata.lock_version, {"1", "2"})
    found = _Pins()
    for one in lock.package:
        name, source = _name(one.name), one.source or _PoetrySource()
        apart = lock.metadata.files.get(one.name, [])
        hashes = [file.hash for file in (one.files or apart)]
        # Before 1.0 the digests stood without their algorithm.
        hashes += [f"sha256:{value}" for value in lock.metadata.hashes.get(one.name, [])]
        if source.type == "git":
            found.vcs(name)
        elif source.type == "url":
            found.add_url(name, source.url, hashes, "poetry.lock")
        elif source.type == "directory":
            found.own(name)
        elif source.type == "file":
            found.add_path(name, source.url, folder, hashes, "poetry.lock")
        else:
            found.add(name, one.version, hashes, "poetry.lock")
    return found.done()


# pdm.lock


class _PdmPackage(msgspec.Struct):
    name: str
    version: str = ""
    files: list[_File] = []
    git: str | None = None
    hg: str | None = None
    svn: str | None = None
    bzr: str | None = None
    url: str | None = None
    path: str | None = None


class _PdmMetadata(msgspec.Struct):
    lock_version: str = "1"
    files: dict[str, list[_File]] = {}


class _PdmLock(msgspec.Struct):
    metadata: _PdmMetadata
    package: list[_PdmPackage] = []


def read_pdm(data: Any, folder: Path) -> Read:
    """pdm.lock, versions 1 to 4 (up to 4.2, digests may stand in ``[metadata.files]``)."""
    lock = _as(_PdmLock, data)
    _known_version(lock.metadata.lock_version, {"1", "2", "3", "4"})
    found = _Pins()
    for one in lock.package:
        name = _name(one.name)
        files = one.files or lock.metadata.files.get(f"{one.name} {one.version}", [])
        hashes = [file.hash for file in files]
        if one.git or one.hg or one.svn or one.bzr:
            found.vcs(name)
        elif one.url is not None:
            found.add_url(name, one.url, hashes, "pdm.lock")
        elif one.path is not None:
            found.add_path(name, one.path, folder, hashes, "pdm.lock")
        else:
            found.add(name, one.version, hashes, "pdm.lock")
    return found.done()


# pylock.toml


def read_pylock(data: Any, folder: Path) -> Read:
    """pylock.toml (PEP 751), read by packaging."""
    try:
        lock = Pylock.from_dict(data)
    except PylockUnsupportedVersionError as why:
        raise BadLock(f"its version is not one that is understood: {why}") from None
    except PylockValidationError as why:
        raise BadLock(str(why)) from None
    found = _Pins()
    for one in lock.packages:
        _pylock_package(found, one, folder)
    return found.done()


def _pylock_package(found: _Pins, one: PylockPackage, folder: Path) -> None:
    name = _name(one.name)
    if one.vcs:
        found.vcs(name)
    elif one.directory:
        found.own(name)
    elif one.archive:
        hashes = _labelled(one.archive.hashes)
        if one.archive.url:
            found.add_url(name, one.archive.url, hashes, "pylock.toml")
        else:
            found.add_path(name, one.archive.path or "", folder, hashes, "pylock.toml")
    elif one.version is None:
        raise BadLock(f"{one.name} has no version")
    else:
        hashes = _labelled(one.sdist.hashes) if one.sdist else []
        for wheel in one.wheels or ():
            hashes += _labelled(wheel.hashes)
        found.add(name, str(one.version), hashes, "pylock.toml")


def _labelled(hashes: Any) -> list[str]:
    return [f"{algorithm}:{value}" for algorithm, value in hashes.items()]


# Pipfile.lock


class _PipfilePackage(msgspec.Struct):
    version: str | None = None
    hashes: list[str] = []
    git: str | None = None
    hg: str | None = None
    svn: str | None = None
    bzr: str | None = None
    file: str | None = None
    path: str | None = None


class _PipfileMeta(msgspec.Struct, rename={"spec": "pipfile-spec"}):
    spec: int = 6


def read_pipfile(data: Any, folder: Path) -> Read:
    """Pipfile.lock, specification 6: every category but ``_meta``."""
    _known_version(str(_as(_PipfileMeta, data.get("_meta", {}), "_meta").spec), {"6"})
    found = _Pins()
    for category, packages in data.items():
        if category == "_meta":
            continue
        for raw, one in _as(dict[str, _PipfilePackage], packages, category).items():
            _pipfile_package(found, _name(raw), one, folder)
    return found.done()


def _pipfile_package(found: _Pins, name: ProjectName, one: _PipfilePackage, folder: Path) -> None:
    if one.git or one.hg or one.svn or one.bzr:
        found.vcs(name)
    elif one.file is not None:
        found.add_url(name, one.file, one.hashes, "Pipfile.lock")
    elif one.path is not None:
        found.add_path(name, one.path, folder, one.hashes, "Pipfile.lock")
    elif one.version is None or not one.version.startswith("=="):
        raise BadLock(f"{name} is not pinned with ==")
    else:
        found.add(name, one.version.lstrip("="), one.hashes, "Pipfile.lock")


# What they share.


def _as(kind: type[T], data: Any, where: str = "") -> T:
    try:
        return msgspec.convert(data, kind)
    except msgspec.ValidationError as why:
        # "Expected `str`, got `int` - at `$.package[0].name`"
        complaint, _, place = str(why).partition(" - at ")
        place = place.strip("`").removeprefix("$").lstrip(".")
        where = ".".join(one for one in (where, place) if one) or "the top"
        raise BadLock(f"{complaint[:1].lower()}{complaint[1:]} at {where}") from None


def _known_version(version: str, known: set[str]) -> None:
    if version.split(".")[0] not in known:
        raise BadLock(f"its version is {version}, and only {' and '.join(sorted(known))} are understood")


def _name(raw: str) -> ProjectName:
    return project_name(raw)


def _version(name: ProjectName, raw: str) -> str:
    try:
        return str(Version(raw))
    except InvalidVersion:
        raise BadLock(f"{name} has a version that isn't one: {raw!r}") from None


def _digests(texts: Iterable[str]) -> tuple[Digest, ...]:
    kept: list[Digest] = []
    for text in texts:
        if text.startswith("sha256:"):
            try:
                kept.append(digest(text))
            except BadRequirement as why:
                raise BadLock(str(why)) from None
    return tuple(dict.fromkeys(kept))
