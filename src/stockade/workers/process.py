"""A child process of ours, held by its pidfd, so that a pid that was given to somebody else is never signalled."""

from __future__ import annotations

import os
import select
import signal
from contextlib import suppress
from dataclasses import dataclass, field


@dataclass(slots=True)
class Child:
    """Our child `pid`, not reaped yet. `code` is its exit code (negative: a signal) once it is."""

    pid: int
    code: int | None = None
    _pidfd: int = field(default=-1)

    def __post_init__(self) -> None:
        self._pidfd = os.pidfd_open(self.pid)

    def wait(self, seconds: float) -> int | None:
        """Its exit code, if it ends within `seconds`; it is reaped then."""
        if self.code is None:
            poller = select.poll()
            poller.register(self._pidfd, select.POLLIN)
            if poller.poll(seconds * 1000):
                self._reap()
        return self.code

    def end(self) -> None:
        """Kill it if it still lives, and reap it."""
        if self.code is None:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
            self._reap()

    def _reap(self) -> None:
        self.code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        os.close(self._pidfd)
