"""The cache that installers use in gated runs: Stockade's own, begun anew when something was condemned since.

Whatever an installer keeps there came through the gate. But it would come from there without asking again, so a
file that was condemned later must not be in it: each state of the condemned has a folder of its own.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from stockade.remember.files import saying_where

_FOLDER = "installers"
#: Seconds after which a former folder is removed; a run that began with it may still be at work.
_KEPT = 86_400
#: What pdm links environments to if it is told to (``install.cache``); without it they would break.
_LINKED = ("pdm", "packages")


def gated_cache(base: Path, condemned_stamp: str, *, now: Callable[[], float] = time.time) -> Path:
    """The folder below Stockade's cache `base` that belongs to `condemned_stamp`, made if need be.

    The stamp is any text that changes when a file is condemned. Folders of former stamps are removed a day after
    their last use, but for what environments may be linked to. Raises StoreFailed.
    """
    home = base / _FOLDER
    own = home / hashlib.sha256(condemned_stamp.encode()).hexdigest()[:16]
    with saying_where(own):
        own.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.utime(own, (now(), now()))
        for other in home.iterdir():
            if other != own and other.is_dir() and other.stat().st_mtime < now() - _KEPT:
                _remove(other)
    return own


def _remove(folder: Path) -> None:
    kept = folder.joinpath(*_LINKED)
    with contextlib.suppress(OSError):  # another run removes it at the same time
        if not kept.is_dir():
            shutil.rmtree(folder)
            return
        for child in folder.iterdir():
            if child.name != _LINKED[0]:
                shutil.rmtree(child)
        for child in kept.parent.iterdir():
            if child != kept:
                shutil.rmtree(child) if child.is_dir() else child.unlink()
