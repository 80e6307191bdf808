"""Handing an artifact's bytes to a worker so that what is analysed is what was hashed.

The file at ``Artifact.path`` may belong to somebody who changes it while we look. So its bytes are copied
first, and the copy is hashed:

- up to limits.MAX_IN_MEMORY into a memfd that is then sealed against writing, growing, shrinking and
  unsealing (memfd_create(2), F_ADD_SEALS): not even we can change it between the hash and the read;
- above that into an unlinked file of our own, of which only a read-only descriptor is kept. It has no name
  that anybody could open and no writable descriptor is left, and its pages can leave memory again, which a
  memfd's can't. Where the file system shares extents the copy costs nothing.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from stockade import limits
from stockade.errors import DigestMismatch, FetchFailed
from stockade.model.artifact import Artifact

_SEALS = fcntl.F_SEAL_SEAL | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE
_CHUNK = 8 * limits.MIB


Copy = Callable[[int, int, int], None]


@contextmanager
def handed_over(
    artifact: Artifact,
    *,
    in_memory: int = limits.MAX_IN_MEMORY,
    folders: tuple[str, ...] | None = None,
    copy: Copy | None = None,
) -> Iterator[int]:
    """A descriptor, open for reading, of exactly the bytes that have the artifact's digest and size.

    Raises DigestMismatch where the file holds other bytes by now, and FetchFailed where it cannot be read or
    copied. The descriptor is closed when the block ends; a worker keeps its own. More than `in_memory` bytes
    go into the first of `folders` that takes them: beside the artifact, for the sake of shared extents,
    else where large temporary files go.
    """
    beside = (os.path.dirname(os.path.abspath(artifact.path)), "/var/tmp", tempfile.gettempdir())  # noqa: S108 - unnamed
    try:
        descriptor = _copied(artifact, in_memory, folders or beside, copy or copied)
    except OSError as why:
        raise FetchFailed(f"could not be read again: {why.strerror or why}") from None
    try:
        if _digest(descriptor, artifact.size) != artifact.sha256:
            raise DigestMismatch("holds other bytes than were checked before")
        yield descriptor
    finally:
        os.close(descriptor)


def _copied(artifact: Artifact, in_memory: int, folders: tuple[str, ...], copy: Copy) -> int:
    source = os.open(artifact.path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY)
    try:
        size = os.fstat(source).st_size
        if size != artifact.size:
            raise DigestMismatch(f"has {size} bytes, and had {artifact.size} when it was checked")
        return _sealed(source, size, copy) if size <= in_memory else _unlinked(source, size, folders, copy)
    finally:
        os.close(source)


def _sealed(source: int, size: int, copy: Copy) -> int:
    target = os.memfd_create("artifact", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    try:
        copy(source, target, size)
        fcntl.fcntl(target, fcntl.F_ADD_SEALS, _SEALS)
    except BaseException:
        os.close(target)
        raise
    return target


def _unlinked(source: int, size: int, folders: tuple[str, ...], copy: Copy) -> int:
    for folder in folders:
        with suppress(OSError), tempfile.TemporaryFile(dir=folder, buffering=0) as target:
            copy(source, target.fileno(), size)
            return os.open(f"/proc/self/fd/{target.fileno()}", os.O_RDONLY | os.O_CLOEXEC)
    raise OSError("there is no room for a private copy")


def copied(source: int, target: int, size: int) -> None:
    """All of `size` bytes, or as many as there are: a file that shrank meanwhile fails by its digest."""
    done = 0
    while done < size:
        count = os.sendfile(target, source, done, min(_CHUNK, size - done))
        if not count:
            return
        done += count


def _digest(descriptor: int, size: int) -> str:
    """The SHA-256 of the copy, if it has `size` bytes; "" otherwise. Read in pieces: a mapping would count as ours."""
    if os.fstat(descriptor).st_size != size:
        return ""
    digest, at = hashlib.sha256(), 0
    while piece := os.pread(descriptor, _CHUNK, at):
        digest.update(piece)
        at += len(piece)
    return digest.hexdigest()
