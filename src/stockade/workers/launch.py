"""From a plain fork of the parent to a warm, confined process: dropped, warmed, walled in, serving."""

from __future__ import annotations

import ctypes
import fcntl
import gc
import mmap
import os
import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import NoReturn

import msgspec

from stockade import limits
from stockade.confine import Bounds, Filter, Profile, Wall, confine, seccomp
from stockade.confine.kernel import Linux
from stockade.errors import WorkerFailed
from stockade.workers import child, wire
from stockade.workers.child import Analyse, Work
from stockade.workers.process import Child
from stockade.workers.zygote import Zygote


def worker_profile(*, seconds: float = limits.WORKER_SECONDS, memory: int = limits.WORKER_MEMORY) -> Profile:
    """For a process that reads hostile bytes: `seconds` of processor time, `memory` bytes, nothing else."""
    return Profile(
        calls=Filter(seccomp.ANALYSING),
        bounds=Bounds(
            memory=memory,
            stack=limits.WORKER_STACK,
            addresses=limits.WORKER_ADDRESSES,
            cpu=int(seconds) + 1,
            open_files=0,
            processes=0,
        ),
    )


def warm_profile() -> Profile:
    """For the process that forks them."""
    return Profile(calls=Filter(seccomp.FORKING), bounds=Bounds(open_files=1024))


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """What to start. `load` imports and compiles all that analysis may need and returns the analyser.

    It runs in the new process, before that is confined; afterwards no file can be opened.
    """

    load: Callable[[], Analyse]
    options: object
    worker: Profile = field(default_factory=worker_profile)
    warm: Profile = field(default_factory=warm_profile)
    confine: Callable[..., tuple[Wall, ...]] = confine
    trial: Callable[..., object] = child.rehearse


def start(
    launch: Launch, *, fork: Callable[[], int] = os.fork, run: Callable[..., NoReturn] | None = None
) -> tuple[Child, socket.socket]:
    """Fork the warm process; returns it and the parent's end of its socket, at once.

    The parent should have one thread, no secrets in memory yet and no connection open, because a fork
    inherits its memory. The warm process is killed when the thread that called this ends.
    """
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    parent = os.getpid()
    try:
        pid = _frozen(fork)
    except OSError as why:
        ours.close()
        theirs.close()
        raise WorkerFailed(f"no process could be forked for the analyser: {why.strerror}") from None
    if not pid:
        ours.close()
        (run or main)(launch, theirs, parent)
    theirs.close()
    return Child(pid), ours


def _frozen(fork: Callable[[], int]) -> int:
    """Fork with what exists kept out of the collector's way, in both, so that fewer pages are copied."""
    collecting = gc.isenabled()
    gc.disable()
    gc.freeze()
    pid = -1
    try:
        pid = fork()
    finally:
        if pid:
            gc.unfreeze()
            if collecting:
                gc.enable()
    return pid


def main(
    launch: Launch,
    control: socket.socket,
    parent: int,
    *,
    drop: Callable[[socket.socket], socket.socket] | None = None,
    leave: Callable[[int], NoReturn] = os._exit,
) -> NoReturn:
    """The warm process, from its first line to its last."""
    code = 1
    try:
        control = (drop or drop_everything)(control)
        serve(launch, control, parent)
        code = 0
    finally:
        why = sys.exc_info()[1]
        try:
            if why is not None:
                last_words(control, why)
        finally:
            leave(code)


def serve(launch: Launch, control: socket.socket, parent: int) -> None:
    """Warm up, confine, rehearse, and fork workers until the parent closes its end."""
    # 1. Import and compile, while files can still be read.
    analyse = launch.load()
    space = mmap.mmap(-1, limits.MAX_MESSAGE)
    gc.freeze()
    # 2. Walls around this process; a worker adds its own inside them.
    kernel = Linux()
    launch.worker.prepare(kernel)
    around = launch.confine(launch.warm, parent=parent, kernel=kernel)
    work = Work(
        analyse=analyse,
        options=launch.options,
        profile=launch.worker.inside(around),
        walls=partial(confine, kernel=kernel),
    )
    # 3. One worker that does nothing, to tell which walls stand around them all.
    promised = rehearsed(work, space, launch.trial)
    control.send(wire.encode(wire.Ready(promised)))
    # 4. Serve.
    Zygote(control, work, promised).serve()


def rehearsed(work: Work, space: mmap.mmap, trial: Callable[..., object]) -> tuple[Wall, ...]:
    """The walls of a trial worker, in `space` by way of a shared mapping; raises WorkerFailed if it dies."""
    me = os.getpid()
    pid = os.fork()
    if not pid:
        trial(work, space, me)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if code != child.DONE:
        raise WorkerFailed(f"a trial worker ended with {code} while it was being confined")
    length = int.from_bytes(space[: child.HEADER], "little")
    walls = msgspec.msgpack.decode(space[child.HEADER : child.HEADER + length], type=tuple[Wall, ...])
    space.close()
    return walls


def drop_everything(control: socket.socket) -> socket.socket:
    """Leave the parent's terminal, signals, descriptors and environment; returns `control` as descriptor 3."""
    os.setsid()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD, signal.SIGALRM):
        signal.signal(number, signal.SIG_DFL)
    signal.set_wakeup_fd(-1)
    nothing = os.open(os.devnull, os.O_RDWR)
    kept = fcntl.fcntl(control.detach(), fcntl.F_DUPFD, 4)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    os.dup2(kept, 3)
    os.closerange(4, os.sysconf("SC_OPEN_MAX"))
    forget_environment()
    return socket.socket(fileno=3)


def forget_environment() -> None:
    """Empty os.environ, and overwrite the strings that the kernel put there, since tokens travel in them."""
    entries = ctypes.POINTER(ctypes.c_void_p).in_dll(ctypes.CDLL(None), "environ")
    strings: list[int] = []
    while entries and entries[len(strings)]:
        strings.append(entries[len(strings)])
    os.environ.clear()
    for string in strings:
        ctypes.memset(string, 0, len(ctypes.string_at(string)))
    # A variable that was set anew has left its first value where the kernel put it, and points elsewhere now.
    start, end = kernel_environment()
    if 0 < start < end:
        ctypes.memset(start, 0, end - start)


def kernel_environment() -> tuple[int, int]:
    """Where the kernel laid the environment at the start (proc(5), stat: env_start, env_end); zeros if untold."""
    try:
        with open("/proc/self/stat", "rb") as file:
            fields = file.read().rpartition(b")")[2].split()
        return int(fields[47]), int(fields[48])
    except (OSError, IndexError, ValueError):
        return 0, 0


def last_words(control: socket.socket, why: BaseException) -> None:
    """Tell the parent why there will be no analyser."""
    text = f"failed ({type(why).__name__}: {why})"[:2000]
    control.send(wire.encode(wire.Failed(text.encode("utf-8", "backslashreplace").decode())))
