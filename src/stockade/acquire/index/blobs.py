"""Files by their SHA-256, written so that a partial one is never seen, and hashed again whenever they are used."""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, NoReturn

from stockade import limits
from stockade.acquire.index.listing_cache import prune
from stockade.errors import StoreFailed
from stockade.model.project import Digest


def _create(path: Path) -> BinaryIO:
    """A new file that only its owner reads."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


class BlobStore:
    """A folder of files named by their digest: ``ab/abcdef…``, mode 0600.

    `create` opens a new file for writing (tests hand in a full disk).
    """

    def __init__(self, folder: Path, create: Callable[[Path], BinaryIO] = _create) -> None:
        self.folder = folder
        self._create = create
        self._began = time.time()
        self._wrote = False
        self._open: set[Path] = set()

    def find(self, digest: Digest) -> tuple[Path, int] | None:
        """Path and size of the bytes with that digest, hashed just now; what no longer matches is discarded.

        Raises StoreFailed where the folder cannot be read.
        """
        path = self._path(digest)
        try:
            with path.open("rb") as file:
                right = hashlib.file_digest(file, "sha256").hexdigest() == digest
            if right:
                os.utime(path)  # the least recently used go first
                return path, path.stat().st_size
            path.unlink()
        except FileNotFoundError:
            return None
        except OSError as why:
            self._failed(why)
        return None

    def place(self, digest: Digest) -> Path | None:
        """Where the bytes with that digest lie, unchecked; None where they don't."""
        path = self._path(digest)
        return path if path.is_file() else None

    def read(self, digest: Digest, limit: int) -> bytes | None:
        """The bytes with that digest if they are here and at most `limit` long."""
        found = self.find(digest)
        if found is None or found[1] > limit:
            return None
        try:
            return found[0].read_bytes()
        except OSError as why:
            self._failed(why)

    @contextmanager
    def incoming(self) -> Iterator[Incoming]:
        """A file being written; gone again unless it was kept. Raises StoreFailed, with the folder's name."""
        folder = self.folder / "in"
        path = folder / f".{secrets.token_hex(12)}"
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = self._create(path)
        except OSError as why:
            self._failed(why)
        self._wrote = True
        self._open.add(path)
        try:
            yield Incoming(self, file, path)
        finally:
            with suppress(OSError):  # what could not be written was said already, by write or keep
                file.close()
            self._discard(path)

    def close(self) -> None:
        """Remove what is half written by threads that nobody waits for, and tidy."""
        for path in list(self._open):
            self._discard(path)
        self.prune()

    def _discard(self, temporary: Path) -> None:
        with suppress(OSError):
            temporary.unlink()
        self._open.discard(temporary)

    def prune(self, limit: int = limits.MAX_ARTIFACT_CACHE) -> None:
        """Remove the least recently used files, none that this run used, until the rest are within `limit` bytes."""
        if self._wrote:
            prune(self.folder, limit, keep_since=self._began)

    def _keep(self, file: BinaryIO, temporary: Path, digest: Digest) -> Path:
        path = self._path(digest)
        try:
            file.flush()
            path.parent.mkdir(mode=0o700, exist_ok=True)
            temporary.replace(path)
        except OSError as why:
            self._failed(why)
        return path

    def _failed(self, why: OSError) -> NoReturn:
        raise StoreFailed(f"the cache folder {self.folder} cannot be used: {why.strerror or why}") from None

    def _path(self, digest: Digest) -> Path:
        return self.folder / digest[:2] / digest


class Incoming:
    """Bytes on their way into the store, hashed as they come."""

    def __init__(self, store: BlobStore, file: BinaryIO, path: Path) -> None:
        self._store = store
        self._file = file
        self._path = path
        self._hash = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> None:
        """Add `data`; raises StoreFailed where the disk is full."""
        try:
            self._file.write(data)
        except OSError as why:
            self._store._failed(why)  # noqa: SLF001 (one thing in two classes)
        self._hash.update(data)
        self.size += len(data)

    def digest(self) -> Digest:
        """The digest of what came so far."""
        return Digest(self._hash.hexdigest())

    def keep(self) -> Path:
        """Make what came part of the store, at once and whole; where it lies from now on."""
        return self._store._keep(self._file, self._path, self.digest())  # noqa: SLF001
