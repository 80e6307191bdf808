"""Decoy credentials that are planted on a machine, and who opened one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from stockade.model.project import Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Trap:
    """A planted file: an absolute `path`, what it seems to be, its digest, and the folders that were made for it, the
    outermost first."""

    path: str
    what: str
    sha256: Digest
    planted: datetime
    folders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A process that was about to read: its command, and those that started it, the nearest first; all of it is what
    the process says of itself, and attacker's text."""

    pid: int
    command: str
    folder: str = ""
    program: str = ""
    started_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A trap was opened. `reader` is None where the kernel let nobody be named: another user's process, or one that was
    too quick."""

    at: datetime
    trap: Trap
    reader: Reader | None = None
