"""The warm process: it has imported and compiled everything, reads nothing hostile, and forks the workers.

It is confined itself, less tightly: it may fork, wait, kill and talk on its one socket, and reach no file and
no network. It keeps the time of its workers, so that a parent that is busy downloading does not stretch it.
A worker cannot touch it: the worker has no descriptor, may signal nobody, and dies with it.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from stockade import limits
from stockade.confine import Wall
from stockade.workers import child, wire

#: Ended.code where no worker could be forked.
UNFORKED = 85


@dataclass(slots=True)
class _Worker:
    number: int
    pid: int
    deadline: float
    late: bool = False


@dataclass(slots=True)
class Zygote:
    """Serves `control` until its other end closes. `begin` runs in the fork and must not return."""

    control: socket.socket
    work: child.Work
    promised: tuple[Wall, ...]
    begin: Callable[..., object] = child.live
    fork: Callable[[], int] = os.fork
    clock: Callable[[], float] = time.monotonic
    _workers: dict[int, _Worker] = field(default_factory=dict)

    def serve(self) -> None:
        """Until the parent closes its end; then every worker is killed and reaped."""
        try:
            while self.step():
                pass
        finally:
            self._end_all()

    def step(self) -> bool:
        """Wait for one thing to happen, and see to it; False once the parent has gone."""
        poller = select.poll()
        poller.register(self.control, select.POLLIN)
        for pidfd in self._workers:
            poller.register(pidfd, select.POLLIN)
        going = True
        for descriptor, _ in poller.poll(self._milliseconds()):
            if descriptor == self.control.fileno():
                going = self._request()
            else:
                self._reap(descriptor)
        self._kill_late()
        return going

    def _milliseconds(self) -> int | None:
        """Until the next deadline of one that has not been killed yet."""
        running = [worker.deadline for worker in self._workers.values() if not worker.late]
        if not running:
            return None
        return max(0, round((min(running) - self.clock()) * 1000) + 1)

    def _request(self) -> bool:
        try:
            message, descriptors, _, _ = socket.recv_fds(self.control, limits.MAX_MESSAGE, 2)
        except ConnectionResetError:  # it went without reading what it was told
            return False
        if not message:
            return False
        try:
            request = wire.decode_request(message)
            if isinstance(request, wire.Start):
                self._start(request, *descriptors)
            else:
                self._cancel(request.number)
        finally:
            for descriptor in descriptors:
                os.close(descriptor)
        return True

    def _start(self, job: wire.Start, data: int, space: int) -> None:
        me = os.getpid()
        try:
            pid = self.fork()
        except OSError:
            self._tell(wire.Ended(job.number, UNFORKED))
            return
        if not pid:
            self.begin(self.work, job, data, space, promised=self.promised, parent=me)
        self._workers[os.pidfd_open(pid)] = _Worker(job.number, pid, self.clock() + job.seconds)

    def _cancel(self, number: int) -> None:
        for pidfd, worker in self._workers.items():
            if worker.number == number:
                _kill(pidfd)

    def _kill_late(self) -> None:
        now = self.clock()
        for pidfd, worker in self._workers.items():
            if now >= worker.deadline and not worker.late:
                worker.late = True
                _kill(pidfd)

    def _reap(self, pidfd: int) -> None:
        worker = self._workers.pop(pidfd)
        os.close(pidfd)
        code = os.waitstatus_to_exitcode(os.waitpid(worker.pid, 0)[1])
        self._tell(wire.Ended(worker.number, code, worker.late))

    def _tell(self, reply: wire.Ended) -> None:
        # Where the parent has gone, the next step finds its end closed.
        with suppress(BrokenPipeError, ConnectionResetError):
            self.control.send(wire.encode(reply))

    def _end_all(self) -> None:
        for pidfd in self._workers:
            _kill(pidfd)
        for pidfd, worker in self._workers.items():
            os.waitpid(worker.pid, 0)
            os.close(pidfd)
        self._workers.clear()


def _kill(pidfd: int) -> None:
    with suppress(ProcessLookupError):
        signal.pidfd_send_signal(pidfd, signal.SIGKILL)
