"""A key of this machine's own, by which secrets are told apart without being kept: made once, its owner's alone."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

from stockade.errors import StoreFailed
from stockade.remember.files import PRIVATE

_LENGTH = 32
_NAME = "credentials.key"


def own_key(folder: Path) -> bytes:
    """The key in `folder`, made if there is none. Raises StoreFailed where it can be neither read nor made, and where
    somebody else could have read it: fingerprints under it could then be tried against guesses."""
    path = folder / _NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, PRIVATE)
        except FileExistsError:
            return _read(path)
        made = secrets.token_bytes(_LENGTH)
        with os.fdopen(number, "wb") as file:
            file.write(made)
            file.flush()
            os.fsync(number)
    except OSError as why:
        raise StoreFailed(f"{path} cannot be made or read: {why.strerror}") from None
    return made


def _read(path: Path) -> bytes:
    number = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(number, "rb") as file:
        found = os.fstat(number)
        key = file.read(_LENGTH + 1)
    if found.st_uid != os.geteuid() or found.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise StoreFailed(f"{path} could be read by others; remove it, and a new one is made")
    if len(key) != _LENGTH:
        raise StoreFailed(f"{path} is damaged; remove it, and a new one is made")
    return key
