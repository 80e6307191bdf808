"""What `stockade scan` is given: files and folders of this machine, made into artifacts."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from stockade import limits
from stockade.acquire.sources.folder import ARCHIVES, Packed, is_archive, is_source, open_regular, pack
from stockade.model.artifact import Artifact, Kind
from stockade.model.evidence import Gap, GapKind
from stockade.model.project import Digest

_CHUNK = 1 << 20
_SDIST = re.compile(r".+-v?\d.*")
_MAGIC = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00")
_KINDS = (
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISCHR, "a device"),
)


def local_targets(paths: Iterable[str | Path], workdir: Path) -> Iterator[Artifact | Gap]:
    """What lies at `paths`, as digest-checked artifacts, in order.

    A file is an artifact if it is an archive by name or by its first bytes, and else if it is Python. A folder
    gives each wheel, egg and sdist in it as an artifact of its own (labelled with its path), and everything
    else in it packed into one tar in `workdir`, which should be private and is the caller's to remove. What
    can't be read is a Gap of kind *limit*; what is left out by design one of kind *scope*. Nothing is raised.
    """
    for path in paths:
        label = os.fspath(path)
        try:
            found = os.stat(label)
            if stat.S_ISDIR(found.st_mode):
                yield from _folder(label, workdir)
            else:
                yield _file(label, label, found, workdir)
        except FileNotFoundError:
            yield _gap(label, "there is no such file or folder")
        except (OSError, ValueError) as why:
            yield _gap(label, f"it cannot be read: {getattr(why, 'strerror', None) or why}")


def kind_of(filename: str) -> Kind:
    """What a file is taken for, by its name."""
    lower = filename.lower()
    if lower.endswith(".whl"):
        return Kind.WHEEL
    ending = next((one for one in ARCHIVES if lower.endswith(one)), "")
    if ending and ending != ".egg" and _SDIST.fullmatch(lower.removesuffix(ending)):
        return Kind.SDIST
    return Kind.ARCHIVE


def _folder(label: str, workdir: Path) -> Iterator[Artifact | Gap]:
    packed = pack(label, workdir)
    for inner in packed.archives:
        try:
            yield _file(inner, inner, os.stat(inner, follow_symlinks=False), workdir)
        except OSError as why:
            yield _gap(inner, f"it cannot be read: {why.strerror}")
    if packed.path:
        yield _packed(label, packed)
    elif not packed.archives:
        yield Gap(kind=GapKind.SCOPE, what=label, why="it holds no archive and no Python source")
    yield from packed.gaps


def _file(label: str, path: str, found: os.stat_result, workdir: Path) -> Artifact | Gap:
    """One file; `found` says that it is there, and is what keeps us from opening a pipe."""
    odd = next((name for test, name in _KINDS if test(found.st_mode)), "")
    if odd:
        return _gap(label, f"it is {odd}, not a file")
    if found.st_size == 0:
        return _gap(label, "it is empty")
    if found.st_size > limits.MAX_ARTIFACT:
        return _gap(label, f"it is larger than {limits.MAX_ARTIFACT >> 30} GiB")
    filename = os.path.basename(os.path.normpath(path))
    if is_archive(filename) or _starts_like_an_archive(path):
        size, sha256 = _digested(path)
        return Artifact(
            label=label, filename=filename, kind=kind_of(filename), path=path, sha256=sha256, size=size
        )
    if is_source(filename):
        packed = pack(path, workdir)
        return _packed(label, packed) if packed.path else packed.gaps[0]
    return Gap(kind=GapKind.SCOPE, what=label, why="it is neither an archive nor Python")


def _packed(label: str, packed: Packed) -> Artifact:
    return Artifact(
        label=label,
        filename=os.path.basename(os.path.normpath(os.path.abspath(label))),
        kind=Kind.FOLDER,
        path=packed.path,
        sha256=Digest(packed.sha256),
        size=packed.size,
    )


def _starts_like_an_archive(path: str) -> bool:
    with open_regular(path) as file:
        head = file.read(8)
    return head.startswith(_MAGIC)


def _digested(path: str) -> tuple[int, Digest]:
    digest, size = hashlib.sha256(), 0
    with open_regular(path) as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return size, Digest(digest.hexdigest())


def _gap(what: str, why: str) -> Gap:
    return Gap(kind=GapKind.LIMIT, what=what, why=why)
