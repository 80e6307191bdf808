"""Start a command behind the walls of a plan.

    launch(plan, command) -> Inmate

The process that is forked makes the jail's network and hands its listeners out, then bubblewrap, or Landlock with
seccomp, builds the other walls around the command. Nothing of ours runs inside of them.
"""

from __future__ import annotations

import os
import signal
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import replace
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import IO, NoReturn

from stockade.acquire.jail import bubblewrap, inside, own, paths, walls, within
from stockade.acquire.jail.crowd import Crowd
from stockade.acquire.jail.inmate import Inmate, removed
from stockade.acquire.jail.inside import Order
from stockade.acquire.jail.plan import Kind, Mount, Plan
from stockade.acquire.jail.walls import Channel, News
from stockade.confine import Wall
from stockade.confine.kernel import Kernel, Linux
from stockade.errors import JailFailed, JailUnsupported

__all__ = ["DEVNULL", "Inmate", "Mechanism", "Stream", "available", "launch"]

#: As in subprocess, which is not imported for it.
DEVNULL = -3
_PIDFD_GETFD = 438  # the same on every architecture

Stream = int | IO[bytes] | IO[str] | None
Way = Callable[[Order, Channel], NoReturn]
Consent = Callable[[tuple[Wall, ...]], None]


class Mechanism(StrEnum):
    """What builds the walls."""

    BUBBLEWRAP = "bubblewrap"
    LANDLOCK = "landlock"


def available(mechanism: str | None, environ: Mapping[str, str]) -> tuple[Mechanism, str]:
    """The mechanism to use and, for bubblewrap, its program; raises JailUnsupported."""
    if sys.platform != "linux":
        raise JailUnsupported(f"jails are built of what Linux offers, and this is {sys.platform}")
    found = bubblewrap.find(environ) if mechanism != Mechanism.LANDLOCK else None
    if found:
        return Mechanism.BUBBLEWRAP, found
    if mechanism == Mechanism.BUBBLEWRAP:
        raise JailUnsupported("bubblewrap is not installed here")
    return Mechanism.LANDLOCK, ""


def launch(
    plan: Plan,
    command: Sequence[str],
    *,
    stdin: Stream = None,
    stdout: Stream = None,
    stderr: Stream = None,
    mechanism: str | None = None,
    terminal: int | None = None,
    consent: Consent | None = None,
    kernel: Kernel | None = None,
) -> Inmate:
    """Start `command` behind the plan's walls. Streams are as subprocess takes them, but for PIPE. `terminal` is a
    descriptor that becomes its controlling terminal. `mechanism` is bubblewrap if there is one, else landlock.

    The command ends with the thread that called this. `consent` is asked, before it begins, what it makes of the walls
    that stand; what it raises ends all. Raises JailUnsupported, JailFailed.
    """
    chosen, program = available(mechanism, os.environ)
    plan = replace(plan, mounts=paths.without_links(plan.mounts))
    with ExitStack() as mine, ExitStack() as on_failure:
        folders: list[Path] = []
        on_failure.callback(_remove, folders)
        if chosen is Mechanism.LANDLOCK:
            plan = _in_folders(plan, folders)
        order = Order(
            plan=plan,
            command=tuple(command),
            streams=_streams((stdin, stdout, stderr), mine),
            terminal=terminal,
            kernel=kernel or Linux(),
            parent=os.getpid(),
        )
        inmate = _behind(program, order, mine, consent) if program else _alone(order, folders, mine, consent)
        on_failure.pop_all()
        return inmate


def _behind(program: str, order: Order, mine: ExitStack, consent: Consent | None) -> Inmate:
    """By bubblewrap: where processes are counted, it waits until they are."""
    status, told = _pipe(mine, keep_reader=True)
    handed = {"--json-status-fd": told}
    gate, opener = _pipe(mine)
    gated = consent is not None or order.plan.ceilings.processes is not None
    if gated:
        handed["--block-fd"] = gate
    try:
        pid, news = _born(order, partial(within.start, program, handed))
    except JailFailed:
        os.close(status)
        raise
    finally:
        os.close(told)
    inmate = _inmate(order, pid, news, status=status)
    if gated:
        opener = os.dup(opener)
        if order.plan.watch:
            from threading import Thread

            # It gets no further until the observer lets it.
            Thread(target=_admit, args=(inmate, order.plan, opener, consent), daemon=True).start()
        else:
            _admit(inmate, order.plan, opener, consent)
    return inmate


def _alone(order: Order, folders: Sequence[Path], mine: ExitStack, consent: Consent | None) -> Inmate:
    """By ourselves."""
    gate, opener = _pipe(mine)
    pid, news = _born(order, partial(own.start, gate))
    inmate = _inmate(order, pid, news, command=news.pid, folders=folders)
    _admit(inmate, order.plan, os.dup(opener), consent)
    return inmate


