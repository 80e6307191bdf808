"""One connection of the jail: who is meant, whether everything that says so agrees, and then bytes in both directions.

A client comes to the proxy and names its host there (CONNECT, or a whole URL), or it comes to any address as if the
network were there, and the host is told by the address that its name was given, by TLS (SNI) or by HTTP (Host).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

from stockade import limits
from stockade.acquire.jail.hosts.connection import CHUNK, Connection, Refused
from stockade.acquire.jail.hosts.heads import BadHead, head
from stockade.acquire.jail.hosts.hello import NotTls
from stockade.acquire.jail.hosts.lookups import Book
from stockade.acquire.jail.hosts.rules import Rules, as_address
from stockade.model.record import kept

#: Addresses of a host, as texts.
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
Reader = asyncio.StreamReader
Writer = asyncio.StreamWriter


class Traffic:
    """All connections of one jail; `heard` is told each refusal as a sentence."""

    def __init__(self, rules: Rules, book: Book, heard: Callable[[str], None], resolve: Resolve) -> None:
        self._rules, self._book, self._heard, self._resolve = rules, book, heard, resolve
        self._open: dict[asyncio.Task[None], Writer] = {}

    def proxied(self, reader: Reader, writer: Writer) -> None:
        """A client of the proxy."""
        self._begin(_Proxied(self, reader, writer))

    def direct(self, reader: Reader, writer: Writer) -> None:
        """A client that believes that it has reached a host."""
        self._begin(_Direct(self, reader, writer))

    async def end(self) -> None:
        """Break off whatever goes on."""
        await _turns()  # those too that are just being accepted
        while self._open:
            for task, writer in list(self._open.items()):
                task.cancel()
                writer.transport.abort()
            await _turns()

    def _begin(self, one: Connection) -> None:
        task = asyncio.create_task(self._guarded(one))
        self._open[task] = one.writer
        task.add_done_callback(self._open.pop)

    async def _guarded(self, one: Connection) -> None:
        try:
            await self._admitted(one)
        except (Refused, BadHead, NotTls) as why:
            self._heard(f"{kept(one.target)}: {why}")
            with suppress(OSError, TimeoutError):
                await one.denied(str(why))
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            pass  # either side has gone, or says nothing
        finally:
            one.writer.close()

    async def _admitted(self, one: Connection) -> None:
        if len(self._open) > limits.MAX_JAIL_CONNECTIONS:
            raise Refused(f"more than {limits.MAX_JAIL_CONNECTIONS} connections at a time")
        await one.serve()

    def permit(self, host: str, port: int) -> None:
        """Raises Refused for a host that no rule names."""
        if not self._rules.permits(host, port):
            known = not as_address(host) and self._rules.named(host)
            raise Refused(
                "the profile names this host with other ports" if known else "the profile does not name it"
            )

    def literal(self, host: str, port: int) -> bool:
        """Whether `host` is an address that a rule names as such: whatever it calls itself is right then."""
        address = as_address(host)
        return address is not None and self._rules.holds(address, port)

    def called(self, address: str) -> str:
        """The name that the jail's DNS gave an address to."""
        return self._book.name(address)

    async def connect(self, host: str, port: int) -> tuple[Reader, Writer]:
        """Connect outside, to an address that was looked at; raises Refused."""
        try:
            async with asyncio.timeout(limits.JAIL_CONNECT_SECONDS):
                found = [host] if as_address(host) else await self._resolve(host, port)
                good = [one for one in found if self._leads_out(one, port)]
                if not good:
                    told = (
                        "leads to an address of this machine or its network, which the profile does not name"
                    )
                    raise Refused(told if found else "has no address")
                return await self._first(good, port)
        except TimeoutError:
            raise Refused("does not answer") from None

    def _leads_out(self, address: str, port: int) -> bool:
        parsed = as_address(address)
        return parsed is not None and self._rules.leads_out(parsed, port)

    async def _first(self, addresses: Sequence[str], port: int) -> tuple[Reader, Writer]:
        why = ""
        for address in addresses:
            try:
                return await asyncio.open_connection(address, port, limit=CHUNK)
            except OSError as failed:
                why = failed.strerror or str(failed)
        raise Refused(f"cannot be reached: {why}")


async def _turns() -> None:
    """Let everything happen that is about to: accepting takes a few turns of the loop, so does closing."""
    for _ in range(8):
        await asyncio.sleep(0)


class _Proxied(Connection):
    """A client that names its host to the proxy."""

    def __init__(self, traffic: Traffic, reader: Reader, writer: Writer) -> None:
        super().__init__(reader, writer)
        self._traffic, self.target = traffic, "a request to the proxy"

    async def serve(self) -> None:
        async with asyncio.timeout(limits.JAIL_ASKING_SECONDS):
            raw, rest = await self.head()
        request = head(raw, proxied=True)
        self.target = f"{request.host}:{request.port}"
        self._traffic.permit(request.host, request.port)
        server = await self._traffic.connect(request.host, request.port)
        if request.tunnel:
            self.writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            self.said = True
            literal = self._traffic.literal(request.host, request.port)
            await self.between(server, self.up(server[1], request.host, request.port, rest, literal=literal))
        else:
            await self.between(server, self.request(request, rest, server[1]))


class _Direct(Connection):
    """A client that connected to an address."""

    def __init__(self, traffic: Traffic, reader: Reader, writer: Writer) -> None:
        super().__init__(reader, writer)
        self._traffic = traffic
        self._address, self._port = writer.get_extra_info("sockname")[:2]
        self.target = f"{self._address}:{self._port}"

    async def serve(self) -> None:
        port, literal = self._port, False
        host = self._traffic.called(self._address)
        if not host and self._traffic.literal(self._address, port):
            host, literal = self._address, True
        if not host:
            # Nobody was asked for this address: only what is said can tell who is meant.
            host = await self.begins(port, anything=False) or ""
            if not host:
                raise Refused("the profile does not name it")
        self.target = f"{host}:{port}"
        self._traffic.permit(host, port)
        server = await self._traffic.connect(host, port)
        await self.between(server, self.up(server[1], host, port, literal=literal))
