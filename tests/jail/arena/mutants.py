"""Jails that lack a wall."""

from __future__ import annotations

from collections.abc import Sequence


def leave_out(walls: Sequence[str]) -> None:
    """Take walls out of the launcher, in this process and for good."""
    for _ in walls:
        raise NotImplementedError
