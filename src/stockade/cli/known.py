"""Which reference of known projects, and which table of well-known names, a run uses."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from stockade.acquire.reference_file import mapped, shipped, shipped_names
from stockade.analyse.identity.names import Names
from stockade.analyse.identity.reference import Reference
from stockade.errors import BadReference, StockadeError
from stockade.remember import folders

NONE = "none"


@dataclass(frozen=True, slots=True)
class Found:
    """A reference, and the file that it is in."""

    reference: Reference
    source: Path


def reference(chosen: str | None, notes: list[str]) -> Found | None:
    """The reference that a person named, else the one built here, else the one that ships; None for ``none``.

    One that was named must be right (NotFound, BadReference, StoreFailed). What is wrong with another is a note, and
    that copies of known projects go unseen without any is one too.
    """
    if chosen == NONE:
        return None
    if chosen is not None:
        try:
            return Found(Reference(mapped(Path(chosen))), Path(chosen))
        except BadReference as why:
            raise BadReference(f"{chosen} cannot be used: {why}") from None
    built = folders.reference_path(os.environ)
    for path in (built if built.exists() else None, shipped()):
        if path is None:
            continue
        try:
            return Found(Reference(mapped(path)), path)
        except StockadeError as why:
            notes.append(
                f"a reference of known projects is not used, since {why}; `stockade reference build` makes it again"
                f" ({path})"
            )
    notes.append(
        "there is no reference of known projects, so that copies of them are not recognised;"
        " `stockade reference build` makes one"
    )
    return None


def names(notes: list[str]) -> Names:
    """The table of well-known names: the one that was refreshed here, else the one that ships.

    What is wrong with the first is a note; raises BadReference where the second is damaged.
    """
    own = folders.names_path(os.environ)
    if own.exists():
        try:
            return Names(mapped(own))
        except StockadeError as why:
            notes.append(f"{own} is not used, since {why}; `stockade reference update` makes it again")
    return Names(mapped(shipped_names()))
