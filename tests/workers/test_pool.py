"""The parent's side against a warm process that says what the test wants."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from stockade import limits
from stockade.confine import Wall
from stockade.errors import WorkerFailed
from stockade.model.assessment import Findings
from stockade.workers import child, wire
from stockade.workers.pool import Pool
from stockade.workers.process import Child
from stockade.workers.zygote import UNFORKED
from tests.workers.making import artifact, descriptors, findings, why

READY = wire.Ready((Wall("seccomp", up=True),))


@dataclass
class Rig:
    """A pool, its warm process (which only waits to be killed), and the warm process's end of the socket."""

    pool: Pool
    theirs: socket.socket
    spaces: list[int] = field(default_factory=list)

    def say(self, reply: wire.Reply) -> None:
        self.theirs.send(wire.encode(reply))

    def asked(self) -> wire.Request:
        self.theirs.settimeout(2)
        message, passed, _, _ = socket.recv_fds(self.theirs, limits.MAX_MESSAGE, 2)
        if passed:
            os.close(passed[0])
            self.spaces.append(passed[1])
        return wire.decode_request(message)

    def put(self, raw: bytes, length: int | None = None) -> None:
        """Into the space of the last job, as a worker does."""
        os.pwrite(self.spaces[-1], raw, child.HEADER)
        length = len(raw) if length is None else length
        os.pwrite(self.spaces[-1], length.to_bytes(child.HEADER, "little"), 0)


@pytest.fixture
def rig() -> Iterator[Rig]:
    before = descriptors()
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    pid = os.fork()
    if not pid:
        signal.pause()
        os._exit(0)
    made = Rig(Pool(Child(pid), ours, 2, 30.0, grace=0.1, warm_seconds=0.2), theirs)
    yield made
    made.pool.close()
    made.pool.close()
    theirs.close()
    for space in made.spaces:
        os.close(space)
    assert descriptors() == before
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def answered(
    rig: Rig, tmp_path: Path, *, raw: bytes | None = None, length: int | None = None, **ended: Any
) -> Findings:
    """What the pool makes of one artifact whose worker left `raw` and ended so."""
    rig.say(READY)
    one = artifact(tmp_path)
    source = rig.pool.analyse(artifacts_then_answer(rig, one, raw, length, ended))
    ((done, found),) = source
    assert done == one
    return found


def artifacts_then_answer(
    rig: Rig, one: Any, raw: bytes | None, length: int | None, ended: Any
) -> Iterator[Any]:
    yield one
    start = rig.asked()
    assert isinstance(start, wire.Start)
    assert (start.sha256, start.size, start.seconds) == (one.sha256, one.size, 30.0)
    rig.put(wire.pack(findings(one.sha256)) if raw is None else raw, length)
    rig.say(wire.Ended(start.number, **({"code": 0} | ended)))


def test_a_result_is_taken(rig: Rig, tmp_path: Path) -> None:
    assert answered(rig, tmp_path) == findings(artifact(tmp_path).sha256)


