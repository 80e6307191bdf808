"""The filtering proxy of one jail, on the sockets that live in the jail's network and are served from outside."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import cast

from stockade import limits
from stockade.acquire.jail.hosts.lookups import Book, Resolver
from stockade.acquire.jail.hosts.rules import Rules
from stockade.acquire.jail.hosts.traffic import Resolve, Traffic
from stockade.acquire.jail.plan import Listener
from stockade.model.record import kept

_PROXY_PORT, _DNS_PORT = 3128, 53
_EVERYWHERE = "0.0.0.0"  # noqa: S104 - of the jail's own network
_PROXY_VARIABLES = ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")


async def _resolved(host: str, port: int) -> Sequence[str]:
    """The addresses of a host, as this machine sees it."""
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return ()
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))


class Hosts:
    """What a jail needs for a network of named hosts.

    Its plan has these `listeners`, `everywhere` and these `variables`; then its sockets, in the order of the listeners,
    are served. `heard` is told each refusal, as a sentence.
    """

    def __init__(self, rules: Rules, heard: Callable[[str], None], *, resolve: Resolve = _resolved) -> None:
        self._rules, self._heard, self._resolve = rules, heard, resolve
        self._told: dict[str, None] = {}
        taken = {*rules.ports, _DNS_PORT}
        self._port = next(port for port in range(_PROXY_PORT, 65536) if port not in taken)

    @property
    def listeners(self) -> tuple[Listener, ...]:
        """The proxy, DNS, then each port that a rule allows."""
        return (
            Listener(address="127.0.0.1", port=self._port),
            Listener(address=_EVERYWHERE, port=_DNS_PORT, stream=False),
            *(Listener(address=_EVERYWHERE, port=port) for port in self._rules.ports),
        )

    @property
    def variables(self) -> Mapping[str, str]:
        """Where programs look for a proxy; those that do not are served by DNS and at any address."""
        return {
            **dict.fromkeys(_PROXY_VARIABLES, f"http://127.0.0.1:{self._port}"),
            "no_proxy": "",
            "NO_PROXY": "",
        }

    @contextmanager
    def serving(self, sockets: Sequence[socket.socket]) -> Iterator[None]:
        """Serves as long as it is open, in a thread of its own; the sockets are closed at the end."""
        loop = asyncio.new_event_loop()
        started, stop = threading.Event(), asyncio.Event()
        failed: list[BaseException] = []

        def work() -> None:
            try:
                with asyncio.Runner(loop_factory=lambda: loop) as runner:
                    runner.run(self._serve(sockets, started, stop))
            except OSError as why:
                failed.append(why)
            finally:
                started.set()

        thread = threading.Thread(target=work, name="hosts", daemon=True)
        thread.start()
        started.wait()
        try:
            if failed:
                raise failed[0]
            yield
        finally:
            if thread.is_alive():
                loop.call_soon_threadsafe(stop.set)
            thread.join()
            for one in sockets:
                one.close()

    async def _serve(
        self, sockets: Sequence[socket.socket], started: threading.Event, stop: asyncio.Event
    ) -> None:
        proxy, dns, *direct = sockets
        book = Book()
        traffic = Traffic(self._rules, book, self._say, self._resolve)
        for one in sockets:
            one.setblocking(False)
        loop = asyncio.get_running_loop()
        lookups, _ = await loop.create_datagram_endpoint(
            lambda: _Lookups(Resolver(self._rules, book), self._say), sock=dns
        )
        servers = [await asyncio.start_server(traffic.proxied, sock=proxy)]
        servers += [await asyncio.start_server(traffic.direct, sock=one) for one in direct]
        started.set()
        try:
            await stop.wait()
        finally:
            # A server that is closed does not bear what it has just accepted: nothing more comes in first.
            for one in (proxy, *direct):
                loop.remove_reader(one)
            await traffic.end()
            lookups.close()
            for server in servers:
                server.close()

    def _say(self, sentence: str) -> None:
        """Each refusal once, and no endless list of them."""
        if sentence in self._told or len(self._told) > limits.MAX_JAIL_TOLD:
            return
        self._told[sentence] = None
        last = len(self._told) > limits.MAX_JAIL_TOLD
        self._heard("more was refused, and is not told" if last else f"refused: {sentence}")


class _Lookups(asyncio.DatagramProtocol):
    """DNS over UDP; answers always fit."""

    def __init__(self, resolver: Resolver, say: Callable[[str], None]) -> None:
        self._resolver, self._say = resolver, say
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # No instance of it before Python 3.12.
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str | object, int]) -> None:
        answer = self._resolver.answer(data)
        if self._resolver.refused:
            self._say(
                f"{kept(self._resolver.refused)}: its address was asked for, and the profile does not name it"
            )
        if answer and self._transport is not None:
            self._transport.sendto(answer, addr)
