"""For random interleavings of requests, verdicts, condemnations and changes of the rules: no file leaves before its
verdict, and none after its condemnation.

Everything happens in one event loop, whose clock runs fast; the judge ends when the test says so.
"""

from __future__ import annotations

import asyncio
import hashlib
import selectors
import tempfile
import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from stockade.act.gate.app import Gate
from stockade.act.gate.ports import Found
from stockade.act.gate.record import Remembered
from stockade.decide.policy import DetectorRule, Policy
from stockade.decide.waivers import Waiver
from stockade.model.project import ArtifactRef, Release
from stockade.pipeline import Road
from tests.support.gate_parts import LOUD, Shelf, bytes_of, evict, ref_of, road, seen_of, waiver

#: a brings b, b brings c; d is by itself, and has two files.
A, B, C, D = ref_of("a"), ref_of("b"), ref_of("c"), ref_of("d")
TWIN = ref_of("d", filename="d-1.0-cp312-cp312-win32.whl")
ALL = (A, B, C, D, TWIN)
CLOSURE = {A: (A, B, C), B: (B, C), C: (C,), D: (D, TWIN), TWIN: (D, TWIN)}
HASTE = 200


class _Hasty(selectors.DefaultSelector):
    def select(self, timeout: float | None = None) -> Any:
        return super().select(None if timeout is None else timeout / HASTE)


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        super().__init__(_Hasty())

    def time(self) -> float:
        return super().time() * HASTE


@dataclass
class Model:
    """What is true, by the test's own account. `bad` are condemned bytes, `judged` those that have a verdict."""

    bad: set[ArtifactRef] = field(default_factory=set)
    judged: set[ArtifactRef] = field(default_factory=set)
    waived: set[ArtifactRef] = field(default_factory=set)
    ignoring: bool = False

    def may_leave(self, ref: ArtifactRef) -> bool:
        """Whether every byte of it may go out at this very moment."""
        for one in CLOSURE[ref]:
            if one not in self.judged:
                return False
            if one in self.bad and not self.ignoring and one not in self.waived:
                return False
        return True