@pytest.mark.parametrize(
    ("ended", "raw", "length", "told"),
    [
        ({"code": -9, "late": True}, None, None, "ran over 30 s and was stopped"),
        (
            {"code": -9},
            None,
            None,
            "was killed by signal 9 (SIGKILL), perhaps for want of memory or at the end of",
        ),
        ({"code": -11}, None, None, "was killed by signal 11 (SIGSEGV)"),
        (
            {"code": -31},
            None,
            None,
            "was killed by signal 31 (SIGSYS), for it asked the kernel for something",
        ),
        ({"code": -63}, None, None, "was killed by signal 63"),
        ({"code": 3}, None, None, "ended with 3"),
        ({"code": child.CRASHED}, b"", None, "crashed"),
        ({"code": child.CRASHED}, b"KeyError: 'x\xff'", None, "crashed (KeyError: 'x\ufffd')"),
        ({"code": child.CRASHED}, b"x" * 5000, None, f"crashed ({'x' * 200})"),
        ({"code": child.CRASHED}, b"x", 1 << 63, "crashed (x"),
        ({"code": child.NO_MEMORY}, None, None, "needed more than 1024 MiB of memory"),
        ({"code": child.UNCONFINED}, None, None, "could not be confined as the others were"),
        ({"code": child.TOO_MUCH}, None, None, "found more than the 8 MiB"),
        ({"code": UNFORKED}, None, None, "could not be started: no process could be forked"),
        ({}, b"", None, "ended without a result"),
        ({}, b"x", limits.MAX_RESULT + 1, "sent more than the 8 MiB that a result may have"),
        ({}, b"x", (1 << 64) - 1, "sent more than the 8 MiB"),
        ({}, b"x", limits.MAX_RESULT, "sent a result that makes no sense"),
        ({}, b"garbage", None, "sent a result that makes no sense"),
        ({}, wire.pack(findings("cd" * 32)), None, "sent a result about other bytes"),
    ],
)
def test_whatever_else_a_worker_does_is_a_gap(
    rig: Rig, tmp_path: Path, ended: Any, raw: bytes | None, length: int | None, told: str
) -> None:
    assert why(answered(rig, tmp_path, raw=raw, length=length, **ended)).startswith(told)


def test_the_next_artifact_is_taken_only_when_a_worker_is_free(rig: Rig, tmp_path: Path) -> None:
    rig.say(READY)
    taken: list[str] = []

    def source() -> Iterator[Any]:
        for number, name in enumerate(("a", "b", "c", "d")):
            taken.append(name)
            if number:
                rig.say(wire.Ended(number, 3))
            yield artifact(tmp_path, name.encode(), name=name)

    results = rig.pool.analyse(source())
    assert (next(results)[0].filename, taken) == ("a", ["a", "b"])
    assert (next(results)[0].filename, taken) == ("b", ["a", "b", "c"])
    results.close()


def test_what_is_done_is_yielded_before_the_next_is_taken(rig: Rig, tmp_path: Path) -> None:
    rig.say(READY)

    def source() -> Iterator[Any]:
        yield artifact(tmp_path, b"a", name="a")
        rig.say(wire.Ended(1, 3))
        yield artifact(tmp_path, b"b", name="b")
        pytest.fail("taken although a result was waiting")

    results = rig.pool.analyse(source())
    assert next(results)[0].filename == "a"
    results.close()


def test_who_stops_iterating_has_the_rest_stopped(rig: Rig, tmp_path: Path) -> None:
    rig.say(READY)

    def source() -> Iterator[Any]:
        yield artifact(tmp_path, name="a")
        rig.say(wire.Ended(1, 3))
        yield artifact(tmp_path, name="b")

    results = rig.pool.analyse(source())
    next(results)
    results.close()

    asked = [rig.asked() for _ in range(3)]
    assert [(type(one), one.number) for one in asked] == [(wire.Start, 1), (wire.Start, 2), (wire.Cancel, 2)]
    # What it says of that one afterwards concerns nobody.
    rig.say(wire.Ended(2, -9))
    assert answered_again(rig, tmp_path) == findings(artifact(tmp_path).sha256)


def answered_again(rig: Rig, tmp_path: Path) -> Findings:
    one = artifact(tmp_path)
    ((_, found),) = rig.pool.analyse(artifacts_then_answer(rig, one, None, None, {}))
    return found


@pytest.mark.parametrize("change", ["gone", "shorter", "other"])
def test_a_file_that_changed_meanwhile_is_a_gap_and_no_worker_sees_it(
    rig: Rig, tmp_path: Path, change: str
) -> None:
    rig.say(READY)
    one = artifact(tmp_path)
    path = Path(one.path)
    told = {
        "gone": "was not given the file, which could not be read again: No such file or directory",
        "shorter": "was not given the file, which has 3 bytes, and had 10 when it was checked",
        "other": "was not given the file, which holds other bytes than were checked before",
    }[change]
    path.unlink() if change == "gone" else path.write_bytes(b"other byte"[: 3 if change == "shorter" else 10])

    ((_, found),) = rig.pool.analyse([one])

    assert why(found) == told


