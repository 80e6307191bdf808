"""What happens to each connection, and to each datagram: the first bytes say what it is."""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from stockade import limits
from stockade.acquire.authority import Authority
from stockade.acquire.detonate.decoys.machines import Machines
from stockade.acquire.detonate.network import metadata
from stockade.acquire.detonate.network.mail import GREETING, HELLO, PORTS, mail
from stockade.acquire.detonate.network.names import Names, answer, question
from stockade.acquire.detonate.network.requests import (
    REQUEST,
    Request,
    body,
    frames,
    head,
    parsed,
    plausible,
    upgrade,
    written,
)
from stockade.acquire.detonate.network.wire import Reader, Wire
from stockade.acquire.detonate.network.written import Book, Carried

_DNS = 53
#: struct in_pktinfo, and what asks for it (ip(7)); Python has no name for it before 3.14.
_PACKET_INFO, IP_PKTINFO = struct.Struct("=I4s4s"), 8
_HOST = re.compile(r"[a-z0-9_]([a-z0-9._-]{0,251}[a-z0-9])?\Z")


class Server:
    """Serves the sockets of one run."""

    def __init__(self, book: Book, names: Names, authority: Authority, machines: Machines) -> None:
        self._book, self._names = book, names
        self._authority, self._machines = authority, machines
        self._going: set[asyncio.Task[None]] = set()
        self._sni: dict[ssl.SSLObject | None, str] = {}
        self.broken = 0

    def listen(self, listening: socket.socket, port: int) -> None:
        """Take every connection that comes to what is seen as `port`."""
        asyncio.get_running_loop().add_reader(listening, self.accept, listening, port)

    def accept(self, listening: socket.socket, port: int) -> None:
        """Serve those connections that wait; there is room for so many, and what is sent away is counted."""
        for _ in range(limits.MAX_NOWHERE_CONNECTIONS):
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            if len(self._going) < limits.MAX_NOWHERE_CONNECTIONS:
                self.take(connection, port)
            else:
                connection.close()
                self._book.lost += 1

    def take(self, connection: socket.socket, port: int) -> None:
        """Serve one connection in a task of its own."""
        connection.setblocking(False)
        task = asyncio.get_running_loop().create_task(self._served(connection, port))
        self._going.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._going.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self.broken += 1

    def receive(self, receiving: socket.socket, port: int) -> None:
        """Take every datagram that comes."""
        receiving.setsockopt(socket.IPPROTO_IP, IP_PKTINFO, 1)
        asyncio.get_running_loop().add_reader(receiving, self.datagrams, receiving, port)

    async def finish(self) -> None:
        """Wait for those that are still served, for a moment: whoever they serve is gone."""
        if self._going:
            _, late = await asyncio.wait(self._going, timeout=limits.NOWHERE_GRACE)
            for one in late:
                one.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _served(self, connection: socket.socket, port: int) -> None:
        with connection, suppress(OSError):
            address = connection.getsockname()[0]
            await self._talk(Wire(connection, address, port))

    async def _talk(self, wire: Wire, depth: int = 0) -> None:
        """Find out what is spoken, and speak it."""
        first = await self._first(wire)
        host = wire.server_name or self._names.name(wire.address)
        if first[:2] == b"\x16\x03" and not wire.secure:
            await self._secured(wire, host)
            await self._talk(wire, depth)
        elif REQUEST.match(first):
            await self._requests(wire, host, depth)
        elif HELLO.match(first):
            await self._letters(wire, host)
        elif wire.port == _DNS and len(first) > 2:
            await self._lookups(wire)
        else:
            await self._swallowed(wire, host)

    async def _first(self, wire: Wire) -> bytes:
        """The first bytes, so many that they tell; they are read again."""
        held = b""
        if wire.port in PORTS:
            with suppress(TimeoutError):
                held = await wire.receive(wait=limits.NOWHERE_HEARS)
            if not held:
                await wire.send(GREETING)
        try:
            while len(held) < 8 and b"\n" not in held:
                data = await wire.receive(wait=limits.NOWHERE_HEARS if held else None)
                if not data:
                    break
                held += data
        except TimeoutError:
            pass
        wire.unread(held)
        return held

    async def _secured(self, wire: Wire, host: str) -> None:
        """TLS for whatever name is asked for; that somebody does not believe us is written down."""
        context = self._authority.context(host if _HOST.match(host) else wire.address)
        # Contexts are shared by connections, so that a name is kept by the connection that asks for it.
        context.sni_callback = self._asked_for
        try:
            await wire.wrap(context)
        except OSError:
            carried = self._book.begin("https", self._sni.get(wire.tls, host), wire.port)
            carried.summary = "TLS that was broken off"
            carried.done()
            raise
        finally:
            wire.server_name = self._sni.pop(wire.tls, host)

    def _asked_for(self, tls: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
        """Answer as `name` (RFC 6066, section 3)."""
        if name and _HOST.match(name.lower()):
            self._sni[tls] = name.lower()
            tls.context = self._authority.context(name.lower())

    async def _requests(self, wire: Wire, host: str, depth: int) -> None:
        """Requests on one connection, each an exchange."""
        reader = Reader(wire)
        while True:
            if not reader.rest:
                reader.rest = await wire.receive()
            if not reader.rest:
                return
            carried = self._book.begin("https" if wire.secure else "http", host, wire.port)
            with _kept(carried, reader):
                request = parsed(await head(reader, carried))
                self._named(carried, request, wire)
                tunnel = request.method == "CONNECT" and depth < limits.MAX_NOWHERE_TUNNELS
                if not tunnel:
                    await self._answered(wire, reader, request, carried)
            if tunnel:
                await wire.send(b"HTTP/1.1 200 Connection established\r\n\r\n")
                wire.unread(reader.rest)
                wire.server_name = request.target.rpartition(":")[0]
                await self._talk(wire, depth + 1)
            if tunnel or request.headers.get("connection", "").lower() == "close":
                return

    def _named(self, carried: Carried, request: Request, wire: Wire) -> None:
        carried.summary = f"{request.method} {request.path}"
        unnamed = carried.host == wire.address and wire.address not in metadata.ADDRESSES
        if unnamed and _HOST.match(request.host):
            carried.host = request.host

    async def _answered(self, wire: Wire, reader: Reader, request: Request, carried: Carried) -> None:
        if greeting := upgrade(request):
            await wire.send(greeting)
            await frames(reader, carried)
        if "100-continue" in request.headers.get("expect", "").lower():
            await wire.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        await body(reader, request, carried)
        if wire.address in metadata.ADDRESSES:
            told = metadata.told(request, wire.address, self._machines)
        else:
            told = plausible(request, carried.host)
        await wire.send(written(told, request))

    async def _letters(self, wire: Wire, host: str) -> None:
        carried, reader = self._book.begin("smtp", host, wire.port), Reader(wire)
        with _kept(carried, reader):
            await mail(wire, reader, carried, lambda: self._secured(wire, host))

    async def _swallowed(self, wire: Wire, host: str) -> None:
        """Whatever it is."""
        carried = self._book.begin("tcp", host, wire.port)
        with _kept(carried, None):
            while await wire.receive(carried):
                pass

    async def _lookups(self, wire: Wire) -> None:
        """Queries over TCP (RFC 7766)."""
        reader = Reader(wire)
        while True:
            packet = await reader.exactly(int.from_bytes(await reader.exactly(2), "big"))
            told = self._looked_up(packet, wire.address, wire.port)
            if told is None:
                return
            await wire.send(len(told).to_bytes(2, "big") + told)

    def _looked_up(self, packet: bytes, address: str, port: int) -> bytes | None:
        """The answer to a query; None to what is none, which is written down all the same."""
        asked = question(packet)
        carried = self._book.begin(*("udp", address, port) if asked is None else ("dns", asked.name, port))
        carried.take(packet)
        carried.summary = asked.asked if asked else ""
        carried.done()
        return answer(packet, asked, self._names) if asked else None

    def datagrams(self, receiving: socket.socket, port: int) -> None:
        """Everything that waits at a socket of UDP."""
        for _ in range(limits.MAX_NOWHERE_DATAGRAMS):
            try:
                data, control, _, sender = receiving.recvmsg(65535, socket.CMSG_SPACE(_PACKET_INFO.size))
            except OSError:
                return
            info = next((held for *_, kind, held in control if kind == IP_PKTINFO), b"")
            to = socket.inet_ntoa(_PACKET_INFO.unpack(info)[2]) if info else receiving.getsockname()[0]
            self._datagram(receiving, data, sender, to, port)

    def _datagram(
        self, receiving: socket.socket, data: bytes, sender: tuple[str, int], to: str, port: int
    ) -> None:
        if port != _DNS:
            carried = self._book.begin("udp", self._names.name(to), port)
            carried.take(data)
            carried.done()
            return
        told = self._looked_up(data, to, port)
        if told is not None:
            # From the address that was asked: with a socket for all of them, it would be another.
            source = _PACKET_INFO.pack(0, socket.inet_aton(to), bytes(4))
            with suppress(OSError):
                receiving.sendmsg([told], [(socket.IPPROTO_IP, IP_PKTINFO, source)], 0, sender)


@contextmanager
def _kept(carried: Carried, reader: Reader | None) -> Iterator[None]:
    """Write an exchange down however it ends; what came last, and was not understood, is a part of it."""
    try:
        yield
    except (OSError, asyncio.CancelledError):
        if reader is not None:
            carried.take(reader.rest)
        carried.cut |= reader is not None
        raise
    finally:
        carried.done()
