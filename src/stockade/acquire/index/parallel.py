"""Several things at once, on threads, with a bound on how far ahead of the reader they run.

Not concurrent.futures: its threads are waited for when the interpreter ends, so that Ctrl-C would last until a
silent index times out. These are abandoned instead.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from queue import SimpleQueue
from types import TracebackType
from typing import Generic, TypeVar

A = TypeVar("A")
B = TypeVar("B")


class _Outcome(Generic[B]):
    """What one piece of work came to, carried from its thread to the reader's: a value, or what it raised."""

    def __init__(self) -> None:
        self._values: list[B] = []
        self._error: BaseException | None = None

    def __enter__(self) -> _Outcome[B]:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        self._error = error
        return True

    def keep(self, value: B) -> None:
        """Remember the value."""
        self._values.append(value)

    def value(self) -> B:
        """The value; raises whatever the work raised."""
        if self._error is not None:
            raise self._error
        return self._values[0]


def in_parallel(work: Callable[[A], B], items: Iterable[A], threads: int) -> Iterator[B]:
    """`work` of each item, as each is done; at most twice `threads` are begun before the first is taken.

    Raises whatever `work` raised. `items` is read in the reader's thread. Whoever stops reading stops what has
    not begun; what has begun is left to end by itself.
    """
    tasks: SimpleQueue[A | None] = SimpleQueue()
    results: SimpleQueue[_Outcome[B]] = SimpleQueue()
    stopped = threading.Event()
    waiting = iter(items)
    started = running = 0
    try:
        while True:
            for item in waiting:
                tasks.put(item)
                running += 1
                if started < threads:
                    started += 1
                    threading.Thread(target=_serve, args=(work, tasks, results, stopped), daemon=True).start()
                if running >= 2 * threads:
                    break
            if not running:
                return
            outcome = results.get()
            running -= 1
            yield outcome.value()
    finally:
        stopped.set()
        for _ in range(started):
            tasks.put(None)


def _serve(
    work: Callable[[A], B],
    tasks: SimpleQueue[A | None],
    results: SimpleQueue[_Outcome[B]],
    stopped: threading.Event,
) -> None:
    while (item := tasks.get()) is not None and not stopped.is_set():
        outcome: _Outcome[B] = _Outcome()
        with outcome:
            outcome.keep(work(item))
        results.put(outcome)
