"""Work on threads: bounded, lazy, and no failure is lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from stockade.acquire.index.parallel import in_parallel


def test_everything_comes_once_and_the_items_are_read_by_the_reader() -> None:
    readers: set[int] = set()

    def items() -> Iterator[int]:
        for number in range(50):
            readers.add(threading.get_ident())
            yield number

    assert sorted(in_parallel(lambda number: number * 2, items(), 4)) == list(range(0, 100, 2))
    assert readers == {threading.get_ident()}, (
        "a database of the reader's may not be touched by another thread"
    )
    assert list(in_parallel(str, [], 4)) == []


def test_as_many_at_once_as_was_asked_for() -> None:
    together = threading.Barrier(4, timeout=5)
    assert len(list(in_parallel(lambda _: together.wait(), range(8), 4))) == 8


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_what_was_raised_reaches_the_reader(error: type[BaseException]) -> None:
    def work(number: int) -> int:
        if number == 3:
            raise error("three")
        return number

    with pytest.raises(error, match="three"):
        list(in_parallel(work, range(10), 2))


def test_who_stops_reading_stops_the_rest() -> None:
    begun: list[int] = []
    gate = threading.Event()

    def work(number: int) -> int:
        begun.append(number)
        if number:
            gate.wait(5)
        return number

    running = in_parallel(work, range(1000), 2)
    assert next(running) == 0
    del running
    gate.set()
    time.sleep(0.05)
    assert 3 not in begun, "it waited behind two others when the reader left"
