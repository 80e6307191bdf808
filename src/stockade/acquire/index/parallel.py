"""Several things at once, on threads, with a bound on how far ahead of the reader they run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")


def in_parallel(work: Callable[[A], B], items: Iterable[A], threads: int) -> Iterator[B]:
    """`work` of each item, as each is done; at most twice `threads` are begun before the first is taken.

    Raises whatever `work` raised. Whoever stops reading stops what has not begun.
    """
    waiting = iter(items)
    pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="acquire")
    running: set[Future[B]] = set()
    try:
        while True:
            for item in waiting:
                running.add(pool.submit(work, item))
                if len(running) >= 2 * threads:
                    break
            if not running:
                return
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for one in done:
                yield one.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
