"""Jails for tests: small plans, on every mechanism, and commands that say what they found."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from stockade.acquire.jail.launch import DEVNULL, launch
from stockade.acquire.jail.plan import Ceilings, Kind, Listener, Mount, Network, Plan
from stockade.confine import Wall

SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib64", "/etc/passwd", "/etc/ld.so.cache", "/etc/alternatives")
MECHANISMS = ("bubblewrap", "landlock")


@dataclass(frozen=True, slots=True)
class Told:
    """How a jailed command ended, what it said, and which walls stood."""

    code: int
    said: str
    walls: tuple[Wall, ...]


def plan(
    *mounts: Mount,
    folder: Path = Path("/"),
    network: Network = Network.NONE,
    listeners: Sequence[Listener] = (),
    ceilings: Ceilings | None = None,
    everywhere: bool = False,
    environment: dict[str, str] | None = None,
) -> Plan:
    """The system to read, and `mounts`."""
    system = [shown(Path(path)) for path in SYSTEM if Path(path).exists()]
    return Plan(
        mounts=[*system, *mounts],
        environment={"PATH": "/usr/bin:/bin", **(environment or {})},
        folder=folder,
        network=network,
        listeners=listeners,
        everywhere=everywhere,
        ceilings=ceilings or Ceilings(),
    )


def shown(path: Path) -> Mount:
    return Mount(kind=Kind.READ, target=path, source=path)


def writable(path: Path) -> Mount:
    return Mount(kind=Kind.WRITE, target=path, source=path)


def jailed(mechanism: str, around: Plan, *command: str, seconds: float = 60) -> Told:
    """Run a command to its end."""
    with tempfile.TemporaryFile() as said:
        with launch(around, command, stdin=DEVNULL, stdout=said, stderr=said, mechanism=mechanism) as inmate:
            code = inmate.wait(seconds)
        said.seek(0)
        return Told(code, said.read().decode("utf-8", "replace"), inmate.walls)


def alive(pid: int) -> bool:
    """Whether there is such a process, and it has not ended."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    except OSError:
        return False


def descriptors() -> int:
    """How many this process has open."""
    return len(os.listdir("/proc/self/fd"))
