"""Small files, replaced whole: a reader sees the old one or the new one, and two writers take turns."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from stockade.errors import StoreFailed

#: Of a file that is read by its owner alone.
PRIVATE = 0o600


@contextlib.contextmanager
def saying_where(path: Path) -> Iterator[None]:
    """What the system refuses about `path`, as StoreFailed."""
    try:
        yield
    except OSError as why:
        raise StoreFailed(f"{path} cannot be written: {why.strerror}") from None


@contextlib.contextmanager
def turn(path: Path) -> Iterator[None]:
    """One writer at a time. The folder is what is locked: the file itself is replaced under us."""
    try:
        import fcntl
    except ImportError:  # pragma: no cover - not on POSIX; the rename alone keeps the file whole
        yield
        return
    with saying_where(path):
        folder = os.open(path.parent, os.O_RDONLY)
    try:
        with saying_where(path):
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def replace(path: Path, data: bytes, *, mode: int) -> None:
    """Put `data` where `path` is, keeping the mode of a file that is there; `mode` is that of a new one.

    A link is not followed: whoever has one resolves it first. Raises OSError.
    """
    mode = path.stat().st_mode & 0o7777 if path.exists() else mode
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(file.fileno(), mode)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def keep_private(path: Path, text: str) -> None:
    """Write a file of ours that its owner alone may read, in a folder that is made where it isn't there.

    Raises StoreFailed.
    """
    with saying_where(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace(path, text.encode("utf-8"), mode=PRIVATE)
        path.chmod(PRIVATE)


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """One writer at a time in a folder of ours, which is made where it isn't there; raises StoreFailed."""
    with saying_where(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with turn(folder / "any"):
        yield
