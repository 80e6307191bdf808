"""What was seen of an artifact that was run, in the words that detectors ask in."""

from __future__ import annotations

from dataclasses import dataclass

from stockade.model.evidence import Phase
from stockade.model.observation import Decoy, Exchange, Stage

#: When each stage would have happened on somebody's machine.
PHASES = {
    Stage.BUILD: Phase.INSTALL,
    Stage.INSTALL: Phase.INSTALL,
    Stage.STARTUP: Phase.STARTUP,
    Stage.IMPORT: Phase.IMPORT,
    Stage.SCRIPT: Phase.ENTRY,
    Stage.TOUCH: Phase.CALL,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """A decoy that an exchange carried, and `how` it was disguised, from outside to inside ("base64, gzip"); "" is
    plain. Of one that came in pieces it is the last exchange. `part` is where in it: ``target``, ``header``, ``body``,
    ``name`` or ``data``."""

    exchange: Exchange
    decoy: Decoy
    part: str
    how: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stolen:
    """A decoy that went to somebody whom no honest program would send it to."""

    decoy: Decoy
    exchange: Exchange
    how: str
    phase: Phase


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOn:
    """A signing key that was handed to a class, and left in the body of a request: seldom honest."""

    decoy: Decoy
    exchange: Exchange
    how: str
    phase: Phase


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """Files with decoys that were opened in one phase, sorted: each once, as ``~/…``."""

    files: tuple[str, ...]
    phase: Phase


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedMachine:
    """The metadata service at `address` was asked, for `what`."""

    address: str
    what: str
    phase: Phase


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """A file that was written in this very run, and then executed."""

    path: str
    command: str
    phase: Phase


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A file was written that is run each time somebody logs in, opens a terminal or starts Python."""

    path: str
    phase: Phase
