"""What is remembered of the files of environments, so that only changed ones are digested again.

Whoever could write here could say of a changed file that it is known: a file that is not ours alone is not believed.
Losing it costs time, nothing else.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from stockade import limits
from stockade.model.environment import Stamp
from stockade.remember.files import PRIVATE, replace
from stockade.remember.ours import make_private_folder, only_ours

_FOLDER = "environments-1"
_ENDING = ".msgpack"
_FLAGS = (
    os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
)


class StampStore:
    """Stamps of environments, one file each, in the cache folder; `note` hears what goes wrong, nothing is raised.

    Each file is replaced whole, so that of two audits at once the later one's stands, and none is ever half written.
    """

    def __init__(self, cache: Path, *, note: Callable[[str], None]) -> None:
        self._folder = cache / _FOLDER
        self._note = note

    def load(self, key: str) -> Mapping[str, Stamp]:
        """The stamps kept under `key`; none where there are none, or where they cannot be believed."""
        import msgspec

        path = self._path(key)
        try:
            only_ours(self._folder.lstat())
            number = os.open(path, _FLAGS)
            with open(number, "rb") as file:
                only_ours(os.fstat(number))
                raw = file.read(limits.MAX_STAMPS + 1)
        except (FileNotFoundError, NotADirectoryError):
            return {}
        except OSError as why:
            self._note(f"{path} is not used: {why.strerror}.")
            return {}
        try:
            found = msgspec.msgpack.decode(raw, type=dict[str, Stamp])
        except (msgspec.MsgspecError, RecursionError):
            self._note(f"{path} is damaged; the files of that environment are digested anew.")
            return {}
        return found

    def keep(self, key: str, stamps: Mapping[str, Stamp]) -> None:
        """Keep `stamps` under `key` in place of what was there."""
        import msgspec

        # A name that is no UTF-8 has no place in msgpack; such a file is digested each time.
        held = {path: stamp for path, stamp in stamps.items() if path.isascii() or _encodable(path)}
        raw = msgspec.msgpack.encode(held)
        path = self._path(key)
        if len(raw) > limits.MAX_STAMPS:
            self._note(f"{path} would be larger than {limits.MAX_STAMPS >> 20} MiB and was not written.")
            return
        try:
            make_private_folder(self._folder)
            replace(path, raw, mode=PRIVATE)
            self._sweep()
        except OSError as why:
            self._note(f"{path} cannot be written: {why.strerror}; the next audit digests all files again.")

    def _path(self, key: str) -> Path:
        return self._folder / (
            hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()[:32] + _ENDING
        )

    def _sweep(self) -> None:
        """Let those of environments go that were not audited for the longest time."""
        held = [one for one in self._folder.iterdir() if one.name.endswith(_ENDING)]
        if len(held) <= limits.MAX_STAMPED:
            return
        ages: dict[Path, float] = {}
        for one in held:
            with contextlib.suppress(OSError):
                ages[one] = one.stat().st_mtime
        for one in sorted(ages, key=ages.__getitem__)[: len(held) - limits.MAX_STAMPED]:
            one.unlink(missing_ok=True)


def _encodable(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True
