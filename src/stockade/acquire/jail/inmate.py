"""A command that runs behind walls, as whoever started it sees it."""

from __future__ import annotations

import os
import re
import select
import signal
import socket
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

from stockade.acquire.jail.crowd import Crowd
from stockade.acquire.jail.own import children
from stockade.confine import Wall
from stockade.errors import JailFailed

_KILLED = 128 + signal.SIGKILL
_STATUS_MAX = 4096
_PATIENCE = 2.0


class Inmate:
    """One command. `pid` is the process that was started outside; `sockets` are the plan's listeners, in order, living
    in the jail's network; `listener` is what announces watched calls (seccomp_unotify(2)); `walls` is what stands.

    As a context manager it kills what is left of it at the end.
    """

    def __init__(
        self,
        pid: int,
        *,
        sockets: Sequence[socket.socket] = (),
        listener: int | None = None,
        walls: tuple[Wall, ...] = (),
        command: int | None = None,
        status: int | None = None,
        seconds: float | None = None,
        folders: Sequence[Path] = (),
    ) -> None:
        self.pid = pid
        self.sockets = list(sockets)
        self.listener = listener
        self.walls = walls
        self.crowd: Crowd | None = None
        #: Whether it took longer than it may, and was ended for that.
        self.overdue = False
        #: Readable from its end on.
        self.handle = os.pidfd_open(pid)
        self._command = command
        self._status = status
        if status is not None:
            os.set_blocking(status, False)
        self._told = b""
        self._until = None if seconds is None else time.monotonic() + seconds
        self._folders = folders
        self._code: int | None = None
        self._was_killed = False

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; returns the exit code that a shell would tell. Raises TimeoutError if that takes more than
        `timeout` seconds, and JailFailed if the jail ended before the command began."""
        if self._code is not None:
            return self._code
        if not self._ended(self._remaining(timeout)):
            if self._until is None or time.monotonic() < self._until:
                raise TimeoutError(f"the jailed command still runs after {timeout} s")
            self.overdue = True
            self.kill()
            self._ended(None)
        return self._collected()

    def patience(self) -> float | None:
        """Milliseconds until it has taken longer than it may; None is for ever."""
        left = self._remaining(None)
        return None if left is None else left * 1000

    def _remaining(self, timeout: float | None) -> float | None:
        if self._until is None:
            return timeout
        left = max(self._until - time.monotonic(), 0.0)
        return left if timeout is None else min(left, timeout)

    def _ended(self, timeout: float | None) -> bool:
        poll = select.poll()
        poll.register(self.handle, select.POLLIN)
        return bool(poll.poll(None if timeout is None else max(timeout, 0.0) * 1000))

    def _collected(self) -> int:
        code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        code = code if code >= 0 else 128 - code
        self._code = code
        if self._status is None or self._was_killed or code == _KILLED:
            return code
        self._read_status(0)
        if b'"exit-code"' not in self._told:
            raise JailFailed("bubblewrap could not build the jail; what it says is above")
        return code

    def first(self) -> int | None:
        """The first of the jail's own processes, whose end is that of all, where bubblewrap started one."""
        if self._status is not None and b'"child-pid"' not in self._told:
            self._read_status(_PATIENCE)
        found = re.search(rb'"child-pid": *(\d+)', self._told)
        return int(found[1]) if found else None

    def _read_status(self, patience: float) -> None:
        """Take what bubblewrap tells of the jail: all that is there, or with `patience` until its first line."""
        assert self._status is not None
        while select.select([self._status], [], [], patience)[0]:
            try:
                data = os.read(self._status, _STATUS_MAX)
            except BlockingIOError:  # another thread was quicker
                continue
            self._told += data
            if not data or (patience and b'"child-pid"' in self._told):
                return

    def command(self) -> int | None:
        """The command's own process, as seen from here."""
        if self._status is None:
            return self._command
        first = self.first()
        until = time.monotonic() + _PATIENCE
        while first is not None and time.monotonic() < until:
            found = children(first)
            if found:
                return found[0]
            time.sleep(0.002)
        return None

    def signal(self, number: int) -> None:
        """Send a signal to the command itself."""
        pid = self.command() if self._code is None else None
        if pid is not None:
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    def kill(self) -> None:
        """End everything in it, at once."""
        if self._code is not None:
            return
        self._was_killed = True
        first = self.first() if self._status is not None else self._command
        for pid in (*_tree(self.pid), first, self.pid):
            if pid is not None and not self._ended(0):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    def close(self) -> None:
        """Kill what is left, and let go of all that was handed out."""
        if self._code is None:
            self.kill()
            with suppress(JailFailed):
                self.wait()
        for one in self.sockets:
            one.close()
        for number in (self.listener, self._status, self.handle):
            if number is not None:
                with suppress(OSError):
                    os.close(number)
        self.listener = self._status = None
        if self.crowd is not None:
            self.crowd.close()
        for folder in self._folders:
            removed(folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *why: object) -> None:
        self.close()


def _tree(pid: int) -> list[int]:
    """All descendants of `pid`, the youngest first."""
    found: list[int] = []
    for child in children(pid):
        found[:0] = [*_tree(child), child]
    return found


def removed(folder: Path) -> None:
    """Take a folder away, whatever the jailed command left in it."""
    import shutil  # only where there is one: it is slow to import

    shutil.rmtree(folder, ignore_errors=True)
