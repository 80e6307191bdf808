"""What was read of released files for a reference of known projects: making one goes on where it was stopped."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from stockade.errors import StoreFailed
from stockade.model.project import Digest


class ShapeStore:
    """Files named by the digest of what they were read from; those of another `scheme` lie elsewhere.

    Lies in the cache folder: losing it costs time.
    """

    def __init__(self, cache: Path, scheme: int) -> None:
        self._folder = cache / f"shapes-{scheme}"

    def get(self, sha256: Digest) -> bytes | None:
        """What was kept of the file with this digest, or None."""
        try:
            return self._path(sha256).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as why:
            raise StoreFailed(f"{why.filename} cannot be read: {why.strerror}") from None

    def put(self, sha256: Digest, shape: bytes) -> None:
        """Keep it; it appears whole or not at all. Raises StoreFailed."""
        path = self._path(sha256)
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, partial = tempfile.mkstemp(dir=path.parent)
            try:
                with open(handle, "wb") as file:
                    file.write(shape)
                os.replace(partial, path)
            except BaseException:
                Path(partial).unlink(missing_ok=True)
                raise
        except OSError as why:
            raise StoreFailed(f"{why.filename or path} cannot be written: {why.strerror}") from None

    def _path(self, sha256: Digest) -> Path:
        return self._folder / sha256[:2] / sha256
