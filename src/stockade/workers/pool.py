"""The parent's side: hands artifacts to the warm process, and believes as little as it can of what returns."""

from __future__ import annotations

import fcntl
import os
import select
import signal
import socket
import time
from collections.abc import Generator, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import msgspec

from stockade import limits
from stockade.confine import Wall
from stockade.errors import FetchFailed, WorkerFailed
from stockade.model.artifact import Artifact
from stockade.model.assessment import Findings
from stockade.workers import child, wire
from stockade.workers.handover import handed_over
from stockade.workers.process import Child
from stockade.workers.zygote import UNFORKED

_SPACE_SEALS = fcntl.F_SEAL_SEAL | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW


#: What an exhausted source gives, and seconds to wait for workers while it gives nothing for the moment.
_END: Any = object()
_BRIEF = 0.01


@dataclass(frozen=True, slots=True)
class _Job:
    artifact: Artifact
    space: int
    until: float


@dataclass(slots=True)
class Pool:
    """An Analyser over a `warm` process that listens on `control`. One iteration at a time.

    `jobs` workers run at once, each for at most `seconds` of wall-clock time.
    """

    warm: Child
    control: socket.socket
    jobs: int
    seconds: float = limits.WORKER_SECONDS
    grace: float = limits.WORKER_GRACE
    warm_seconds: float = limits.WARM_SECONDS
    _walls: tuple[Wall, ...] | None = None
    _under_way: dict[int, _Job] = field(default_factory=dict)
    _last: int = 0
    _lost: str = ""

    @property
    def walls(self) -> tuple[Wall, ...]:
        """The walls around every worker; waits for the warm process, and raises WorkerFailed if it died."""
        if self._walls is None:
            reply = self._hear(time.monotonic() + self.warm_seconds)
            if not isinstance(reply, wire.Ready):
                self._lost = self._lost or f"was not ready within {self.warm_seconds:g} s"
                raise WorkerFailed(f"The confined analyser could not be started: it {self._lost}")
            self._walls = reply.walls
        return self._walls

    def analyse(
        self, artifacts: Iterable[Artifact | None]
    ) -> Generator[tuple[Artifact, Findings], None, None]:
        """Each artifact with its findings, as each is done; the next is taken only when a worker is free. A None among
        them says that there is none for the moment.

        What goes wrong with one artifact or its worker is one limit gap. Raises WorkerFailed where there
        is no warm process (any more) for what is left, after the gaps of those that were under way.
        """
        source = iter(artifacts)
        try:
            exhausted = False
            while not exhausted or self._under_way:
                if not exhausted and len(self._under_way) < self.jobs:
                    yield from self._done(wait=False)
                    artifact = next(source, _END)
                    if artifact is _END:
                        exhausted = True
                    elif artifact is None:
                        yield from self._done(wait=self._overdue(), brief=_BRIEF)
                    elif (failed := self._hand_over(artifact)) is not None:
                        yield artifact, failed
                else:
                    yield from self._done(wait=True)
        finally:
            self._abandon()

    def close(self) -> None:
        """End the warm process and its workers; returns when it is reaped. May be called twice."""
        self.control.close()
        try:
            self.warm.wait(self.grace)
        finally:
            # Reached by a second Ctrl-C too: whatever still lives dies now, and its workers with it.
            self.warm.end()

    def _hand_over(self, artifact: Artifact) -> Findings | None:
        """Start a worker on it; findings with a gap where that couldn't be done."""
        _ = self.walls
        if self._lost:
            raise WorkerFailed(f"The confined analyser is gone: it {self._lost}")
        try:
            with handed_over(artifact) as data:
                self._start(artifact, data)
        except ConnectionError:
            self._gone()
            return wire.unanalysed(artifact, self._loss())
        except FetchFailed as why:
            return wire.unanalysed(artifact, f"was not given the file, which {why}")
        except OSError as why:
            return wire.unanalysed(artifact, f"could not be given the file: {why.strerror}")
        return None

    def _start(self, artifact: Artifact, data: int) -> None:
        filename = os.fsencode(artifact.filename)
        if len(filename) > limits.MAX_PATH:
            raise FetchFailed(f"has a name of {len(filename)} bytes")
        self._last += 1
        space = os.memfd_create("result", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        try:
            os.ftruncate(space, child.SPACE)
            fcntl.fcntl(space, fcntl.F_ADD_SEALS, _SPACE_SEALS)
            job = wire.Start(
                self._last, filename, artifact.kind, artifact.sha256, artifact.size, self.seconds
            )
            socket.send_fds(self.control, [wire.encode(job)], [data, space])
        except BaseException:
            os.close(space)
            raise
        self._under_way[self._last] = _Job(artifact, space, time.monotonic() + self.seconds + self.grace)

    def _overdue(self) -> bool:
        """Whether a worker should have ended by now."""
        return any(job.until <= time.monotonic() for job in self._under_way.values())

    def _done(self, *, wait: bool, brief: float = 0.0) -> Iterator[tuple[Artifact, Findings]]:
        """What has ended, or ends within `brief` seconds; with `wait`, at least one thing."""
        now = time.monotonic()
        until = min(job.until for job in self._under_way.values()) if wait else now + brief
        while self._under_way:
            reply = self._hear(until)
            if self._lost or (wait and reply is None):
                yield from self._lose()
                return
            if not isinstance(reply, wire.Ended):
                return
            until, wait = 0.0, False
            job = self._under_way.pop(reply.number, None)
            if job is not None:
                yield job.artifact, self._result(job, reply)

    def _hear(self, until: float) -> wire.Reply | None:
        """The next message, or None where there is none by then (monotonic), or the warm process is lost."""
        poller = select.poll()
        poller.register(self.control, select.POLLIN)
        if not poller.poll(max(0.0, until - time.monotonic()) * 1000):
            return None
        try:
            message = self.control.recv(limits.MAX_MESSAGE)
        except ConnectionError:
            message = b""
        if not message:
            self._gone()
            return None
        try:
            reply = wire.decode_reply(message)
        except msgspec.MsgspecError:
            reply = wire.Failed("sent a message that makes no sense")
        if isinstance(reply, wire.Failed):
            self._lost = reply.why
        return reply

    def _gone(self) -> None:
        """Note how the warm process, whose socket is closed, ended."""
        code = self.warm.wait(self.grace)
        self._lost = "closed its socket" if code is None else _why(code)

    def _loss(self) -> str:
        return f"lost the process that runs it, which {self._lost}"

    def _lose(self) -> Iterator[tuple[Artifact, Findings]]:
        """The warm process is gone or hangs: it ends here, and so does what was under way, with a gap each."""
        self._lost = self._lost or "did not answer in time"
        self.warm.end()
        for number in list(self._under_way):
            job = self._under_way.pop(number)
            os.close(job.space)
            yield (
                job.artifact,
                wire.unanalysed(job.artifact, f"lost the process that runs it, which {self._lost}"),
            )

    def _result(self, job: _Job, ended: wire.Ended) -> Findings:
        """What the worker found, or a gap that says how it fell short."""
        try:
            if ended.late:
                return wire.unanalysed(job.artifact, f"ran over {self.seconds:g} s and was stopped")
            if ended.code == child.CRASHED:
                return wire.unanalysed(job.artifact, f"crashed{_last_words(job.space)}")
            if ended.code != child.DONE:
                return wire.unanalysed(job.artifact, _why(ended.code))
            return wire.unpack(_read(job.space), job.artifact.sha256)
        except wire.Garbled as why:
            return wire.unanalysed(job.artifact, str(why))
        finally:
            os.close(job.space)

    def _abandon(self) -> None:
        """Nobody iterates any more: stop what is under way, and forget it."""
        for number, job in self._under_way.items():
            os.close(job.space)
            with suppress(OSError):
                self.control.send(wire.encode(wire.Cancel(number)))
        self._under_way.clear()


def _read(space: int) -> bytes:
    """A dead worker's result; raises Garbled where the length before it is impossible."""
    length = int.from_bytes(os.pread(space, child.HEADER, 0), "little")
    if not length:
        raise wire.Garbled("ended without a result")
    if length > limits.MAX_RESULT:
        raise wire.Garbled(f"sent more than the {limits.MAX_RESULT >> 20} MiB that a result may have")
    return os.pread(space, length, child.HEADER)


def _last_words(space: int) -> str:
    """What a crashed worker says of it, in brackets; "" where it says nothing. Untrusted text."""
    length = int.from_bytes(os.pread(space, child.HEADER, 0), "little")
    text = os.pread(space, min(length, 4 * child.MAX_WORDS), child.HEADER).decode("utf-8", "replace")
    return f" ({text[: child.MAX_WORDS]})" if text else ""


_REASONS = {
    child.NO_MEMORY: f"needed more than {limits.WORKER_MEMORY >> 20} MiB of memory",
    child.UNCONFINED: "could not be confined as the others were, and did not begin",
    child.TOO_MUCH: f"found more than the {limits.MAX_RESULT >> 20} MiB that a result may have",
    UNFORKED: "could not be started: no process could be forked",
}
_HINTS = {
    signal.SIGSYS: ", for it asked the kernel for something that analysis never needs",
    signal.SIGKILL: ", perhaps for want of memory or at the end of its processor time",
}


def _why(code: int) -> str:
    """Completes "the analyser …" for an exit code (negative: a signal)."""
    if code >= 0:
        return _REASONS.get(code, f"ended with {code}")
    try:
        number = signal.Signals(-code)
    except ValueError:
        return f"was killed by signal {-code}"
    return f"was killed by signal {-code} ({number.name}){_HINTS.get(number, '')}"
