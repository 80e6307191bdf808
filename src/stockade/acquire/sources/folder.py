"""A local folder as one plain tar: the same bytes for the same contents, whatever the order and the clock.

What is left out, each time with a gap of kind *scope*: the stores of version control (only under their own
names, and only if they are ones) and virtual environments in ``.venv``, ``.tox`` and ``.nox``, names that
nothing can import. Everything else goes in, ``__pycache__`` and hidden files too: an interpreter runs what
lies in the first, and the second is where code hides.
"""

from __future__ import annotations

import errno
import hashlib
import io
import os
import stat
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, BinaryIO

from stockade import limits
from stockade.model.evidence import Gap, GapKind

ARCHIVES = (".whl", ".egg", ".tar.gz", ".tgz", ".tar.bz2", ".tbz", ".tar.xz", ".txz", ".zip", ".tar")
#: Endings of files that analysis can say something about.
_SOURCES = (
    *(".py", ".pyw", ".pyi", ".pyx", ".pth", ".start", ".pyc", ".ipynb"),
    *(".so", ".pyd", ".dll", ".dylib", ".exe", ".sh", ".bat", ".cmd", ".ps1", ".js", ".pkl", ".pickle"),
)
_STORES = {".git": "HEAD", ".hg": "requires", ".svn": "wc.db", ".bzr": "README"}
_ENVIRONMENTS = {".venv", ".tox", ".nox"}
#: Opened without following a link, and without waiting for whoever writes into a pipe.
_FLAGS = (
    os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
)


@dataclass(slots=True)
class Packed:
    """`archives` are the packages found, by path; the rest is the tar at `path` ("" if there was nothing)."""

    archives: list[str] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    path: str = ""
    sha256: str = ""
    size: int = 0

    def gap(self, what: str, why: str, kind: GapKind = GapKind.LIMIT) -> None:
        """Note what was not packed; the first limits.MAX_GAPS of them."""
        if len(self.gaps) < limits.MAX_GAPS:
            self.gaps.append(Gap(kind=kind, what=what, why=why))


@dataclass(frozen=True, slots=True)
class _Entry:
    path: str
    name: str
    found: os.stat_result


def is_archive(filename: str) -> bool:
    """Whether a file is an archive by its name."""
    return filename.lower().endswith(ARCHIVES)


def is_source(filename: str) -> bool:
    """Whether analysis can say something about a file of that name by itself."""
    return filename.lower().endswith(_SOURCES)


def open_regular(path: str, *, follow: bool = True) -> BinaryIO:
    """Open a file that was a regular one a moment ago; raises OSError if it isn't any more. Never waits."""
    number = os.open(path, _FLAGS & ~getattr(os, "O_NOFOLLOW", 0) if follow else _FLAGS)
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise OSError(errno.EINVAL, "it is not a regular file any more")
    return os.fdopen(number, "rb")


def pack(root: str, workdir: Path) -> Packed:
    """Pack a folder, or one file, into a private file in `workdir`."""
    packed = Packed()
    if os.path.isdir(root):
        entries = sorted(_walk(root, packed), key=lambda one: os.fsencode(one.name))
    else:
        entries = [_Entry(root, os.path.basename(root), os.stat(root))]
    packed.archives = [one.path for one in entries if _is_package(one)]
    apart = set(packed.archives)
    rest = [one for one in entries if one.path not in apart]
    if any(is_source(one.name) for one in rest):
        _write(rest, packed, workdir, follow=not os.path.isdir(root))
    return packed


def _is_package(entry: _Entry) -> bool:
    """A wheel, an egg, or an archive named like an sdist; others stay in the tar, as the code sees them."""
    lower = entry.name.rsplit("/", 1)[-1].lower()
    if not stat.S_ISREG(entry.found.st_mode) or not is_archive(lower):
        return False
    stem = next(lower.removesuffix(one) for one in ARCHIVES if lower.endswith(one))
    return lower.endswith((".whl", ".egg")) or stem.rpartition("-")[2][:1].isdigit()


