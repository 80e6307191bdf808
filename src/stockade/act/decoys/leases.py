"""Who opens a file is stopped by the kernel until we have looked who that is (fcntl(2), F_SETLEASE): no root needed.

A lease of a file is broken by whoever opens it. The kernel tells us by a signal and holds the opener until we let go,
or until /proc/sys/fs/lease-break-time has passed (45 s). We let go as soon as we have looked, within milliseconds.
Listing a folder, and asking for a file's size or times, opens nothing.
"""

from __future__ import annotations

import errno
import fcntl
import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from typing import Self

_F_SETSIG = 10  # linux/fcntl.h; Python has no name for it before 3.13


class Leases:
    """Leases on files of this user, for the thread that made it. Signals are taken with `wait` alone."""

    def __init__(self, number: int = signal.SIGRTMIN) -> None:
        self._signal = number
        self._held: dict[str, int] = {}

    def __enter__(self) -> Self:
        signal.pthread_sigmask(signal.SIG_BLOCK, [self._signal])
        return self

    def __exit__(self, *_: object) -> None:
        for path in list(self._held):
            self.drop(path)
        with suppress(OSError):  # one that came meanwhile is nobody's any more
            while signal.sigtimedwait([self._signal], 0):
                pass
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [self._signal])

    @property
    def held(self) -> frozenset[str]:
        """Files on which there is one now."""
        return frozenset(self._held)

    def take(self, path: str) -> str:
        """Take one; returns why it could not be had, "" where it stands. A file that somebody has open just now can be
        tried again a little later."""
        if path in self._held:
            return ""
        try:
            number = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as why:
            return why.strerror or str(why)
        try:
            fcntl.fcntl(number, _F_SETSIG, self._signal)
            fcntl.fcntl(number, fcntl.F_SETLEASE, fcntl.F_WRLCK)
        except OSError as why:  # and where it is no regular file
            os.close(number)
            return "somebody has it open" if why.errno == errno.EAGAIN else why.strerror or str(why)
        self._held[path] = number
        return ""

    def wait(self, seconds: float) -> Iterator[str]:
        """Files that somebody is opening: that process waits until `drop` lets it go."""
        if signal.sigtimedwait([self._signal], seconds) is None:
            return
        for path, number in list(self._held.items()):
            if fcntl.fcntl(number, fcntl.F_GETLEASE) != fcntl.F_WRLCK:
                yield path

    def drop(self, path: str) -> None:
        """Let go of it, and of whoever waits for it."""
        number = self._held.pop(path, None)
        if number is not None:
            with suppress(OSError):
                fcntl.fcntl(number, fcntl.F_SETLEASE, fcntl.F_UNLCK)
            os.close(number)
