"""Reading files that somebody else may have planted: regular ones alone, and never without a bound."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Callable

from stockade import limits

#: A pipe must not make us wait for its writer, a terminal must not become ours.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOCTTY", 0)
_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)
_CHUNK = 1 << 20


class Sentences:
    """What could not be looked at, as sentences with the path in them; the first limits.MAX_SENTENCES, then a count."""

    def __init__(self, limit: int = limits.MAX_SENTENCES) -> None:
        self._limit = limit
        self._kept: dict[str, None] = {}
        self._more = 0

    def say(self, sentence: str) -> None:
        """One more."""
        if sentence in self._kept:
            return
        if len(self._kept) < self._limit:
            self._kept[sentence] = None
        else:
            self._more += 1

    @property
    def all(self) -> tuple[str, ...]:
        """In the order of their saying."""
        more = (f"{self._more:,} more could not be looked at.",) if self._more else ()
        return (*self._kept, *more)


def reason(why: OSError) -> str:
    """What an error says, without path and number."""
    return why.strerror or str(why)


def opened(path: str) -> tuple[int, os.stat_result]:
    """A descriptor of a regular file, and what it is; raises OSError.

    A link is followed only to a file of the link's own owner (conda and uv make such links): a report of the root user
    must not show what somebody else pointed it at.
    """
    try:
        number = _open(path, _NOFOLLOW)
        owner = None
    except OSError as why:
        if why.errno != errno.ELOOP:
            raise
        owner = os.lstat(path).st_uid
        number = _open(path, 0)
    found = os.fstat(number)
    if not stat.S_ISREG(found.st_mode):
        os.close(number)
        raise OSError(errno.EINVAL, "it is not a regular file")
    if owner is not None and found.st_uid != owner:
        os.close(number)
        raise OSError(errno.EPERM, "it is a link to a file of another user")
    return number, found


def _open(path: str, more: int) -> int:
    try:
        return os.open(path, _FLAGS | more)
    except ValueError:  # a NUL in the path
        raise OSError(errno.EINVAL, "no file can have that name") from None


def read(path: str, limit: int) -> bytes:
    """The bytes of a regular file of at most `limit` bytes; raises OSError."""
    number, found = opened(path)
    try:
        if found.st_size > limit:
            raise OSError(errno.EFBIG, f"it is larger than {limit:,} bytes")
        # Files of /proc have no size; others may grow while they are read.
        data = os.read(number, min(limit, found.st_size or _CHUNK) + 1)
        if found.st_size and len(data) == found.st_size:
            return data
        parts, length = [data], len(data)
        while data and length <= limit:
            data = os.read(number, min(_CHUNK, limit + 1 - length))
            parts.append(data)
            length += len(data)
    finally:
        os.close(number)
    if length > limit:
        raise OSError(errno.EFBIG, f"it is larger than {limit:,} bytes")
    return b"".join(parts)


def text(path: str, limit: int = limits.MAX_MARK) -> str | None:
    """The same as text, None where there is no such file; what isn't UTF-8 is kept as surrogates. Raises OSError."""
    try:
        return read(path, limit).decode("utf-8", "surrogateescape")
    except (FileNotFoundError, NotADirectoryError):
        return None


def text_or(path: str, sentences: Callable[[str], None], limit: int = limits.MAX_MARK) -> str:
    """The same, "" where there is none; that it can't be read is said."""
    try:
        return text(path, limit) or ""
    except OSError as why:
        sentences(f"{path} cannot be read: {reason(why)}.")
        return ""


def digest(path: str, algorithm: str) -> tuple[bytes, os.stat_result]:
    """The digest of a regular file's bytes, and what the file was; raises OSError, ValueError for the algorithm."""
    number, found = opened(path)
    try:
        if found.st_size > limits.MAX_INSTALLED_FILE:
            raise OSError(errno.EFBIG, f"it is larger than {limits.MAX_INSTALLED_FILE >> 30} GiB")
        data = os.read(number, min(_CHUNK, found.st_size + 1))
        if len(data) == found.st_size:
            # Nearly all are smaller than a chunk, and then this is the whole of it.
            return hashlib.new(algorithm, data, usedforsecurity=False).digest(), found
        whole, length = hashlib.new(algorithm, usedforsecurity=False), 0
        while data:
            length += len(data)
            if length > limits.MAX_INSTALLED_FILE:
                raise OSError(errno.EFBIG, "it grows while it is read")
            whole.update(data)
            data = os.read(number, _CHUNK)
        return whole.digest(), found
    finally:
        os.close(number)


def names(folder: str, limit: int = limits.MAX_WALKED_FOLDER) -> list[os.DirEntry[str]]:
    """The first `limit` entries of a folder, sorted by name; none where there is no such folder. Raises OSError."""
    found: list[os.DirEntry[str]] = []
    try:
        with os.scandir(folder) as listing:
            for entry in listing:
                found.append(entry)
                if len(found) >= limit:
                    break
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return []  # a NUL in the name of a folder means that there is none, too
    return sorted(found, key=lambda one: one.name)


def is_folder(path: str) -> bool:
    """Whether it is a folder, be it by a link."""
    try:
        return os.path.isdir(path)
    except ValueError:
        return False


def inside(path: str, folder: str) -> bool:
    """Whether `path` lies in `folder`, or is it; both absolute and without ``..``."""
    return path == folder or path.startswith(folder.rstrip("/") + "/")
