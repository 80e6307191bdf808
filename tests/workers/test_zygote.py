"""The warm process, one step at a time, in the test's own process; its workers are real forks."""

from __future__ import annotations

import errno
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec
import pytest

from stockade.model.artifact import Kind
from stockade.workers import wire
from stockade.workers.child import Work
from stockade.workers.zygote import UNFORKED, Zygote
from tests.workers.making import descriptors, echo
from tests.workers.probing import profile


@dataclass
class Bench:
    """A warm process under test, the parent's end of its socket, and a clock to turn."""

    ours: socket.socket
    zygote: Zygote
    now: list[float] = field(default_factory=lambda: [100.0])

    def start(self, number: int, seconds: float = 60.0) -> None:
        job = wire.Start(number, b"a", Kind.WHEEL, "0", 1, seconds)
        read, write = os.pipe()
        socket.send_fds(self.ours, [wire.encode(job)], [read, write])
        os.close(read)
        os.close(write)

    def heard(self) -> Any:
        self.ours.settimeout(5)
        return wire.decode_reply(self.ours.recv(4096))


Begin = Callable[..., object]


@pytest.fixture
def bench() -> Iterator[Callable[..., Bench]]:
    made: list[Bench] = []
    before = descriptors()

    def make(begin: Begin, **rest: Any) -> Bench:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        now = [100.0]
        work = Work(analyse=echo, options=None, profile=profile())
        zygote = Zygote(theirs, work, (), begin=begin, clock=lambda: now[0], **rest)
        made.append(Bench(ours, zygote, now))
        return made[-1]

    yield make
    for one in made:
        one.ours.close()
        one.zygote.serve()
        one.zygote.control.close()
    assert descriptors() == before
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def ending(code: int) -> Begin:
    return lambda *_, **__: os._exit(code)


def hanging(*_: object, **__: object) -> None:
    os.closerange(3, 1024)  # the parent's end among them, which a fork of this test inherits
    time.sleep(30)
    os._exit(0)


def test_a_worker_is_forked_and_its_end_is_told(bench: Callable[..., Bench]) -> None:
    one = bench(ending(7))
    one.start(5)

    assert one.zygote.step()
    assert one.zygote.step()
    assert one.heard() == wire.Ended(5, 7)


def test_a_worker_that_kills_itself_is_told_by_its_signal(bench: Callable[..., Bench]) -> None:
    one = bench(lambda *_, **__: os.kill(os.getpid(), signal.SIGUSR1))
    one.start(5)

    one.zygote.step()
    one.zygote.step()
    assert one.heard() == wire.Ended(5, -signal.SIGUSR1)


def test_a_worker_is_given_its_job_and_its_two_descriptors(bench: Callable[..., Bench]) -> None:
    def begin(work: Work, job: wire.Start, data: int, space: int, *, promised: object, parent: int) -> None:
        os.write(space, b"hello")
        right = (os.read(data, 5), job.number, parent, promised) == (b"hello", 5, os.getppid(), ())
        os._exit(0 if right else 1)

    one = bench(begin)
    one.start(5)

    one.zygote.step()
    one.zygote.step()
    assert one.heard() == wire.Ended(5, 0)


def test_one_that_runs_over_its_time_is_killed_once_and_called_late(bench: Callable[..., Bench]) -> None:
    one = bench(hanging)
    one.start(1, seconds=10)
    one.start(2, seconds=50)
    one.zygote.step()
    one.zygote.step()

    one.now[0] += 11
    one.zygote.step()
    one.zygote.step()

    assert one.heard() == wire.Ended(1, -signal.SIGKILL, late=True)
    assert one.zygote._milliseconds() == 39_001


def test_one_that_nobody_waits_for_is_killed(bench: Callable[..., Bench]) -> None:
    one = bench(hanging)
    one.start(1)
    one.zygote.step()
    one.ours.send(wire.encode(wire.Cancel(99)))
    one.ours.send(wire.encode(wire.Cancel(1)))

    for _ in range(3):
        one.zygote.step()

    assert one.heard() == wire.Ended(1, -signal.SIGKILL)


def test_where_no_process_can_be_forked_the_parent_is_told(bench: Callable[..., Bench]) -> None:
    def unable() -> int:
        raise OSError(errno.EAGAIN, "no")

    one = bench(ending(0), fork=unable)
    one.start(4)

    assert one.zygote.step()
    assert one.heard() == wire.Ended(4, UNFORKED)


def test_when_the_parent_goes_everything_ends(bench: Callable[..., Bench]) -> None:
    one = bench(hanging)
    for number in range(3):
        one.start(number)
        one.zygote.step()
    pids = [worker.pid for worker in one.zygote._workers.values()]
    assert len(pids) == 3

    one.ours.close()
    one.zygote.serve()

    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_a_parent_that_went_before_it_was_told_does_no_harm(bench: Callable[..., Bench]) -> None:
    one = bench(ending(0))
    one.start(1)
    one.zygote.step()
    one.ours.close()

    one.zygote.serve()

    assert one.zygote._workers == {}


def test_a_message_that_makes_no_sense_ends_it_and_its_workers(bench: Callable[..., Bench]) -> None:
    one = bench(hanging)
    one.start(1)
    one.zygote.step()
    one.ours.send(b"nonsense")

    with pytest.raises(msgspec.MsgspecError):
        one.zygote.serve()
    assert one.zygote._workers == {}
