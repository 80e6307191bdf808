"""What uv is shown through the window."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pane:
    """One release as uv is shown it. `yanked` as in PEP 592: None where it isn't."""

    version: str
    requires_python: str | None = None
    yanked: str | None = None
