"""The ground that escapees run on: namespaces, a home, services and a canary of the test's own, all gone when it ends.

It is the outer safety of this suite. Whatever gets out of the jail stands in here: in a network that leads nowhere,
among processes that are the test's, before a home in memory where only planted secrets lie, under bounds of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[3]
#: An ordinary user that no machine has; not the one that the kernel shows for those it cannot name.
ORDINARY = 65432


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """One run: which escapee, behind what. `mechanism` is "" for none at all; `without` names walls to leave out."""

    escapee: str
    mechanism: str = ""
    user: int = 0
    abi: int = 0  #: the Landlock that the kernel pretends to speak at most; 0 for what it is
    namespaces: bool = True  #: whether the kernel lets anybody make some
    without: Sequence[str] = ()
    limit: int = 0
    ceiling: str = ""  #: the field of Ceilings that `limit` is put in
    bubblewrap: str = ""  #: its program
    linked: bool = False  #: the writable folder project/cache is a link to the home when the jail is built


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of it: as told by the escapee, and as seen from outside."""

    code: int | None  #: as the launcher gave it; -1 where there was no jail, None where it ran out of time
    said: str
    errors: str
    got: bool  #: the planted secret is in what was said
    changed: list[str] = field(default_factory=list)  #: what is not as it was outside
    walls: dict[str, str] = field(
        default_factory=dict
    )  #: those of this jail, and why they do not stand if so
    refused: str = ""  #: why there was no jail
    seconds: float = 0.0
