"""What a resolution comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from packaging.version import Version

from stockade.model.evidence import Gap
from stockade.model.project import ProjectName, Resolved


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """Every release that would be installed, sorted by name, and what could not be known about them.

    `gaps` include, as *scope*, what each Resolved has in its own notes. `notes` are remarks for the reader that
    hold nothing against anyone. `hidden` is the highest release of each project that was too young to be taken.
    """

    releases: tuple[Resolved, ...]
    gaps: tuple[Gap, ...] = ()
    notes: tuple[str, ...] = ()
    hidden: Mapping[ProjectName, Version] = field(default_factory=dict)
