"""Files that are ours alone: what others could write to, or a link of theirs, is not believed."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path


def make_private(path: Path) -> None:
    """See to it that `path` is a file of ours (0600, made empty if it isn't there) in a folder of ours (0700 if made).

    Raises PermissionError where others own or may write to either, or where the file is a link; else OSError.
    """
    make_private_folder(path.parent)
    # Only a new file is opened here: closing an old one would drop this process's locks on it (POSIX).
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    only_ours(path.lstat())


def make_private_folder(folder: Path) -> None:
    """The same for a folder."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    only_ours(folder.stat())


def only_ours(found: os.stat_result) -> None:
    """Raises PermissionError where another user owns it or may write to it, or where it is a link."""
    if stat.S_ISLNK(found.st_mode):
        raise PermissionError(1, "it is a link")
    if found.st_uid != os.geteuid() or found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise PermissionError(1, "other users own it or may write to it")
