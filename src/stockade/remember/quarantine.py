"""Condemned bytes, kept for study, encoded: what lies about can be neither installed nor run."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from stockade import limits
from stockade.errors import RecordFailed
from stockade.model.project import Digest
from stockade.remember.ours import make_private_folder, only_ours

SUFFIX = ".quarantined"
HEADER = b"stockade-quarantine-1: condemned bytes, each XORed with 0xA5\n"
_PARTIAL = ".partial"
_TABLE = bytes(byte ^ 0xA5 for byte in range(256))
_CHUNK = limits.MIB
_DIGEST = re.compile(r"[0-9a-f]{64}")
#: Seconds after which an unfinished file is taken for one whose writer died.
_STALE = 86_400.0


class Quarantine:
    """Files in `folder` (0700), each 0600 under `SHA256.quarantined`, whole or not at all.

    The oldest go when they exceed `max_bytes` together. Raises RecordFailed where it cannot be used, ValueError for
    what is no digest.
    """

    def __init__(self, folder: Path, *, max_bytes: int = limits.MAX_QUARANTINE) -> None:
        self._folder = folder
        self._max_bytes = max_bytes
        self._lock = threading.Lock()

    def holds(self, sha256: Digest) -> bool:
        """Whether it has the bytes with that digest."""
        return self._path(sha256).is_file()

    def hold(self, path: Path, sha256: Digest) -> None:
        """Keep the bytes of the file at `path`, which stays; raises RecordFailed if their digest is another."""
        kept = self._path(sha256)
        with self._saying(), path.open("rb") as source:
            make_private_folder(self._folder)
            size = os.fstat(source.fileno()).st_size + len(HEADER)
            if size > self._max_bytes:
                raise RecordFailed(
                    f"a file of {size} bytes is larger than the quarantine {self._folder} may be"
                )
            with _partial(self._folder) as (target, name):
                target.write(HEADER)
                found = _copy(source, target, after=False)
                if found != sha256:
                    raise RecordFailed(f"{path} has the digest {found}, not {sha256}, and was not kept")
                target.flush()
                os.fsync(target.fileno())
                with self._lock:
                    self._make_room(target.tell(), kept)
                    name.replace(kept)
            _settle(self._folder)

    def restore(self, sha256: Digest, to: Path) -> None:
        """Write the bytes as they were to `to`, which must not be there yet; it appears whole or not at all.

        Raises RecordFailed where they are not held, or are damaged.
        """
        with self._saying():
            handle = os.open(self._path(sha256), os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
            with os.fdopen(handle, "rb") as source:
                only_ours(os.fstat(source.fileno()))
                if source.read(len(HEADER)) != HEADER:
                    raise RecordFailed(f"{self._path(sha256)} is no quarantined file")
                with _partial(to.parent) as (target, name):
                    if _copy(source, target, after=True) != sha256:
                        raise RecordFailed(f"{self._path(sha256)} is damaged, and was not restored")
                    target.flush()
                    # A link, since a rename would replace what is there.
                    os.link(name, to)

    def drop(self, sha256: Digest) -> bool:
        """Delete it; whether it was there."""
        with self._saying():
            try:
                self._path(sha256).unlink()
            except FileNotFoundError:
                return False
            return True

    def _path(self, sha256: Digest) -> Path:
        if not _DIGEST.fullmatch(sha256):
            raise ValueError(f"{sha256!r} is no SHA-256 digest")
        return self._folder / f"{sha256}{SUFFIX}"

    def _make_room(self, size: int, new: Path) -> None:
        """Delete the oldest until the `size` bytes of `new` fit, and what writers that died have left."""
        held = []
        for one in os.scandir(self._folder):
            with contextlib.suppress(FileNotFoundError):
                found = one.stat(follow_symlinks=False)
                if one.name.endswith(SUFFIX) and one.name != new.name:
                    held.append((found.st_mtime, found.st_size, one.path))
                elif one.name.endswith(_PARTIAL) and time.time() - found.st_mtime > _STALE:
                    os.unlink(one.path)
        total = size + sum(taken for _, taken, _ in held)
        for _, taken, path in sorted(held):
            if total <= self._max_bytes:
                break
            total -= taken
            with contextlib.suppress(FileNotFoundError):
                os.unlink(path)

    @contextlib.contextmanager
    def _saying(self) -> Iterator[None]:
        try:
            yield
        except OSError as why:
            where = why.filename2 or why.filename or self._folder
            raise RecordFailed(f"{where} cannot be used for the quarantine: {why.strerror or why}") from None


@contextlib.contextmanager
def _partial(folder: Path) -> Iterator[tuple[BinaryIO, Path]]:
    """A private file in `folder` that is gone afterwards, unless it was given another name."""
    handle, name = tempfile.mkstemp(prefix=".", suffix=_PARTIAL, dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file, Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _copy(source: BinaryIO, target: BinaryIO, *, after: bool) -> str:
    """Copy and encode (or decode: it is the same); the digest of what is read, or with `after` of what is written."""
    digest = hashlib.sha256()
    while chunk := source.read(_CHUNK):
        turned = chunk.translate(_TABLE)
        digest.update(turned if after else chunk)
        target.write(turned)
    return digest.hexdigest()


def _settle(folder: Path) -> None:
    """See to it that the new name survives the machine's end as well."""
    handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
