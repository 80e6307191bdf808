"""Who is judged when: once for all who ask, together what fits together, and never again once it broke."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable

import pytest

from stockade import limits
from stockade.act.gate.bench import Bench as Judgements
from stockade.act.gate.book import Book, Verdict
from stockade.model.decision import Undetermined
from tests.support.gate_parts import LOUD, Bench, ref_of, release

A, B, C = ref_of("a"), ref_of("b"), ref_of("c")


def held(judge: Bench, work: Callable[[Judgements], Awaitable[None]], *, single: bool = False) -> None:
    """Run `work` with a bench of that judge."""

    async def main() -> None:
        bench = Judgements(judge, Book(judge.road), single)
        try:
            await asyncio.wait_for(work(bench), 20)
        finally:
            if judge.hold is not None:
                judge.hold.set()
            bench.close()
            bench.threads.shutdown(wait=True)

    asyncio.run(main())


async def soon(true: Callable[[], bool]) -> None:
    while not true():
        await asyncio.sleep(0.002)


def test_one_judgement_for_many_who_ask() -> None:
    judge = Bench()

    async def work(bench: Judgements) -> None:
        found = await asyncio.gather(*(bench.verdict(A, None) for _ in range(50)))
        assert all(one.passes for one in found)
        assert (await bench.verdict(A, None)).passes

    held(judge, work)
    assert judge.batches == [((A.filename,), None)]


def test_who_comes_while_it_is_judged_waits_for_the_same() -> None:
    judge = Bench(hold=threading.Event())

    async def work(bench: Judgements) -> None:
        first = asyncio.ensure_future(bench.verdict(A, None))
        await soon(lambda: bool(judge.batches))
        second = asyncio.ensure_future(bench.verdict(A, "3.12"))
        await asyncio.sleep(2 * limits.GATE_GATHER_SECONDS)
        assert not first.done()
        assert not second.done()
        judge.hold.set()  # type: ignore[union-attr]
        assert (await first).passes
        assert (await second).passes

    held(judge, work)
    assert judge.asked == [A.filename]


def test_what_is_asked_for_together_is_judged_together_where_it_fits() -> None:
    judge = Bench()
    older = ref_of("a", "0.9")

    async def work(bench: Judgements) -> None:
        await asyncio.gather(
            bench.verdict(A, "3.12"),
            bench.verdict(B, "3.12"),
            bench.verdict(older, "3.12"),
            bench.verdict(C, "3.11"),
        )

    held(judge, work)
    assert set(judge.batches) == {
        ((A.filename, B.filename), "3.12"),
        ((older.filename,), "3.12"),
        ((C.filename,), "3.11"),
    }


def test_no_more_than_a_bound_are_under_way_and_everybody_has_a_turn() -> None:
    judge = Bench(hold=threading.Event())
    many = [ref_of("a", f"1.{number}") for number in range(limits.GATE_BENCHES + 3)]

    async def work(bench: Judgements) -> None:
        waiting = [
            asyncio.ensure_future(bench.verdict(one, None, f"127.0.0.{number}"))
            for number, one in enumerate(many)
        ]
        await soon(lambda: len(judge.batches) == limits.GATE_BENCHES)
        await asyncio.sleep(3 * limits.GATE_GATHER_SECONDS)
        assert len(judge.batches) == limits.GATE_BENCHES
        judge.hold.set()  # type: ignore[union-attr]
        assert all(one.passes for one in await asyncio.gather(*waiting))

    held(judge, work)
    assert len(judge.batches) == len(many)


def test_no_client_has_more_than_its_share_of_the_judgements() -> None:
    """Who waits behind its own share holds up nobody, neither for another file nor for one that it waits for itself."""
    judge = Bench(hold=threading.Event())
    many = [ref_of("a", f"1.{number}") for number in range(limits.GATE_BENCHES)]

    async def work(bench: Judgements) -> None:
        greedy = [asyncio.ensure_future(bench.verdict(one, None, "127.0.0.1")) for one in many]
        await soon(lambda: len(judge.batches) == limits.GATE_BENCHES_EACH)
        await asyncio.sleep(3 * limits.GATE_GATHER_SECONDS)
        assert len(judge.batches) == limits.GATE_BENCHES_EACH < limits.GATE_BENCHES
        modest = asyncio.ensure_future(bench.verdict(B, None, "127.0.0.2"))
        await soon(lambda: B.filename in judge.asked)
        same = asyncio.ensure_future(bench.verdict(many[-1], None, "127.0.0.3"))
        await soon(lambda: many[-1].filename in judge.asked)
        judge.hold.set()  # type: ignore[union-attr]
        assert all(one.passes for one in await asyncio.gather(modest, same, *greedy))

    held(judge, work)
    assert len(judge.batches) == len(many) + 1


def test_what_two_clients_ask_for_at_once_is_judged_apart() -> None:
    judge = Bench()

    async def work(bench: Judgements) -> None:
        await asyncio.gather(
            bench.verdict(A, None, "127.0.0.1"),
            bench.verdict(B, None, "127.0.0.2"),
            bench.verdict(C, None, "127.0.0.1"),
        )

    held(judge, work)
    assert [names for names, _ in judge.batches] == [(A.filename, C.filename), (B.filename,)]


def test_a_judge_that_crashes_leaves_everybody_undetermined_and_the_next_may_ask_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    judge = Bench(crash=ZeroDivisionError("a bug"))

    async def work(bench: Judgements) -> None:
        for found in await asyncio.gather(bench.verdict(A, None), bench.verdict(B, None)):
            assert found == Verdict(Undetermined(("Stockade failed to judge it",)))
            assert not found.passes
        await asyncio.sleep(0)
        judge.crash = None
        assert (await bench.verdict(A, None)).passes

    held(judge, work)
    assert [one.getMessage() for one in caplog.records if one.name == "stockade.gate"] == [
        "a judgement failed"
    ]


def test_what_could_not_be_judged_says_why_to_those_who_asked_for_it_alone() -> None:
    judge = Bench(failing={A.filename: "the index is away"})

    async def work(bench: Judgements) -> None:
        first, second = await asyncio.gather(bench.verdict(A, None), bench.verdict(B, None))
        assert first.decision == Undetermined(("the index is away",))
        assert second.passes
        judge.failing.clear()
        assert (await bench.verdict(A, None)).passes

    held(judge, work)


def test_what_a_release_brings_decides_with_it() -> None:
    judge = Bench(brings={release("a"): (B,), release("b"): (C,)}, evidence={C.filename: (LOUD,)})

    async def work(bench: Judgements) -> None:
        found = await bench.verdict(A, None)
        assert not found.passes
        assert [one.name for one in found.way] == ["a", "b", "c"]
        assert not (await bench.verdict(B, None)).passes

    held(judge, work)
    assert judge.asked == [A.filename]


def test_what_nobody_waits_for_comes_last_and_one_by_one() -> None:
    judge = Bench(hold=threading.Event())

    async def work(bench: Judgements) -> None:
        bench.behind(B, None)
        bench.behind(C, None)
        bench.behind(C, None)
        wanted = asyncio.ensure_future(bench.verdict(A, None))
        await soon(lambda: bool(judge.batches))
        assert judge.asked == [A.filename]
        await asyncio.sleep(2 * limits.GATE_GATHER_SECONDS)
        assert judge.asked == [A.filename]
        judge.hold.set()  # type: ignore[union-attr]
        assert (await wanted).passes
        await soon(lambda: len(judge.batches) == 3)
        await soon(lambda: bench.book.knows(C))
        bench.behind(C, None)
        bench.foresee(A, None)
        await asyncio.sleep(2 * limits.GATE_GATHER_SECONDS)

    held(judge, work)
    assert [names for names, _ in judge.batches] == [(A.filename,), (B.filename,), (C.filename,)]


def test_what_was_foreseen_and_is_wanted_now_goes_first() -> None:
    judge = Bench()

    async def work(bench: Judgements) -> None:
        bench.behind(B, None)
        bench.foresee(A, None)
        await bench.verdict(A, None)
        assert judge.asked[0] == A.filename

    held(judge, work)


def test_closing_tells_who_waits_and_who_comes_later() -> None:
    judge = Bench(hold=threading.Event())

    async def work(bench: Judgements) -> None:
        under_way = asyncio.ensure_future(bench.verdict(A, None))
        await soon(lambda: bool(judge.batches))
        in_line = asyncio.ensure_future(bench.verdict(B, None))
        await asyncio.sleep(0)
        bench.close()
        closing = Verdict(Undetermined(("the gate is closing",)))
        told: list[Verdict] = list(await asyncio.wait_for(asyncio.gather(under_way, in_line), 5))
        assert told == [closing, closing]
        assert await asyncio.wait_for(bench.verdict(C, None), 5) == closing

    held(judge, work)
    assert judge.asked == [A.filename]


def test_who_leaves_takes_nobody_with_them() -> None:
    judge = Bench(hold=threading.Event())

    async def work(bench: Judgements) -> None:
        leaves = asyncio.ensure_future(bench.verdict(A, None))
        stays = asyncio.ensure_future(bench.verdict(A, None))
        await soon(lambda: bool(judge.batches))
        leaves.cancel()
        judge.hold.set()  # type: ignore[union-attr]
        assert (await stays).passes

    held(judge, work)


def test_who_waits_for_what_stands_already_is_let_go_while_the_rest_is_judged() -> None:
    judge = Bench(hold=threading.Event(), first=(A,))

    async def work(bench: Judgements) -> None:
        slow = asyncio.ensure_future(bench.verdict(B, None))
        fast = asyncio.ensure_future(bench.verdict(A, None))
        assert (await fast).passes
        assert judge.batches == [((B.filename, A.filename), None)]
        assert not slow.done()
        judge.hold.set()  # type: ignore[union-attr]
        assert (await slow).passes

    held(judge, work)


def test_what_is_told_first_but_brings_what_is_not_judged_yet_waits_for_that() -> None:
    judge = Bench(
        hold=threading.Event(), first=(A,), brings={release("a"): (C,)}, evidence={C.filename: (LOUD,)}
    )

    async def work(bench: Judgements) -> None:
        waiting = asyncio.ensure_future(bench.verdict(A, None))
        await soon(lambda: bench.book.knows(A))
        await asyncio.sleep(0.02)
        assert not waiting.done()
        judge.hold.set()  # type: ignore[union-attr]
        assert not (await waiting).passes

    held(judge, work)


def test_what_is_learnt_at_the_end_outdoes_what_was_told_before() -> None:
    judge = Bench(hold=threading.Event(), first=(A,))

    async def work(bench: Judgements) -> None:
        assert (await bench.verdict(A, None)).passes
        judge.evidence = {A.filename: (LOUD,)}  # what it sees once everything is linked
        judge.hold.set()  # type: ignore[union-attr]
        await soon(lambda: not (bench.book.verdict(A) or Verdict(Undetermined(()))).passes)

    held(judge, work)


def test_for_one_installation_the_judge_hears_of_all_that_it_takes_and_judges_it_once() -> None:
    judge = Bench(hold=threading.Event())

    async def work(bench: Judgements) -> None:
        bench.foresee(B, None)
        bench.foresee(C, None)
        first = asyncio.ensure_future(bench.verdict(A, None))
        await soon(lambda: bool(judge.batches))
        # Asked for while it is judged beside another: who asks waits for that.
        second = asyncio.ensure_future(bench.verdict(B, None))
        await asyncio.sleep(3 * limits.GATE_GATHER_SECONDS)
        assert len(judge.batches) == 1
        judge.hold.set()  # type: ignore[union-attr]
        assert (await first).passes
        assert (await second).passes
        assert bench.book.knows(C)

    held(judge, work, single=True)
    assert judge.batches == [((A.filename,), None)]
    assert judge.beside == [(["a==1.0", "b==1.0", "c==1.0"], [B.filename, C.filename])]


def test_what_was_not_judged_beside_another_after_all_is_judged_by_itself() -> None:
    judge = Bench(hold=threading.Event(), failing={B.filename: "there was something to choose"})

    async def work(bench: Judgements) -> None:
        bench.foresee(B, None)
        first = asyncio.ensure_future(bench.verdict(A, None))
        await soon(lambda: bool(judge.batches))
        second = asyncio.ensure_future(bench.verdict(B, None))
        await asyncio.sleep(3 * limits.GATE_GATHER_SECONDS)
        judge.hold.set()  # type: ignore[union-attr]
        assert (await first).passes
        await soon(lambda: len(judge.batches) > 1)
        await second

    held(judge, work, single=True)
    assert judge.batches[1] == ((B.filename,), None)


def test_clients_of_a_standing_gate_are_not_taken_for_one() -> None:
    judge = Bench()

    async def work(bench: Judgements) -> None:
        bench.foresee(B, None)
        assert (await bench.verdict(A, None)).passes

    held(judge, work)
    assert judge.beside[0] == ([], [])
