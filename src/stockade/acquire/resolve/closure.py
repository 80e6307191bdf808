"""What a resolution comes to."""

from __future__ import annotations

from dataclasses import dataclass

from stockade.model.evidence import Gap
from stockade.model.project import Resolved


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """Every release that would be installed, sorted by name, and what could not be known about them.

    `gaps` include, as *scope*, what each Resolved has in its own notes. `notes` are remarks for the reader that
    hold nothing against anyone.
    """

    releases: tuple[Resolved, ...]
    gaps: tuple[Gap, ...] = ()
    notes: tuple[str, ...] = ()