def _born(order: Order, way: Way) -> tuple[int, News]:
    """Fork, and listen until the walls stand; raises JailFailed."""
    ours, theirs = walls.channel()
    with ours:
        with theirs:
            pid = _forked()
            if not pid:
                inside.begin(order, theirs, way)
        news = walls.listen(ours, len(order.plan.listeners))
    if news.failed or not (news.ready or news.listener is not None):
        for one in news.sockets:
            one.close()
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        raise JailFailed(f"the jail could not be built: {news.failed or 'its first process died'}")
    return pid, news


def _forked() -> int:
    with warnings.catch_warnings():
        # The child makes system calls and executes something else: it takes no lock that a thread may hold.
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            return os.fork()
        except OSError as why:
            raise JailFailed(f"no process could be forked: {why.strerror}") from None


def _inmate(
    order: Order,
    pid: int,
    news: News,
    *,
    command: int | None = None,
    status: int | None = None,
    folders: Sequence[Path] = (),
) -> Inmate:
    raised = news.raised
    if order.plan.ceilings.processes is not None:
        raised.up(walls.PROCESSES)
    listener = None
    if news.listener is not None:
        listener = _taken(order.kernel, news.pid, news.listener)
    return Inmate(
        pid,
        sockets=news.sockets,
        listener=listener,
        walls=raised.walls(),
        command=command,
        status=status,
        seconds=order.plan.ceilings.seconds,
        folders=tuple(folders),
    )


def _taken(kernel: Kernel, pid: int, number: int) -> int:
    """A copy of another process's descriptor (pidfd_getfd(2))."""
    handle = os.pidfd_open(pid)
    try:
        return kernel.syscall(_PIDFD_GETFD, handle, number, 0)
    except OSError as why:
        raise JailFailed(f"nothing can be observed here: {why.strerror}") from None
    finally:
        os.close(handle)


def _admit(inmate: Inmate, plan: Plan, opener: int, consent: Consent | None) -> None:
    """Count its processes from the first on, then let it begin."""
    begun = False
    try:
        first = inmate.first() or inmate.command()
        if plan.ceilings.processes is not None and first is not None:
            inmate.crowd = Crowd(first, plan.ceilings.processes)
            if inmate.crowd.why:
                inmate.walls = tuple(
                    Wall(one.name, False, inmate.crowd.why) if one.name == walls.PROCESSES else one
                    for one in inmate.walls
                )
        if consent is not None:
            consent(inmate.walls)
        begun = True
        with suppress(BrokenPipeError):
            os.write(opener, b"!")
    finally:
        if not begun:  # before it can take the end of the pipe for a yes
            inmate.close()
        os.close(opener)


def _pipe(mine: ExitStack, *, keep_reader: bool = False) -> tuple[int, int]:
    """A pipe, to be closed with `mine`, but for a reader that is kept and a writer that the caller closes then."""
    reader, writer = os.pipe()
    if not keep_reader:
        mine.callback(os.close, reader)
        mine.callback(os.close, writer)
    return reader, writer


def _streams(given: Sequence[Stream], mine: ExitStack) -> tuple[int, int, int]:
    found: list[int] = []
    for number, stream in enumerate(given):
        if stream is None:
            found.append(number)
        elif stream == DEVNULL:
            nothing = os.open(os.devnull, os.O_RDWR)
            mine.callback(os.close, nothing)
            found.append(nothing)
        else:
            found.append(stream if isinstance(stream, int) else stream.fileno())
    return found[0], found[1], found[2]


def _in_folders(plan: Plan, made: list[Path]) -> Plan:
    """The plan with folders of this machine for those in memory, which only bubblewrap can make. Variables that name
    one of them name its stand-in."""
    mounts: list[Mount] = []
    instead: dict[str, str] = {}
    for mount in plan.mounts:
        if mount.kind is not Kind.EMPTY:
            mounts.append(mount)
            continue
        folder = _new_folder()
        made.append(folder)
        instead[str(mount.target)] = str(folder)
        mounts.append(Mount(kind=Kind.HIDDEN, target=mount.target))
    # Last, for they lie where such a folder was wanted.
    mounts += [Mount(kind=Kind.WRITE, target=folder, source=folder) for folder in made]
    targets = {str(mount.target) for mount in plan.mounts}

    def moved(path: str) -> str:
        around = path if path.startswith("/") and ":" not in path else ""
        while around and around not in targets:
            around = around.rpartition("/")[0]
        return instead[around] + path[len(around) :] if around in instead else path

    environment = {name: moved(value) for name, value in plan.environment.items()}
    return replace(plan, mounts=mounts, environment=environment, folder=Path(moved(str(plan.folder))))


def _new_folder() -> Path:
    """One that nobody else knows or may enter. (tempfile makes the same, and takes long to import.)"""
    around = os.path.realpath(os.environ.get("TMPDIR") or "/tmp")  # noqa: S108 - made with a name of its own
    folder = Path(around) / f"stockade-jail-{os.urandom(8).hex()}"
    folder.mkdir(mode=0o700)
    return folder


def _remove(folders: Sequence[Path]) -> None:
    for folder in folders:
        removed(folder)