@dataclass
class Slow:
    """The judge: everything that it is asked waits until the test lets it end, with what is true then."""

    model: Model
    open: bool = False
    under_way: list[tuple[Sequence[ArtifactRef], threading.Event]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def road(self) -> Road:
        policy = Policy(detectors={"loud": DetectorRule.IGNORE}) if self.model.ignoring else Policy()
        waivers: tuple[Waiver, ...] = tuple(waiver(one) for one in ALL if one in self.model.waived)
        return road(policy, waivers)

    def judge(
        self,
        refs: Sequence[ArtifactRef],
        python: str | None,
        *,
        beside: Collection[Release] = (),
        also: Sequence[ArtifactRef] = (),
        told: Callable[[Found], object] = lambda found: None,
    ) -> Found:
        go = threading.Event()
        with self.lock:
            if self.open:
                go.set()
            self.under_way.append((refs, go))
        assert go.wait(20)
        everything = dict.fromkeys(each for one in refs for each in CLOSURE[one])
        self.model.judged |= set(everything)
        return Found(
            seen=[seen_of(one, [LOUD] if one in self.model.bad else []) for one in everything],
            brings=[
                (one.release, frozenset(other.release for other in CLOSURE[one]) - {one.release})
                for one in everything
            ],
        )

    def go_on(self) -> None:
        with self.lock:
            for _, go in self.under_way:
                go.set()
            self.under_way.clear()


@dataclass
class Watched:
    """One gate, its requests, and what was seen to leave when it should not have."""

    gate: Gate
    judge: Slow
    wrong: list[str] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    #: Done when the head of an answer has gone out, before its bytes.
    at_head: Callable[[], None] = lambda: None

    async def ask(self, ref: ArtifactRef) -> None:
        path = f"/files/{ref.release.name}/{ref.sha256}/{ref.filename}"
        scope = {
            "type": "http",
            "method": "GET",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "headers": [],
            "state": {},
            "client": ("127.0.0.1", 1),
            "asgi": {"spec_version": "2.3"},
        }
        got: list[bytes] = []

        async def receive() -> dict[str, Any]:
            await asyncio.Event().wait()
            return {}

        async def send(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                self.answers.append(message["status"])
                self.at_head()
            elif self.answers[-1:] and message["body"] and bytes_of(ref.filename).startswith(message["body"]):
                got.append(message["body"])
                if not self.judge.model.may_leave(ref):
                    self.wrong.append(f"{ref.filename} left")
            await asyncio.sleep(0)

        await self.gate(scope, receive, send)  # type: ignore[arg-type]

    def condemn(self, ref: ArtifactRef) -> None:
        self.judge.model.bad.add(ref)
        if ref in self.judge.model.judged:
            self.gate.book.learn(Found(seen=[seen_of(ref, [LOUD])]))


Step = Callable[[Watched], None]


def condemns(ref: ArtifactRef) -> Step:
    return lambda one: one.condemn(ref)


def waives(ref: ArtifactRef) -> Step:
    return lambda one: one.judge.model.waived.symmetric_difference_update({ref})


def ignores(one: Watched) -> None:
    one.judge.model.ignoring = not one.judge.model.ignoring


def go_on(one: Watched) -> None:
    one.judge.go_on()


def forgets(ref: ArtifactRef) -> Step:
    return lambda one: evict(one.gate.book, ref)


REFS = st.sampled_from(ALL)
STEPS = st.lists(
    st.one_of(
        REFS,  # a request
        REFS,
        st.just(go_on),
        st.integers(1, 12),  # turns of the loop
        REFS.map(condemns),
        REFS.map(waives),
        st.just(ignores),
        REFS.map(forgets),
    ),
    max_size=25,
)


#: Goes on until everybody who asked so far has an answer.
ANSWERED = "answered"


async def played(steps: Sequence[ArtifactRef | int | str | Step], folder: Path) -> Watched:
    model = Model()
    judge, shelf = Slow(model), Shelf(folder)
    shelf.offer(*ALL)
    gate = Gate(shelf, judge, recorder=Remembered())
    one = Watched(gate, judge)
    asked: list[asyncio.Task[None]] = []
    for step in steps:
        if isinstance(step, ArtifactRef):
            asked.append(asyncio.ensure_future(one.ask(step)))
        elif isinstance(step, int):
            for _ in range(step):
                await asyncio.sleep(0.02)
        elif isinstance(step, str):
            while not all(each.done() for each in asked):
                judge.go_on()
                await asyncio.sleep(0.02)
        else:
            step(one)
    with judge.lock:
        judge.open = True
    judge.go_on()
    await asyncio.wait_for(asyncio.gather(*asked), 30 * HASTE)
    gate.bench.close()
    assert len(one.answers) >= len(asked)
    return one


@given(STEPS)
@settings(max_examples=120, deadline=None)
def test_no_file_leaves_before_its_verdict_or_after_its_condemnation(
    steps: list[ArtifactRef | int | Step],
) -> None:
    with tempfile.TemporaryDirectory() as folder, asyncio.Runner(loop_factory=_Loop) as runner:
        assert runner.run(played(steps, Path(folder))).wrong == []


def test_the_test_sees_files_leave() -> None:
    """What passes does leave; else the property would hold of a gate that refuses everything."""
    steps: list[ArtifactRef | int | str | Step] = [A, ANSWERED, A, ANSWERED, condemns(C), D, A, ANSWERED, A]
    with tempfile.TemporaryDirectory() as folder, asyncio.Runner(loop_factory=_Loop) as runner:
        one = runner.run(played(steps, Path(folder)))
    assert sorted(one.answers) == [200, 200, 200, 403, 403]
    assert hashlib.sha256(bytes_of(A.filename)).hexdigest() == A.sha256


def test_rules_that_change_while_a_file_goes_out_hold_for_the_rest_of_it() -> None:
    """Found by the property above: between the head of an answer and its bytes a policy stopped ignoring a detector."""

    async def ask(folder: Path) -> Watched:
        judge, shelf = Slow(Model(ignoring=True), open=True), Shelf(folder)
        shelf.offer(*ALL)
        one = Watched(Gate(shelf, judge, recorder=Remembered()), judge)
        await one.ask(A)
        one.condemn(A)
        one.at_head = lambda: ignores(one)
        await one.ask(A)
        one.gate.bench.close()
        return one

    with tempfile.TemporaryDirectory() as folder, asyncio.Runner() as runner:
        one = runner.run(ask(Path(folder)))
    assert one.answers == [200, 200]
    assert one.wrong == []
