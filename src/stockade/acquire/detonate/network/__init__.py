"""A network that leads nowhere: every name exists, everybody answers, and all that is sent is written down.

It serves sockets that lie in the jail's network and were handed out of it (acquire.jail.plan.Listener). One thread does
all of it, outside; it connects to nobody.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from socket import socket

from stockade import limits
from stockade.acquire.authority import Authority
from stockade.acquire.detonate.decoys.machines import NAMES, Machines
from stockade.acquire.detonate.network.names import Names
from stockade.acquire.detonate.network.serving import Server
from stockade.acquire.detonate.network.written import Book
from stockade.acquire.jail.plan import Listener
from stockade.model.evidence import Gap, GapKind
from stockade.model.observation import Exchange, Stage

#: Ports that are listened on: what honest programs use, and what thieves like.
STREAMS = (
    *(
        21,
        22,
        23,
        25,
        53,
        80,
        81,
        88,
        443,
        444,
        465,
        587,
        993,
        1080,
        1337,
        1433,
        2222,
        2525,
        3000,
        3128,
        3306,
        3333,
    ),
    *(
        4000,
        4242,
        4443,
        4444,
        4445,
        5000,
        5001,
        5432,
        5555,
        6379,
        6443,
        6666,
        6667,
        6697,
        7000,
        7001,
        7777,
        8000,
    ),
    *(
        8001,
        8008,
        8080,
        8081,
        8086,
        8088,
        8443,
        8545,
        8888,
        9000,
        9001,
        9090,
        9200,
        9443,
        9999,
        10000,
        12345,
        13337,
    ),
    *(17017, 27017, 31337, 44444, 50000, 55555),
)
DATAGRAMS = (53, 69, 123, 161, 443, 500, 514, 1900, 4444, 5000, 5353, 8125, 9999, 31337)


class Nowhere:
    """The network of one detonation. What a name leads to stays the same from one run to the next.

    `machines` is what metadata services hand out. Certificates are made by `authority`, which the inside should trust.
    """

    def __init__(
        self,
        machines: Machines,
        *,
        authority: Authority | None = None,
        streams: Sequence[int] = STREAMS,
        datagrams: Sequence[int] = DATAGRAMS,
    ) -> None:
        self.machines = machines
        self._authority = authority or Authority(name="Corp Root CA 1")
        self._names = Names(NAMES)
        self._listeners = [Listener(address="0.0.0.0", port=port) for port in streams]  # noqa: S104 - of the jail
        self._listeners += [Listener(address="0.0.0.0", port=port, stream=False) for port in datagrams]  # noqa: S104
        self._room, self._left = limits.MAX_EXCHANGED, limits.MAX_EXCHANGES
        self._gaps: list[Gap] = []

    @property
    def listeners(self) -> tuple[Listener, ...]:
        """What has to be listened on inside, for `serving`."""
        return tuple(self._listeners)

    def listen(self, port: int, *, stream: bool = True) -> bool:
        """Listen on one more from the next run on; False where that is done already, or there are too many."""
        one = Listener(address="0.0.0.0", port=port, stream=stream)  # noqa: S104 - of the jail
        if one in self._listeners or len(self._listeners) >= limits.MAX_NOWHERE_LISTENERS:
            return False
        self._listeners.append(one)
        return True

    @property
    def ca_pem(self) -> bytes:
        """The certificate that the inside should trust, as PEM."""
        return self._authority.pem

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What could not be written down, of all runs so far."""
        return tuple(self._gaps)

    @contextmanager
    def serving(self, sockets: Sequence[socket], stage: Stage, started: float) -> Iterator[list[Exchange]]:
        """Answers on `sockets`, one for each of `listeners`, while it is open; gives the list that exchanges are added
        to. `started` is when the detonation began, by time.monotonic(). At the end what was sent before is read."""
        book = Book(stage, started, room=self._room, left=self._left)
        server = Server(book, self._names, self._authority, self.machines)
        held = [(one.dup(), listener) for one, listener in zip(sockets, self._listeners, strict=True)]
        stop = _Stop()
        try:
            with ThreadPoolExecutor(1, thread_name_prefix="nowhere") as pool:
                done = pool.submit(asyncio.run, _serve(server, held, stop))
                try:
                    stop.begun.wait()
                    yield book.exchanges
                finally:
                    stop.now()
                    done.result()
        finally:
            for one, _ in held:
                one.close()
            book.exchanges.sort(key=lambda one: one.seconds)
            self._room, self._left = book.room, book.left
            self._gaps += book.gaps()
            if server.broken:
                why = f"{server.broken} connections could not be served"
                self._gaps.append(Gap(kind=GapKind.LIMIT, what=f"{stage}: network", why=why))


class _Stop:
    """Tells the thread to stop, once it runs."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._event: asyncio.Event | None = None

    def begin(self) -> asyncio.Event:
        self._loop, self._event = asyncio.get_running_loop(), asyncio.Event()
        self.begun.set()
        return self._event

    def now(self) -> None:
        if self._loop is not None and self._event is not None:
            with suppress(RuntimeError):  # it is over already
                self._loop.call_soon_threadsafe(self._event.set)


async def _serve(server: Server, sockets: Sequence[tuple[socket, Listener]], stop: _Stop) -> None:
    loop = asyncio.get_running_loop()
    for one, listener in sockets:
        one.setblocking(False)
        (server.listen if listener.stream else server.receive)(one, listener.port)
    await stop.begin().wait()
    # What was sent before the end, and has not been looked at, counts as well.
    for one, listener in sockets:
        loop.remove_reader(one)
        (server.accept if listener.stream else server.datagrams)(one, listener.port)
    await server.finish()
