"""What exactly is to stand around one command on this machine: a profile with every path and variable looked up.

A plan knows nothing of the mechanism that builds it (bubblewrap, or Landlock with seccomp).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class Kind(StrEnum):
    """What lies at a path of the jail."""

    READ = "read"  #: the source, read-only
    WRITE = "write"  #: the source, writable
    EMPTY = "empty"  #: a folder in memory, of its own
    HIDDEN = "hidden"  #: nothing, although something around it is shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Mount:
    """One path of the jail; the later of two that overlap wins. `source` is None where it has none."""

    kind: Kind
    target: Path
    source: Path | None = None


class Network(StrEnum):
    """What can be reached."""

    HOST = "host"  #: everything, as without walls
    NONE = "none"  #: a loopback of its own, and nobody on it but who the plan's listeners belong to


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """A socket that is made inside of the jail's network and handed out: who accepts on it lives outside. This is the
    only way out of ``Network.NONE``."""

    address: str
    port: int
    stream: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceilings:
    """Bounds on what the command may use; None is none. Bytes, seconds, numbers. `scratch` is for each folder in
    memory."""

    seconds: float | None = None
    cpu: int | None = None
    memory: int | None = None
    file_size: int | None = None
    open_files: int | None = None
    processes: int | None = None
    scratch: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything around one command. `environment` is all of it. `everywhere`: every IPv4 address is the jail's own, so
    that whatever is connected to comes to a listener of that port (``Network.NONE`` only). `watch`: the calls that
    an observer wants to see are announced to it (seccomp_unotify(2))."""

    mounts: Sequence[Mount]
    environment: Mapping[str, str]
    folder: Path
    network: Network = Network.NONE
    listeners: Sequence[Listener] = ()
    everywhere: bool = False
    watch: bool = False
    host_name: str = "localhost"
    ceilings: Ceilings = field(default_factory=Ceilings)
