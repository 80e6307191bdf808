"""A client of the jail: what it says first must mean the host that it is connected to, whichever way it came."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Coroutine
from contextlib import suppress

from stockade import limits
from stockade.acquire.jail.hosts.heads import BadHead, Head, head
from stockade.acquire.jail.hosts.hello import More, hello
from stockade.acquire.jail.hosts.rules import WEB
from stockade.model.record import kept

Reader = asyncio.StreamReader
Writer = asyncio.StreamWriter

CHUNK = 64 * 1024
_TLS = 22
#: TLS: fatal, access denied.
_DENIED = b"\x15\x03\x03\x00\x02\x02\x31"
_REQUEST = re.compile(rb"[!-~]+[ \t]+[^\r\n]*[ \t]HTTP/\d", re.IGNORECASE)
_TEXT = re.compile(rb"[\t\r -~]*\Z")
_LONGEST_LINE = 8192
_MOMENT = 2.0


class Refused(Exception):
    """Something is not let through; the words complete "HOST:PORT: …"."""


class Connection:
    """One client. `target` is whom it means, as far as that is known; `said` whether it has had an answer."""

    def __init__(self, reader: Reader, writer: Writer) -> None:
        self.reader, self.writer = reader, writer
        self.target, self.said = "", False
        self._tls = False
        self._request: Head | None = None
        self._sent = b""
        self._meant: str | None = None
        self._began = False

    async def serve(self) -> None:
        """All of it; raises Refused, BadHead and NotTls for what is not let through."""
        raise NotImplementedError

    async def denied(self, why: str) -> None:
        """Say it in the client's own protocol, where no host has said anything yet; then hear it out for a moment:
        what is closed with words unread takes the answer back."""
        self._deny(why)
        await self.writer.drain()
        self.writer.write_eof()
        async with asyncio.timeout(_MOMENT):
            while await self.reader.read(CHUNK):
                pass

    def _deny(self, why: str) -> None:
        if self._tls:
            self.writer.write(_DENIED)
        elif not self.said:
            body = f"stockade: {kept(self.target)}: {why}\n".encode()
            self.writer.write(
                b"HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain; charset=utf-8\r\n"
                b"Connection: close\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
            )

    async def between(self, server: tuple[Reader, Writer], up: Coroutine[object, object, None]) -> None:
        """Bytes in both directions: `up` brings the client's to the server."""
        down = asyncio.create_task(self._down(server[0]))
        try:
            await up
            await down
        finally:
            down.cancel()
            server[1].transport.abort()
            with suppress(OSError, TimeoutError, asyncio.CancelledError):
                await down

    async def _down(self, server: Reader) -> None:
        """What the server says. After the one request that is passed on, the client is told not to send another."""
        held = await server.read(CHUNK)
        if self._request is not None and held.startswith(b"HTTP/1."):
            while b"\r\n" not in held and len(held) < _LONGEST_LINE and (more := await server.read(CHUNK)):
                held += more
            held = held.replace(b"\r\n", b"\r\nConnection: close\r\n", 1)
        if held:
            self.said, self._tls = True, False
            self.writer.write(held)
            await self.writer.drain()
            await _pump(server, self.writer)

    async def up(
        self, server: Writer, host: str, port: int, sent: bytes = b"", *, literal: bool = False
    ) -> None:
        """What the client says, which must mean `host`. `literal`: a rule names this address, so that whatever it is
        called is right."""
        anything = literal or port not in WEB
        meant = await self.begins(port, anything=anything, sent=sent)
        if not self._sent and self._request is None:
            return
        if meant is None and not anything:
            raise Refused("what is said to it is neither TLS nor HTTP")
        if meant is not None and meant != host and not literal:
            raise Refused(
                f"it is told that {kept(meant)} is meant" if meant else "it is not told who is meant"
            )
        if self._request is not None:
            await self.request(self._request, self._sent, server)
            return
        server.write(self._sent)
        await server.drain()
        await _pump(self.reader, server)

    async def begins(self, port: int, *, anything: bool, sent: bytes = b"") -> str | None:
        """Whom the client's first bytes mean: by TLS or HTTP ("" where these name nobody), None where they are
        neither. Who speaks of the web has to begin soon."""
        if self._began:
            return self._meant
        self._began = True
        if not sent:
            async with asyncio.timeout(limits.JAIL_IDLE_SECONDS if anything else limits.JAIL_ASKING_SECONDS):
                sent = await self.reader.read(CHUNK)
        async with asyncio.timeout(limits.JAIL_ASKING_SECONDS):
            if sent[:1] == bytes([_TLS]):
                self._meant = await self._hello(sent)
            elif sent:
                await self._text(sent, port)
        return self._meant

    async def _hello(self, sent: bytes) -> str:
        self._tls = True
        while True:
            try:
                found = hello(sent)
                break
            except More:
                sent += await self._more()
        self._sent = sent
        if found.hidden:
            raise Refused("which host is meant is hidden (encrypted client hello)")
        return found.host

    async def _text(self, sent: bytes, port: int) -> None:
        """Wait for as much as tells a request from anything else: a line, or what is no text."""
        while (line := sent.lstrip(b"\r\n")) == b"" or (
            b"\n" not in line and len(line) < _LONGEST_LINE and _TEXT.match(line)
        ):
            if len(sent) > 2 * _LONGEST_LINE:
                raise Refused("what is said to it begins with nothing")
            more = await self.reader.read(CHUNK)
            if not more:
                break
            sent += more
        self._sent = sent
        if _REQUEST.match(line):
            raw, self._sent = await self.head(line)
            self._request = head(raw, proxied=False, port=port)
            self._meant = self._request.host

    async def head(self, sent: bytes = b"") -> tuple[bytes, bytes]:
        """A request's head without its empty line, and what came after it."""
        while b"\r\n\r\n" not in sent:
            if len(sent) > limits.MAX_JAIL_HEAD:
                raise BadHead("its request is too long")
            sent += await self._more()
        raw, _, rest = sent.partition(b"\r\n\r\n")
        return raw, rest

    async def request(self, request: Head, rest: bytes, server: Writer) -> None:
        """One request, and nothing after it: another one may mean another host."""
        self._request = request
        server.write(request.onward())
        if request.length is None:
            await self._chunks(rest, server)
        else:
            await self._counted(request.length, rest, server)
        await server.drain()

    async def _counted(self, length: int, rest: bytes, server: Writer) -> bytes:
        """Pass on so many bytes; gives what came after them."""
        while len(rest) < length:
            server.write(rest)
            length -= len(rest)
            await server.drain()
            rest = await self._patiently()
        server.write(rest[:length])
        return rest[length:]

    async def _chunks(self, rest: bytes, server: Writer) -> None:
        """A body in chunks (RFC 9112, 7.1), without extensions or trailers."""
        size = -1
        while size:
            line, rest = await self._line(rest)
            if not re.fullmatch(rb"[0-9A-Fa-f]{1,12}", line):
                raise BadHead("the length of its request is unclear")
            size = int(line, 16)
            server.write(b"%x\r\n" % size)
            rest = await self._counted(size, rest, server)
            end, rest = await self._line(rest)
            if end:
                raise BadHead("the length of its request is unclear")
            server.write(b"\r\n")

    async def _line(self, rest: bytes) -> tuple[bytes, bytes]:
        while b"\r\n" not in rest:
            if len(rest) > _LONGEST_LINE:
                raise BadHead("the length of its request is unclear")
            rest += await self._patiently()
        line, _, rest = rest.partition(b"\r\n")
        return line, rest

    async def _patiently(self) -> bytes:
        async with asyncio.timeout(limits.JAIL_IDLE_SECONDS):
            return await self._more()

    async def _more(self) -> bytes:
        more = await self.reader.read(CHUNK)
        if not more:
            raise asyncio.IncompleteReadError(b"", None)
        return more


async def _pump(reader: Reader, writer: Writer) -> None:
    """Everything from one side to the other, until it ends there."""
    while True:
        async with asyncio.timeout(limits.JAIL_IDLE_SECONDS):
            held = await reader.read(CHUNK)
        if not held:
            break
        writer.write(held)
        await writer.drain()
    with suppress(OSError):
        if writer.can_write_eof():
            writer.write_eof()
