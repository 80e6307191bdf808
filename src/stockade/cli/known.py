"""Which reference of known projects a run uses."""

from __future__ import annotations

import os
from pathlib import Path

from stockade.acquire.reference_file import mapped, shipped
from stockade.analyse.identity.reference import Reference
from stockade.errors import BadReference, StockadeError
from stockade.remember import folders

NONE = "none"


def reference(chosen: str | None, notes: list[str]) -> Reference | None:
    """The reference that a person named, else the one built here, else the one that ships; None for ``none``.

    One that was named must be right (NotFound, BadReference, StoreFailed). What is wrong with another is a note, and
    that copies of known projects go unseen without any is one too.
    """
    if chosen == NONE:
        return None
    if chosen is not None:
        return _opened(Path(chosen))
    built = folders.reference_path(os.environ)
    for path in (built if built.exists() else None, shipped()):
        if path is None:
            continue
        try:
            return _opened(path)
        except StockadeError as why:
            notes.append(f"{why}; {why.hint[0].lower()}{why.hint[1:]}")
    notes.append(
        "there is no reference of known projects, so that copies of them are not recognised;"
        " `stockade reference build` makes one"
    )
    return None


def _opened(path: Path) -> Reference:
    try:
        return Reference(mapped(path))
    except BadReference as why:
        raise BadReference(f"{path} cannot be used: {why}") from None
