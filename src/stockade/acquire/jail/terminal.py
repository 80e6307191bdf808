"""The terminal that a command is started from, without its being handed in: the command gets one of its own, and bytes
are carried between the two.

So what is inside cannot put words into the terminal outside (TIOCSTI), read what is typed there for others, or change
it for good. Streams that are no terminals are handed in as they are.
"""

from __future__ import annotations

import os
import select
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from stockade.acquire.jail.inmate import Inmate

#: Handed on to the command, as if it had been sent them.
HANDED_ON = (
    *(signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2),
    signal.SIGWINCH,
)
_CHUNK = 65536


class Attached:
    """Where a command's streams go. `streams` and `terminal` are for launch()."""

    def __init__(self) -> None:
        self._outer = [number for number in (0, 1, 2) if _is_terminal(number)]
        self.terminal: int | None = None
        self._master: int | None = None
        if self._outer:
            self._master, self.terminal = _pair(self._outer)
        own = self.terminal
        self.streams = tuple(
            own if number in self._outer and own is not None else number for number in (0, 1, 2)
        )
        self._pending: list[int] = []
        self._inmate: Inmate | None = None

    def follow(self, inmate: Inmate) -> int:
        """Hand everything on until the command ends; returns its exit code."""
        self._inmate = inmate
        for number in self._pending:
            inmate.signal(number)
        if self.terminal is not None:
            os.close(self.terminal)
            self.terminal = None
        if self._master is None:
            return inmate.wait()
        with _raw(self._outer):
            self._carry(inmate, self._master)
        return inmate.wait()

    def _carry(self, inmate: Inmate, master: int) -> None:
        poll = select.poll()
        poll.register(inmate.handle, select.POLLIN)
        poll.register(master, select.POLLIN)
        if 0 in self._outer and _in_foreground(0):
            poll.register(0, select.POLLIN)
        out = 1 if 1 in self._outer else self._outer[-1]
        while True:
            ready = dict(poll.poll(inmate.patience()))
            if master in ready and not _copied(master, out):
                poll.unregister(master)
            if 0 in ready and not _copied(0, master):
                poll.unregister(0)
            if inmate.handle in ready or not ready:
                break
        if ready:
            self._drain(master, out)

    @staticmethod
    def _drain(master: int, out: int) -> None:
        """What was said last."""
        while select.select([master], [], [], 0)[0] and _copied(master, out):
            pass

    def hand_on(self, number: int, frame: FrameType | None) -> None:
        """A signal to us is one to the command."""
        if number == signal.SIGWINCH:
            if self._master is not None:
                _sized(self._master, self._outer[0])  # the kernel tells the inside
            return
        if self._inmate is None:
            self._pending.append(number)
        else:
            self._inmate.signal(number)

    def close(self) -> None:
        for number in (self._master, self.terminal):
            if number is not None:
                with suppress(OSError):
                    os.close(number)


@contextmanager
def attached() -> Iterator[Attached]:
    """This process's streams and signals, for one command."""
    made = Attached()
    before = {number: signal.getsignal(number) for number in HANDED_ON}
    try:
        for number, handler in before.items():
            if handler is not signal.SIG_IGN:
                signal.signal(number, made.hand_on)
        yield made
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        made.close()


def _is_terminal(number: int) -> bool:
    try:
        return os.isatty(number)
    except OSError:
        return False


def _pair(outer: list[int]) -> tuple[int, int]:
    """A terminal of one's own, as the outer one is set."""
    import termios

    master, slave = os.openpty()
    with suppress(termios.error):
        settings = termios.tcgetattr(outer[0])
        if 0 not in outer:  # the outer one stays as it is, and ends lines by itself
            settings[1] &= ~termios.OPOST
        termios.tcsetattr(slave, termios.TCSANOW, settings)
    _sized(master, outer[0])
    return master, slave


def _sized(master: int, outer: int) -> None:
    import fcntl
    import termios

    with suppress(OSError):
        size = fcntl.ioctl(outer, termios.TIOCGWINSZ, b"\0" * 8)
        fcntl.ioctl(master, termios.TIOCSWINSZ, size)


@contextmanager
def _raw(outer: list[int]) -> Iterator[None]:
    """The outer terminal hands over keys as they are, so that the inner one does what keys do."""
    if 0 not in outer or not _in_foreground(0):
        yield
        return
    import termios
    import tty

    before = termios.tcgetattr(0)
    try:
        tty.setraw(0, termios.TCSADRAIN)
        yield
    finally:
        termios.tcsetattr(0, termios.TCSADRAIN, before)


def _in_foreground(terminal: int) -> bool:
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:
        return False


def _copied(source: int, target: int) -> bool:
    """Carry what there is; False at its end."""
    try:
        data = os.read(source, _CHUNK)
        view = memoryview(data)
        while view:
            view = view[os.write(target, view) :]
    except OSError:
        return False
    return bool(data)
