"""Which credentials a package could have taken, and why that is thought."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from stockade.model.credential import Credential
from stockade.model.project import Release


class Level(StrEnum):
    """How near a credential was, the nearest first. "Could read", never "read": only an observation shows that."""

    PASSED = "passed"  #: code that imports the package names it: it was handed over by its own user
    ENVIRONMENT = "in the environment"  #: a variable, which every program started from there is given
    READABLE = "readable"  #: it lay where whoever ran as this user could read it
    LOCKED = "readable, locked"  #: the same, and a passphrase is needed to use it
    NOT = "not exposed"

    @property
    def rank(self) -> int:
        """0 for the nearest."""
        return _RANK[self]


_RANK = {level: number for number, level in enumerate(Level)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stayed:
    """A release on this machine: `place` is an environment, or whom a gate gave it to; `gone` is when it was first
    missed there, None while it is there, or nobody knows that it went."""

    release: Release
    place: str
    first: datetime
    last: datetime
    gone: datetime | None = None
    by: str = ""
    command: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A file of somebody's own that imports the package: ``~/jobs/train.py``, and the names in it of `credentials`, by
    their number in the list that was given."""

    where: str
    line: int
    names: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """One credential, how near it was, why, and what makes it worthless: commands or steps, in their order."""

    credential: Credential
    level: Level
    why: tuple[str, ...]
    steps: tuple[str, ...] = ()
