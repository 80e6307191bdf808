"""Takes files out and puts them back in folders that are held open, so that no link put on the way leads elsewhere.

Between the plan and the deed, whoever can write the environment may put a link where a folder was. Each folder is
opened from the one above it, and a link is never followed.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def unlink(path: str, root: str) -> None:
    """Take a file out, if it is there; both paths are without links. Raises OSError, which names `path`."""
    with contextlib.suppress(FileNotFoundError), _held(path, root) as (number, name):
        os.unlink(name, dir_fd=number)


def rmdir(path: str, root: str) -> None:
    """The same with an empty folder, which must be there."""
    with _held(path, root) as (number, name):
        os.rmdir(name, dir_fd=number)


def put(path: str, data: bytes, root: str) -> None:
    """Put `data` where `path` is, whole or not at all, with the permissions of the file that is there."""
    with _held(path, root) as (number, name):
        mode = 0o644
        with contextlib.suppress(FileNotFoundError):
            there = os.stat(name, dir_fd=number, follow_symlinks=False).st_mode
            mode = there & 0o777 if stat.S_ISREG(there) else mode
        new = f".{os.urandom(8).hex()}.new"
        handle = os.open(new, _NEW, 0o600, dir_fd=number)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                os.fchmod(file.fileno(), mode)
                file.flush()
                os.fsync(file.fileno())
            os.replace(new, name, src_dir_fd=number, dst_dir_fd=number)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(new, dir_fd=number)
            raise


@contextlib.contextmanager
def _held(path: str, root: str) -> Iterator[tuple[int, str]]:
    """The open folder of `path`, and its name in there."""
    folder, name = os.path.split(path)
    inner = os.path.relpath(folder, root).split("/")
    if ".." in inner:
        raise OSError(errno.EXDEV, "it lies outside of the environment", path)
    number = os.open(root, _FOLDER)
    try:
        for part in inner:
            below = os.open(part, _FOLDER, dir_fd=number)
            os.close(number)
            number = below
        yield number, name
    except OSError as why:
        raise type(why)(why.errno, why.strerror, path) from None
    finally:
        os.close(number)
