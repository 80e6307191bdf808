"""Jupyter's kernels: files that say which interpreter runs a notebook."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from stockade import limits
from stockade.acquire.environments.files import names, read, reason
from stockade.acquire.environments.layout import Note


def kernels(folders: Iterable[str], note: Note) -> Iterator[str]:
    """The programs of the kernels below each data folder of Jupyter, as ``kernel.json`` names them by full path."""
    import msgspec

    for folder in folders:
        place = os.path.join(folder, "kernels")
        try:
            held = names(place)
        except OSError as why:
            note(f"{place} cannot be read: {reason(why)}.")
            continue
        for one in held:
            path = os.path.join(one.path, "kernel.json")
            try:
                said = msgspec.json.decode(read(path, limits.MAX_MARK))
            except (FileNotFoundError, NotADirectoryError):
                continue
            except OSError as why:
                note(f"{path} cannot be read: {reason(why)}.")
                continue
            except (msgspec.MsgspecError, RecursionError):
                note(f"{path} is no JSON; which interpreter it starts is not known.")
                continue
            argv = said.get("argv") if isinstance(said, dict) else None
            if isinstance(argv, list) and argv and isinstance(argv[0], str) and os.path.isabs(argv[0]):
                yield argv[0]
