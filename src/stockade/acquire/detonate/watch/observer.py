"""The loop that hears of each announced call, writes it down, and lets the process go on.

A process waits at its call until it is answered, so that its memory and its folders are there to be read. What it asked
for is an event only if the answer still reached it: otherwise it died in between, and its id may be another's by now.
An observer that fails leaves the descriptor closed, and every announced call fails then (ENOSYS): nothing goes on
unseen.
"""

from __future__ import annotations

import errno
import fcntl
import os
import select
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Self

from stockade import limits
from stockade.acquire.detonate.watch.calls import Asked, asked
from stockade.acquire.detonate.watch.memory import Asker, Memory
from stockade.confine import watched
from stockade.confine.kernel import Kernel, Linux
from stockade.model.evidence import Gap, GapKind
from stockade.model.observation import Act, Event, Stage
from stockade.model.record import bounded

_RECEIVE, _SEND, _SET_FLAGS = 0xC0502100, 0xC0182101, 0x40082104
_WAKE_ON_THIS_CORE = struct.pack("<Q", 1)
#: struct seccomp_notif: id, thread, flags, then struct seccomp_data; and struct seccomp_notif_resp.
_NOTIFICATION = struct.Struct("<QIIiIQ6Q")
_ANSWER = struct.Struct("<QqiI")
_GO_ON = 1


class Seen:
    """Events as they come, each kind within its own bound, so that a flood of one hides no other.

    What is only read below a place of `dull` is left out, and all that is done below one of `own`.
    """

    def __init__(
        self, stage: Stage, started: float, *, dull: Sequence[str] = (), own: Sequence[str] = ()
    ) -> None:
        self._stage = stage
        self._started = started
        self._dull = tuple(dull)
        self._own = tuple(own)
        self._had: dict[tuple[Act, str, int], None] = {}
        self._room = Counter(dict.fromkeys(Act, limits.MAX_EVENTS_OF_KIND))
        self._lost: Counter[Act] = Counter()
        self.events: list[Event] = []

    def boring(self, one: Asked) -> bool:
        """Whether nobody asks about it: what every interpreter reads, and what is written for us."""
        if one.what in _ASKED_BY_LIBC:
            return True
        if one.act is Act.READ:
            return one.what.startswith((*self._dull, *self._own))
        return one.act is Act.WRITE and one.what.removeprefix(_done(one.what)).startswith(self._own)

    def add(self, one: Asked, process: int) -> None:
        """Write an event down, once; or count it as lost."""
        what = bounded(one.what, limits.MAX_SEEN)
        key = (one.act, what, process)
        if key in self._had:
            return
        if not self._room[one.act]:
            self._lost[one.act] += 1
            return
        self._room[one.act] -= 1
        self._had[key] = None
        seconds = round(time.monotonic() - self._started, 3)
        self.events.append(Event(seconds=seconds, stage=self._stage, act=one.act, what=what, process=process))

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What there was no room for."""
        return tuple(
            Gap(
                kind=GapKind.SCOPE,
                what=f"{self._stage}: {act}",
                why=f"{count:,} more events of this kind were not written down",
            )
            for act, count in self._lost.items()
        )


#: Asked by the C library before anything else, wherever a name is looked up.
_ASKED_BY_LIBC = frozenset({"unix:/var/run/nscd/socket", "unix:/run/nscd/socket"})


def _done(what: str) -> str:
    """The verb that the words for a change of files begin with, and its blank."""
    return "" if what.startswith("/") else what.partition(" ")[0] + " "


class Observer:
    """Answers the calls that come through `listener`, in a thread of its own, until nobody is left to make any.

    `opens` says of a command's words whether it is the one after which everything counts; what is done before it is the
    launcher's. The descriptor is closed at the end.
    """

    def __init__(
        self,
        listener: int,
        seen: Seen,
        *,
        opens: Callable[[Sequence[str]], bool],
        kernel: Kernel | None = None,
    ) -> None:
        self._listener = listener
        self._seen = seen
        self._opens = opens
        self._open = False
        self._names: Mapping[int, str] = watched.names(kernel or Linux())
        self._memory = Memory()
        self._processes: dict[int, int] = {}
        self._stopped, self._stop = os.pipe2(os.O_CLOEXEC)
        self._thread = threading.Thread(target=self._run, name="observer", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._stop)
        self._thread.join()
        os.close(self._stopped)

    def _run(self) -> None:
        try:
            with suppress(OSError):  # before Linux 6.6 it is slower, and the same
                fcntl.ioctl(self._listener, _SET_FLAGS, _WAKE_ON_THIS_CORE)
            poller = select.poll()
            poller.register(self._listener, select.POLLIN)
            poller.register(self._stopped, select.POLLIN)
            while self._heard(poller):
                pass
        finally:
            os.close(self._listener)

    def _heard(self, poller: select.poll) -> bool:
        """Answer what waits; False where the watched are gone, or the observer was told to stop."""
        for descriptor, happened in poller.poll():
            if descriptor != self._listener or not happened & select.POLLIN:
                return False
            self._one()
        return True

    def _one(self) -> None:
        notification = bytearray(_NOTIFICATION.size)
        try:
            fcntl.ioctl(self._listener, _RECEIVE, notification, True)
        except OSError as why:
            if why.errno in {errno.ENOENT, errno.EINTR}:  # it died, or was interrupted, in between
                return
            raise
        ident, thread, _, number, _, _, *arguments = _NOTIFICATION.unpack(notification)
        who = Asker(thread, self._memory)
        one = asked(self._names[number], who, arguments) if number in self._names else None
        process = self._worth(one, who)
        # 0 in the place of a sleep: it is over at once.
        answer = _ANSWER.pack(ident, 0, 0, 0 if one is not None and one.sleep else _GO_ON)
        try:
            fcntl.ioctl(self._listener, _SEND, answer)
        except OSError as why:
            if why.errno in {errno.ENOENT, errno.EINPROGRESS}:
                return
            raise
        if one is not None and process is not None:
            self._seen.add(one, process)
        if one is not None and not self._open and one.words and self._opens(one.words):
            self._open = True

    def _worth(self, one: Asked | None, who: Asker) -> int | None:
        """The process behind what is to be written down; None where it isn't."""
        if one is None or not self._open or self._seen.boring(one):
            return None
        process = self._processes.get(who.thread)
        if process is None or one.act is Act.EXECUTE:
            if len(self._processes) >= limits.MAX_EVENTS_OF_KIND:
                self._processes.clear()
            process = self._processes[who.thread] = who.process()
        return process
