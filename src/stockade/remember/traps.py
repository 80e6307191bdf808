"""Which decoys are planted on this machine: a file of their owner's alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from stockade import limits
from stockade.errors import StoreFailed
from stockade.model.trap import Trap
from stockade.remember.files import PRIVATE, replace, saying_where

_NAME = "decoys.json"


def traps(folder: Path) -> tuple[Trap, ...]:
    """Those that are planted; raises StoreFailed where the file cannot be read, or is damaged."""
    path = folder / _NAME
    try:
        with path.open("rb") as file:
            data = file.read(limits.MAX_POLICY + 1)
        return msgspec.json.decode(data, type=tuple[Trap, ...])
    except FileNotFoundError:
        return ()
    except OSError as why:
        raise StoreFailed(f"{path} cannot be read: {why.strerror}") from None
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise StoreFailed(f"{path} is damaged; the decoys that it names are still where they were") from None


def keep_traps(folder: Path, those: Sequence[Trap]) -> None:
    """Write them down, whole; raises StoreFailed."""
    path = folder / _NAME
    with saying_where(path):
        folder.mkdir(parents=True, exist_ok=True)
        replace(path, msgspec.json.format(msgspec.json.encode(tuple(those)), indent=1) + b"\n", mode=PRIVATE)