def test_a_name_that_no_message_holds_is_a_gap(rig: Rig, tmp_path: Path) -> None:
    rig.say(READY)
    one = replace(artifact(tmp_path), filename="x" * 5000)

    ((_, found),) = rig.pool.analyse([one])

    assert why(found) == "was not given the file, which has a name of 5000 bytes"


def test_a_warm_process_that_never_gets_ready_is_given_up(rig: Rig) -> None:
    for _ in range(2):
        with pytest.raises(WorkerFailed, match=r"could not be started: it was not ready within 0\.2 s"):
            _ = rig.pool.walls


def test_its_last_words_are_passed_on(rig: Rig) -> None:
    rig.say(wire.Failed("failed (ImportError: no such thing)"))

    with pytest.raises(WorkerFailed, match=r"started: it failed \(ImportError: no such thing\)"):
        _ = rig.pool.walls


def test_the_walls_are_those_it_tells(rig: Rig) -> None:
    rig.say(READY)

    assert (rig.pool.walls, rig.pool.walls) == (READY.walls, READY.walls)


def test_when_it_is_dead_the_next_artifact_is_a_gap_and_the_rest_fails(rig: Rig, tmp_path: Path) -> None:
    rig.say(READY)
    assert rig.pool.walls
    os.kill(rig.pool.warm.pid, signal.SIGKILL)
    rig.pool.warm.wait(5)
    rig.theirs.close()

    results = rig.pool.analyse(artifact(tmp_path, name=name) for name in ("a", "b", "c"))

    assert why(next(results)[1]).startswith("lost the process that runs it, which was killed by signal 9")
    with pytest.raises(WorkerFailed, match="is gone: it was killed by signal 9"):
        next(results)


def test_when_it_dies_under_way_each_has_a_gap(rig: Rig, tmp_path: Path) -> None:
    rig.say(READY)

    def source() -> Iterator[Any]:
        yield artifact(tmp_path, name="a")
        yield artifact(tmp_path, name="b")

    def dying() -> Iterator[Any]:
        yield from source()
        os.kill(rig.pool.warm.pid, signal.SIGKILL)
        rig.theirs.close()

    pool = replace(rig.pool, jobs=3)
    told = [why(found) for _, found in pool.analyse(dying())]

    assert len(told) == 2
    assert all(
        text.startswith("lost the process that runs it, which was killed by signal 9 (SIGKILL)")
        for text in told
    )


def test_one_that_does_not_answer_in_time_is_ended(rig: Rig, tmp_path: Path) -> None:
    rig.say(READY)
    rig.pool.seconds = 0.05
    started = time.monotonic()

    ((_, found),) = rig.pool.analyse([artifact(tmp_path)])

    assert why(found) == "lost the process that runs it, which did not answer in time"
    assert time.monotonic() - started < 5
    with pytest.raises(WorkerFailed, match="is gone: it did not answer in time"):
        list(rig.pool.analyse([artifact(tmp_path)]))


def test_a_message_that_makes_no_sense_is_not_believed(rig: Rig, tmp_path: Path) -> None:
    rig.say(READY)
    rig.theirs.send(b"\xc1nonsense")

    told = [why(found) for _, found in replace(rig.pool, jobs=1).analyse([artifact(tmp_path)])]

    assert told == ["lost the process that runs it, which sent a message that makes no sense"]


def test_an_error_of_who_feeds_it_passes_through(rig: Rig, tmp_path: Path) -> None:
    rig.say(READY)

    def source() -> Iterator[Any]:
        yield artifact(tmp_path)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(rig.pool.analyse(source()))
    assert isinstance(rig.asked(), wire.Start)
    assert rig.asked() == wire.Cancel(1)
