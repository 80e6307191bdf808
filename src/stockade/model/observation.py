"""What was seen of something that was run behind walls, among decoys and in a network that leads nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from stockade.model.evidence import Gap
from stockade.model.project import Digest


class Stage(StrEnum):
    """What was being done to the artifact, in this order."""

    BUILD = "build"  #: PEP 517
    INSTALL = "install"
    STARTUP = "startup"  #: an interpreter is started: .pth, .start, sitecustomize
    IMPORT = "import"  #: each top-level module
    SCRIPT = "script"  #: each console script, with --help
    TOUCH = "touch"  #: public classes are constructed, public functions called, with decoys as arguments


class Act(StrEnum):
    """What kind of thing a process did."""

    READ = "read"  #: a file was opened for reading
    WRITE = "write"  #: a file was opened for writing, made, renamed or removed
    EXECUTE = "execute"
    CONNECT = "connect"
    SEND = "send"
    PROCESS = "process"  #: a process was started or ended
    COLOUR = "colour"  #: the interpreter's own audit event: never proof, since the artifact can forge it


#: See `Decoy.meant`.
ANYBODY, IN_HEADER = "*", "header"
#: What `Decoy.where` begins with where it was handed to a call of the artifact.
ARGUMENT = "an argument"
#: `Decoy.what` of one that says whose a key is, and is no secret.
IDENTIFIER = "access key id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoy:
    """A secret that opens nothing. `marker` occurs nowhere else in this run; `where` is the file (below the throwaway
    home: ``~/.aws/credentials``), variable or address that it lies in; `what` completes "the decoy …".

    `meant` are the hosts that an honest program takes it to (``.example.org``: those below it too). In it, `ANYBODY`
    stands for whomever a call that it is handed to has to do with, and `IN_HEADER` for the same as long as it is in the
    head of a request, where a client says who it is.
    """

    marker: bytes
    where: str
    what: str
    meant: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that a process did, as the kernel said from outside. `seconds` since the start; `what` is the
    attacker's text (a path, a command, an address), unescaped and bounded; `failed` is the error's name or ""."""

    seconds: float
    stage: Stage
    act: Act
    what: str
    process: int = 0
    failed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """What one connection, or one datagram, carried to the network that leads nowhere.

    `protocol` is ``dns``, ``http``, ``https``, ``smtp``, ``tcp`` or ``udp``; `host` the name that was asked for, or the
    address; `sent` the bytes as they came, inside of TLS where there is TLS, bounded (`cut` says that there was more);
    `summary` one line of the attacker's text (``POST /collect``), unescaped.
    """

    seconds: float
    stage: Stage
    protocol: str
    host: str
    port: int
    sent: bytes
    summary: str = ""
    cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """A file that was left behind: its path, size in bytes and digest."""

    path: str
    size: int
    sha256: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """One thing that was run: `what` (``import clock_drift``), its exit code (None: stopped for taking too long)."""

    seconds: float
    stage: Stage
    what: str
    code: int | None
    took: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """Everything that was seen of one artifact. Like findings it belongs to a digest; unlike them it is one run's, and
    another run may see more. `walls` are those that stood; `gaps` say what could not be tried."""

    filename: str
    sha256: Digest
    started: datetime
    walls: tuple[str, ...] = ()
    decoys: tuple[Decoy, ...] = ()
    ran: tuple[Ran, ...] = ()
    events: tuple[Event, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    gaps: tuple[Gap, ...] = ()
