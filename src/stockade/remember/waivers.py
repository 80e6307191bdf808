"""The waiver file on disk: read whole, replaced whole. What it means is ``decide/waivers.py``."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from stockade import limits
from stockade.errors import BadPolicy
from stockade.remember.files import replace, saying_where, turn

_MODE = 0o644


def read(path: Path) -> str:
    """The file's text, "" if it isn't there; raises BadPolicy if it cannot be read as text.

    One that belongs to neither us, root nor the owner of its folder is refused with BadPolicy too: beside a
    policy in a folder that all may write to, anyone could leave one.
    """
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_uid not in {os.geteuid(), 0, path.parent.stat().st_uid}:
                raise BadPolicy(f"{path} belongs to another user, so its waivers are not honoured")
            raw = file.read(limits.MAX_POLICY + 1)
    except FileNotFoundError:
        return ""
    except OSError as why:
        raise BadPolicy(f"{path} cannot be read: {why.strerror}") from None
    if len(raw) > limits.MAX_POLICY:
        raise BadPolicy(f"{path} is larger than {limits.MAX_POLICY} bytes")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise BadPolicy(f"{path} is not UTF-8 text") from None


def update(path: Path, change: Callable[[str], str]) -> None:
    """Replace the file's text by `change` of it, so that a reader sees the old one or the new one.

    Two writers take turns. What `change` raises leaves the file as it was. The file's mode is kept; a link
    is followed, so that a file kept elsewhere stays one. Raises BadPolicy for an unreadable file and
    StoreFailed where it cannot be written.
    """
    path = Path(os.path.realpath(path))
    with saying_where(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    with turn(path):
        text = change(read(path))
        with saying_where(path):
            replace(path, text.encode("utf-8"), mode=_MODE)
