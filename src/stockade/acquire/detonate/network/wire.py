"""One connection from inside: bytes as they come, within TLS once there is TLS, never for long."""

from __future__ import annotations

import asyncio
import ssl
from socket import socket

from stockade import limits
from stockade.acquire.detonate.network.written import Carried


class Wire:
    """Reads and writes one accepted socket. `carried` takes down what is read through `receive`.

    Raises OSError (ssl.SSLError and TimeoutError among them) where the other side is gone, wrong or silent.
    """

    def __init__(self, connection: socket, address: str, port: int) -> None:
        self._socket = connection
        self._loop = asyncio.get_running_loop()
        self._ends = self._loop.time() + limits.NOWHERE_SECONDS
        self._ahead = b""
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls: ssl.SSLObject | None = None
        self.secure = False
        self.address, self.port = address, port
        self.server_name = ""

    async def receive(self, carried: Carried | None = None, *, wait: float | None = None) -> bytes:
        """The next bytes; b"" at the end."""
        data, self._ahead = self._ahead, b""
        if not data:
            data = await (self._decrypted(self.tls, wait) if self.secure and self.tls else self._raw(wait))
        if carried is not None:
            carried.take(data)
        return data

    def unread(self, data: bytes) -> None:
        """Hand back what is to be read again."""
        self._ahead = data + self._ahead

    async def send(self, data: bytes) -> None:
        if self.secure and self.tls:
            self.tls.write(data)
            data = self._out.read()
        await self._written(data)

    async def wrap(self, context: ssl.SSLContext) -> None:
        """TLS from here on; what was handed back belongs to it."""
        self._in.write(self._ahead)
        self._ahead = b""
        self.tls = tls = context.wrap_bio(self._in, self._out, server_side=True)
        while True:
            try:
                tls.do_handshake()
            except ssl.SSLWantReadError:
                await self._written(self._out.read())
                data = await self._raw(None)
                if not data:
                    raise ConnectionError("it was left in the middle of a handshake") from None
                self._in.write(data)
            except ssl.SSLError:
                await self._written(self._out.read())  # the alert
                raise
            else:
                break
        await self._written(self._out.read())
        self.secure = True

    async def _decrypted(self, tls: ssl.SSLObject, wait: float | None) -> bytes:
        while True:
            try:
                return tls.read(limits.NOWHERE_CHUNK)
            except ssl.SSLWantReadError:
                data = await self._raw(wait)
                if not data:
                    return b""
                self._in.write(data)
            except ssl.SSLZeroReturnError:
                return b""

    async def _raw(self, wait: float | None) -> bytes:
        left = min(self._ends - self._loop.time(), limits.NOWHERE_PATIENCE if wait is None else wait)
        return await asyncio.wait_for(self._loop.sock_recv(self._socket, limits.NOWHERE_CHUNK), max(left, 0))

    async def _written(self, data: bytes) -> None:
        if data:
            left = min(self._ends - self._loop.time(), limits.NOWHERE_PATIENCE)
            await asyncio.wait_for(self._loop.sock_sendall(self._socket, data), max(left, 0))


class Ended(ConnectionError):
    """The other side left in the middle of something."""


class Reader:
    """Lines and pieces of a connection. Raises `Ended` where it is over before; `rest` is what was read until then."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self.rest = b""

    async def more(self) -> None:
        data = await self._wire.receive()
        if not data:
            raise Ended("it was left in the middle of something")
        self.rest += data

    async def line(self) -> bytes:
        """A line with its end."""
        while b"\n" not in self.rest:
            if len(self.rest) > limits.MAX_NOWHERE_HEAD:
                raise Ended("a line has no end")
            await self.more()
        at = self.rest.index(b"\n") + 1
        line, self.rest = self.rest[:at], self.rest[at:]
        return line

    async def exactly(self, size: int) -> bytes:
        """So many bytes, few."""
        while len(self.rest) < size:
            await self.more()
        data, self.rest = self.rest[:size], self.rest[size:]
        return data

    async def swallow(self, size: int, carried: Carried) -> None:
        """Take down so many bytes, as they come."""
        while size:
            if not self.rest:
                await self.more()
            data, self.rest = self.rest[:size], self.rest[size:]
            carried.take(data)
            size -= len(data)
