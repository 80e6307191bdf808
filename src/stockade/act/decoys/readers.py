"""Which process waits to open a file: found in /proc by the system call that it is stopped in (proc(5), syscall)."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from pathlib import Path

from stockade import limits
from stockade.confine.calls import MACHINES
from stockade.model.trap import Reader

_OPENING = ("open", "openat", "openat2", "creat")


def reader_of(path: str, proc: Path = Path("/proc")) -> Reader | None:
    """The process of this user that is stopped in opening `path`, None where none can be seen."""
    machine = MACHINES.get(platform.machine())
    if machine is None:
        return None
    # Which argument is the path: the first of open and creat, the second of the others.
    calls = {
        machine.numbers[name]: 1 if name in {"openat", "openat2"} else 0
        for name in _OPENING
        if name in machine.numbers
    }
    wanted = os.path.realpath(path)
    for number in _processes(proc):
        for task in _names(proc / str(number) / "task"):
            if _opens(proc / str(number), proc / str(number) / "task" / task, calls, wanted):
                return _reader(proc, number)
    return None


def _processes(proc: Path) -> Iterator[int]:
    """The newest first: who opens it has most likely just begun."""
    own = os.getpid()
    yield from sorted(
        (int(name) for name in _names(proc) if name.isdigit() and int(name) != own), reverse=True
    )


def _names(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _opens(process: Path, task: Path, calls: dict[int, int], wanted: str) -> bool:
    try:
        words = (task / "syscall").read_text().split()
        if not words or not words[0].isdigit() or int(words[0]) not in calls:
            return False
        address = int(words[1 + calls[int(words[0])]], 16)
        # Unbuffered: the path may end where the mapping does.
        with (process / "mem").open("rb", buffering=0) as memory:
            memory.seek(address)
            raw = memory.read(limits.MAX_PATH).split(b"\0")[0]
        named = os.fsdecode(raw)
        if not os.path.isabs(named):
            named = os.path.join(os.readlink(process / "cwd"), named)
    except (OSError, ValueError, IndexError, OverflowError):
        return False
    return os.path.realpath(named) == wanted


def _reader(proc: Path, number: int) -> Reader:
    started: list[str] = []
    parent = _parent(proc, number)
    while parent > 1 and len(started) < limits.MAX_LINKS:
        started.append(_command(proc, parent))
        parent = _parent(proc, parent)
    return Reader(
        pid=number,
        command=_command(proc, number),
        folder=_link(proc / str(number) / "cwd"),
        program=_link(proc / str(number) / "exe"),
        started_by=tuple(started),
    )


def _command(proc: Path, number: int) -> str:
    """Its words; what looks like a secret in them is not known to be one, so that the first few alone are told."""
    try:
        words = (proc / str(number) / "cmdline").read_bytes().split(b"\0")[:_WORDS]
    except OSError:
        return ""
    return " ".join(word.decode("utf-8", "backslashreplace") for word in words if word)[: limits.MAX_CLAIM]


def _parent(proc: Path, number: int) -> int:
    try:
        return int((proc / str(number) / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()[1])
    except (OSError, ValueError, IndexError):
        return 0


def _link(path: Path) -> str:
    try:
        return os.readlink(path)
    except OSError:
        return ""


#: Of a command line.
_WORDS = 4