def _walk(root: str, packed: Packed) -> Iterator[_Entry]:
    pending = [(root, "")]
    count = 0
    while pending:
        folder, prefix = pending.pop()
        try:
            with os.scandir(folder) as listing:
                inner = list(listing)
        except OSError as why:
            packed.gap(folder, f"the folder cannot be read: {why.strerror}")
            continue
        for one in inner:
            count += 1
            if count > limits.MAX_MEMBERS:
                packed.gap(root, f"it holds more than {limits.MAX_MEMBERS:,} files; the rest was left out")
                return
            name = f"{prefix}{one.name}"
            try:
                found = one.stat(follow_symlinks=False)
            except OSError as why:
                packed.gap(one.path, f"it cannot be read: {why.strerror}")
                continue
            if not stat.S_ISDIR(found.st_mode):
                yield _Entry(one.path, name, found)
            elif why_not := _left_out(one.path, one.name):
                packed.gap(one.path, why_not, GapKind.SCOPE)
            else:
                pending.append((one.path, f"{name}/"))


def _left_out(path: str, name: str) -> str:
    if name in _STORES and os.path.lexists(os.path.join(path, _STORES[name])):
        return "the store of a version control system is not looked into"
    if name in _ENVIRONMENTS:
        return "a virtual environment is not looked into; name its site-packages to scan it"
    return ""


def _write(entries: list[_Entry], packed: Packed, workdir: Path, *, follow: bool) -> None:
    with tempfile.NamedTemporaryFile(dir=workdir, prefix="folder-", suffix=".tar", delete=False) as file:
        out = _Digesting(file)
        # GNU's form keeps names that are not UTF-8 as the bytes that they are.
        with tarfile.open(
            fileobj=out, mode="w", format=tarfile.GNU_FORMAT, encoding="utf-8", errors="surrogateescape"
        ) as tar:
            left = limits.MAX_FOLDER
            for entry in entries:
                left = _add(tar, entry, packed, left, follow=follow)
    packed.path, packed.sha256, packed.size = file.name, out.digest.hexdigest(), out.written


def _add(tar: tarfile.TarFile, entry: _Entry, packed: Packed, left: int, *, follow: bool) -> int:
    """Add one entry; returns how many bytes are `left` for others."""
    info = tarfile.TarInfo(entry.name)
    info.mode = 0o755 if entry.found.st_mode & stat.S_IXUSR else 0o644
    try:
        if stat.S_ISLNK(entry.found.st_mode):
            info.type, info.linkname = tarfile.SYMTYPE, os.readlink(entry.path)
            tar.addfile(info)
            return left
        if not stat.S_ISREG(entry.found.st_mode):
            packed.gap(entry.path, "it is a pipe, a socket or a device, which holds no bytes", GapKind.SCOPE)
            return left
        with open_regular(entry.path, follow=follow) as file:
            info.size = os.fstat(file.fileno()).st_size
            if info.size > left:
                packed.gap(entry.path, f"the folder holds more than {limits.MAX_FOLDER >> 20} MiB")
                return left
            reader = _Exactly(file, info.size)
            tar.addfile(info, reader)
    except OSError as why:
        packed.gap(entry.path, f"it cannot be read: {why.strerror}")
        return left
    if reader.short:
        packed.gap(entry.path, "it became shorter while it was read")
    return left - info.size


class _Exactly(io.RawIOBase):
    """`size` bytes of a file, zeros where it ends early, so that the tar's header stays true."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file, self._left = file, size
        self.short = False

    def read(self, size: int = -1, /) -> bytes:
        wanted = self._left if size < 0 else min(size, self._left)
        data = self._file.read(wanted)
        if len(data) < wanted:
            self.short = True
            data += bytes(wanted - len(data))
        self._left -= wanted
        return data


class _Digesting(io.RawIOBase):
    """Writes through, and knows the digest of what was written."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()
        self.written = 0

    def writable(self) -> bool:
        return True

    def write(self, data: bytes, /) -> int:  # type: ignore[override]
        self._file.write(data)
        self.digest.update(data)
        self.written += len(data)
        return len(data)

    def tell(self) -> int:
        return self.written
