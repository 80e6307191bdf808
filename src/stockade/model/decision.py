"""What is done about an assessment, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum


@dataclass(frozen=True, slots=True)
class Allow:
    """It may run here."""

    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ask:
    """A person must decide."""

    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Undetermined:
    """It could not be judged, and policy does not accept that."""

    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """It must not run here."""

    reasons: tuple[str, ...]


Decision = Allow | Ask | Undetermined | Block


def action(decision: Decision) -> str:
    """The word that reports use: ``allow``, ``ask``, ``undetermined`` or ``block``."""
    return type(decision).__name__.lower()


class Exit(IntEnum):
    """The documented exit codes (docs/exit-codes.md)."""

    ALLOWED = 0
    INTERNAL = 1
    USAGE = 2
    NOTHING = 3
    BLOCKED = 10
    UNDETERMINED = 11
    ASK = 12


_EXITS: tuple[tuple[type, Exit], ...] = (
    (Block, Exit.BLOCKED),
    (Undetermined, Exit.UNDETERMINED),
    (Ask, Exit.ASK),
)


def exit_code(decisions: Iterable[Decision]) -> Exit:
    """The code for several decisions: 10 before 11 before 12 before 0; 3 for none at all."""
    made = list(decisions)
    if not made:
        return Exit.NOTHING
    for kind, code in _EXITS:
        if any(isinstance(one, kind) for one in made):
            return code
    return Exit.ALLOWED
