"""A worker's life, lived in the test's own process with hands that do nothing for good."""

from __future__ import annotations

import gc
import mmap
import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NoReturn

import msgspec
import pytest

from stockade import limits
from stockade.confine import Wall
from stockade.model.artifact import Artifact, Kind
from stockade.model.assessment import Findings
from stockade.workers import child, wire
from stockade.workers.handover import handed_over
from tests.workers.making import artifact, descriptors, echo, findings
from tests.workers.probing import profile

WALLS = (Wall("seccomp", up=True),)


class Left(BaseException):
    """The end of a life that cannot really end here."""


@dataclass
class Life:
    """What happened, in order, and the result."""

    tmp_path: Path
    happened: list[str] = field(default_factory=list)
    code: int | None = None
    result: bytes = b""

    def walls(self, *_: Any, parent: int) -> tuple[Wall, ...]:
        self.happened.append("walls")
        return WALLS

    def close(self, first: int, last: int) -> None:
        assert first == 3 < last
        self.happened.append("close")

    def leave(self, code: int) -> NoReturn:
        self.code = code
        raise Left

    def work(self, analyse: Any = echo) -> child.Work:
        def noted(data: memoryview, **rest: Any) -> Findings:
            self.happened.append("analyse")
            return analyse(data, **rest)  # type: ignore[no-any-return]

        return child.Work(
            analyse=noted,
            options="opt",
            profile=profile(),
            walls=self.walls,
            close=self.close,
            leave=self.leave,
        )

    def live(self, one: Artifact, work: child.Work, promised: tuple[Wall, ...] = WALLS) -> None:
        job = wire.Start(1, os.fsencode(one.filename), one.kind, one.sha256, one.size, 9.0)
        space = os.memfd_create("space")
        os.ftruncate(space, child.SPACE)
        with handed_over(one) as data, pytest.raises(Left):
            child.live(work, job, data, space, promised=promised, parent=os.getppid())
        length = int.from_bytes(os.pread(space, child.HEADER, 0), "little")
        self.result = os.pread(space, length, child.HEADER)
        os.close(space)


@pytest.fixture
def life(tmp_path: Path) -> Iterator[Life]:
    before = descriptors()
    yield Life(tmp_path)
    gc.collect()  # the exceptions that end these lives hold on to their mappings
    assert descriptors() == before


@pytest.mark.parametrize("content", [b"body", b""])
def test_it_drops_everything_is_confined_and_only_then_reads(life: Life, content: bytes) -> None:
    one = artifact(life.tmp_path, content, name="caf\udce9-1.tar.gz")

    life.live(one, life.work())

    assert (life.happened, life.code) == (["close", "walls", "analyse"], child.DONE)
    project = f"caf\\udce9-1.tar.gz sdist {one.sha256} opt"
    assert wire.unpack(life.result, one.sha256) == findings(one.sha256, project=project)


def test_without_the_walls_that_were_promised_it_reads_nothing(life: Life) -> None:
    promised = (Wall("seccomp", up=True), Wall("memory", up=True))

    life.live(artifact(life.tmp_path), life.work(), promised)

    assert (life.happened, life.code, life.result) == (["close", "walls"], child.UNCONFINED, b"")


def test_a_crash_and_want_of_memory_have_their_codes(life: Life) -> None:
    def crash(data: memoryview, **rest: Any) -> Findings:
        raise RuntimeError("boom \udcff")

    def starve(data: memoryview, **rest: Any) -> Findings:
        raise MemoryError

    life.live(artifact(life.tmp_path), life.work(crash))
    assert (life.code, life.result) == (child.CRASHED, b"RuntimeError: boom \\udcff")
    life.live(artifact(life.tmp_path), life.work(starve))
    assert (life.code, life.result) == (child.NO_MEMORY, b"")


def test_a_crash_before_there_is_space_for_words_is_a_crash(life: Life) -> None:
    job = wire.Start(1, b"a", Kind.WHEEL, "0", 5, 9.0)

    with pytest.raises(Left):
        child.live(life.work(), job, -7, -7, promised=WALLS, parent=os.getppid())

    assert (life.code, life.happened) == (child.CRASHED, [])


def test_a_result_that_is_too_large_is_not_sent(life: Life) -> None:
    def verbose(data: memoryview, *, sha256: str, **rest: Any) -> Findings:
        return replace(findings(sha256), requires=("x" * limits.MAX_RESULT,))

    life.live(artifact(life.tmp_path), life.work(verbose))

    assert (life.code, life.result) == (child.TOO_MUCH, b"")


def test_a_rehearsal_tells_the_walls_and_reads_nothing(life: Life) -> None:
    with mmap.mmap(-1, limits.MAX_MESSAGE) as space:
        with pytest.raises(Left):
            child.rehearse(life.work(), space, os.getppid())
        length = int.from_bytes(space[: child.HEADER], "little")
        told = msgspec.msgpack.decode(space[child.HEADER : child.HEADER + length], type=tuple[Wall, ...])

    assert (life.happened, life.code, told) == (["close", "walls"], child.DONE, WALLS)
