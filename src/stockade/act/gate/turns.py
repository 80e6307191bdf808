"""Whose turn it is: what may wait for an index runs on threads of its own, and no client has more than a share of them.

Else one client that asks for slow pages would hold every thread, and whoever asks for what is here already would wait
behind it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(slots=True)
class _Share:
    free: asyncio.Semaphore
    #: Who has a turn, or waits for one.
    users: int = 0


class Turns:
    """At most `together` turns at a time, at most `each` of them for one client. Belongs to one event loop.

    A client past its share waits for its own earlier turns, and others do not wait with it: only those that are within
    their share stand in the line for all.
    """

    def __init__(self, together: int, each: int, name: str) -> None:
        self._each = each
        self._free = asyncio.Semaphore(together)
        self._shares: dict[str, _Share] = {}
        self._threads = ThreadPoolExecutor(together, thread_name_prefix=name)

    @asynccontextmanager
    async def turn(self, client: str) -> AsyncIterator[None]:
        """A turn of a client's, for as long as the block lasts."""
        share = self._shares.setdefault(client, _Share(asyncio.Semaphore(self._each)))
        share.users += 1
        try:
            async with share.free, self._free:
                yield
        finally:
            share.users -= 1
            if not share.users:
                del self._shares[client]

    async def thread(self, work: Callable[P, T], *args: P.args, **more: P.kwargs) -> T:
        """`work` in a thread; only within a turn, of which there are as many as threads."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, lambda: work(*args, **more))

    async def run(self, client: str, work: Callable[P, T], *args: P.args, **more: P.kwargs) -> T:
        """`work` in a thread, when it is the client's turn."""
        async with self.turn(client):
            return await self.thread(work, *args, **more)

    def close(self) -> None:
        """Begin nothing any more."""
        self._threads.shutdown(wait=False, cancel_futures=True)
