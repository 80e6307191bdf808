"""Running a probe behind walls: in a fork of the test, so that what the probe does or suffers stays there."""

from __future__ import annotations

import ctypes
import mmap
import os
import signal
from collections.abc import Callable
from dataclasses import replace

import coverage
import msgspec

from stockade.confine import WALLS, Bounds, Filter, Profile, Wall, confine, seccomp
from stockade.workers.process import Child

LIBC = ctypes.CDLL(None, use_errno=True)
NOBODY = 65534
#: What a probe that got through returns; anything else is how it was stopped.
DONE = "done"

Probe = Callable[[], str]


def profile(**bounds: int) -> Profile:
    """A worker's profile with small bounds."""
    sizes = {
        "memory": 256 << 20,
        "stack": 16 << 20,
        "addresses": 16 << 30,
        "cpu": 1,
        "open_files": 0,
        "processes": 0,
    } | bounds
    return Profile(calls=Filter(seccomp.ANALYSING), bounds=Bounds(**sizes))


def without(full: Profile, *walls: str) -> Profile:
    """The mutant that lacks `walls`."""
    assert set(walls) <= set(WALLS)
    return replace(full, walls=full.walls - set(walls))


def users() -> list[int]:
    """The users that tests can be: ourselves, and an ordinary one if we are root."""
    return [0, NOBODY] if os.geteuid() == 0 else [os.geteuid()]


def become(user: int) -> None:
    """Be an ordinary user, for good."""
    if os.geteuid() != user:
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)
        # Changing users made this process undumpable, which is a wall of its own.
        LIBC.prctl(4, 1, 0, 0, 0)


def behind(
    walls: Profile | None,
    probe: Probe,
    *,
    user: int | None = None,
    seconds: float = 20.0,
    measured: bool = False,
) -> str:
    """What `probe` says behind `walls` (None: none), or how it ended: "refused: …", "killed by SIG…".

    A probe that replaces its program is done where that program ends with 0. With `measured` the lines that
    it went through count for coverage, where that is on and no wall forbids to write them down.
    """
    with mmap.mmap(-1, 1 << 16) as said:
        parent = os.getpid()
        pid = os.fork()
        if not pid:
            _run(walls, probe, said, parent, os.geteuid() if user is None else user, measured)
        child = Child(pid)
        try:
            child.wait(seconds)
        finally:
            child.end()
        text = said[:].rstrip(b"\0").decode()
    if child.code == -signal.SIGKILL and not text:
        return "killed by SIGKILL"
    if child.code and child.code < 0:
        return f"killed by {signal.Signals(-child.code).name}"
    return text or (DONE if child.code == 0 else f"ended with {child.code}")


def _run(
    walls: Profile | None, probe: Probe, said: mmap.mmap, parent: int, user: int, measured: bool
) -> None:
    code = 1
    try:
        become(user)
        if walls is not None:
            confine(walls, parent=parent)
        text = probe()
        code = 0
    except OSError as why:
        text = f"refused: {why.strerror}"
    except MemoryError:
        text = "no memory"
    except BaseException as why:
        text = f"raised {why!r}"
    finally:
        said[: len(text.encode())] = text.encode()
        running = coverage.Coverage.current() if measured else None
        if running is not None:
            running.stop()
            running.save()
        os._exit(code)


def as_user(user: int, run: Probe, *, seconds: float = 60.0) -> str:
    """What `run` says in a fork that belongs to `user`, without walls."""
    return behind(None, run, user=user, seconds=seconds)


def walls_behind(walls: Profile, *, user: int | None = None) -> tuple[Wall, ...]:
    """What confine() says of itself in a fork."""

    def run() -> str:
        return msgspec.json.encode(confine(walls)).decode()

    return msgspec.json.decode(behind(None, run, user=user), type=tuple[Wall, ...])
