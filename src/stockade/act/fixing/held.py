"""Copies files, takes them out and puts them back in folders that are held open: no link on the way leads elsewhere.

Between the plan and the deed, whoever can write the environment may put a link where a folder was. Each folder is
opened from the one above it, and a link is never followed.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import tarfile
from collections.abc import Iterator

_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC

#: What has no bytes of its own, and how an archive calls it. A socket has nothing to be brought back.
_EMPTY = {stat.S_IFDIR: tarfile.DIRTYPE, stat.S_IFIFO: tarfile.FIFOTYPE}


def copy(path: str, root: str, tar: tarfile.TarFile, most: int) -> int:
    """Put a file into `tar` under its path below `root`, a link as a link; how many bytes of its own it has.

    Raises OSError, which names `path`: also where they are more than `most`, or fewer than when it was opened.
    """
    with _held(path, root) as (number, name):
        found = os.stat(name, dir_fd=number, follow_symlinks=False)
        entry = _entry(path, root, found)
        if stat.S_ISLNK(found.st_mode):
            entry.type, entry.linkname = tarfile.SYMTYPE, os.readlink(name, dir_fd=number)
        elif kind := _EMPTY.get(stat.S_IFMT(found.st_mode)):
            entry.type = kind
        elif stat.S_ISREG(found.st_mode):
            with os.fdopen(os.open(name, _FILE, dir_fd=number), "rb") as file:
                found = os.fstat(file.fileno())
                if not stat.S_ISREG(found.st_mode):
                    raise OSError(errno.EAGAIN, "it changes while it is copied")
                if found.st_size > most:
                    raise OSError(errno.EFBIG, "what goes or changes is larger than a copy may be")
                entry = _entry(path, root, found)
                entry.size = found.st_size
                tar.addfile(entry, file)
                return entry.size
        else:
            return 0
        tar.addfile(entry)
        return 0


def _entry(path: str, root: str, found: os.stat_result) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(os.path.relpath(path, root))
    entry.mode, entry.mtime = stat.S_IMODE(found.st_mode), found.st_mtime
    entry.uid, entry.gid = found.st_uid, found.st_gid
    return entry


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
        raise type(why)(why.errno, why.strerror or str(why), path) from None
    finally:
        os.close(number)
