"""Connections of clients: plain HTTP, requests to a proxy, and tunnels that end here.

uvicorn's own protocol, with four things it lacks: a reason phrase of ours (pip shows nothing else of a refusal),
CONNECT answered with TLS under this run's authority, a token that a proxy's client must know, and an end to waiting for
heads of requests that never come whole.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from typing import Any

import h11
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from stockade import limits
from stockade.acquire.authority import Authority
from stockade.act.gate.door import Door

#: The header by which the application says what the reason phrase is to be; it never leaves the process.
REASON = b"x-reason"
#: Where in ``scope["state"]`` the scheme and authority stand that a tunnel leads to.
ORIGIN = "origin"
#: And whether the client showed the token.
KNOWN = "known"
_CONNECT = re.compile(rb"CONNECT (\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]{1,253}):([0-9]{1,5}) HTTP/1\.[01]\r\n")
_LOGIN = re.compile(rb"\r\nproxy-authorization:[ \t]*basic[ \t]+([A-Za-z0-9+/=]+)[ \t]*\r\n", re.IGNORECASE)


class _Reasoned(h11.Connection):
    """A connection whose answers carry the reason phrase that the application names."""

    def send(self, event: Any) -> Any:
        if isinstance(event, h11.Response):
            said = [value for name, value in event.headers if name == REASON]
            if said:
                headers = [
                    (name, value) for name, value in event.headers.raw_items() if name.lower() != REASON
                ]
                event = h11.Response(status_code=event.status_code, headers=headers, reason=said[0])
        return super().send(event)


class Front(H11Protocol):
    """One connection. `door` is set by `fronted`."""

    door = Door()

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.conn = _Reasoned(h11.SERVER, limits.MAX_GATE_HEAD)
        self._open = self._began = False
        self._head = b""
        self._tunnel: asyncio.Task[None] | None = None
        self._due: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """Take what comes for requests, not for CONNECT."""
        self._began = True

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """As uvicorn's; what came within a tunnel before its handshake was told to be done is taken now."""
        super().connection_made(transport)
        self._open = True
        self._expect()
        if self._began and self._head:
            head, self._head = self._head, b""
            super().data_received(head)
            self._expect()

    def connection_lost(self, exc: Exception | None) -> None:
        """As uvicorn's."""
        self._expected()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """As uvicorn's, but for a connection that begins with CONNECT."""
        if not self._open:
            self._head += data
        elif self._began:
            super().data_received(data)
            self._expect()
        else:
            self._first(self._head + data)
            self._expect()

    def _expect(self) -> None:
        """Give the head of a request its time from when it began, where one is awaited; or what follows an answer that
        did not wait for its request's end."""
        if self._tunnel is not None or not (
            self.conn.their_state is h11.IDLE or self.conn.our_state is h11.DONE
        ):
            self._expected()
        elif self._due is None and not self.transport.is_closing():
            self._due = self.loop.call_later(limits.GATE_HEAD_SECONDS, self._overdue)

    def _expected(self) -> None:
        if self._due is not None:
            self._due.cancel()
            self._due = None

    def _overdue(self) -> None:
        self._due = None
        if self._head or (self.conn.their_state is h11.IDLE and self.conn.trailing_data[0]):
            self._end(408, "The head of the request took too long")
        else:
            self.transport.close()

    def _first(self, head: bytes) -> None:
        """What a connection begins with, as far as it came."""
        self._head = head
        if not self._head.startswith(b"CONNECT "[: len(self._head)]):
            self._began, head, self._head = True, self._head, b""
            super().data_received(head)
        elif len(self._head) > limits.MAX_GATE_HEAD:
            self._end(431, "Request Header Fields Too Large")
        elif b"\r\n\r\n" in self._head:
            self._connect(self._head)

    def _connect(self, head: bytes) -> None:
        head, end, rest = head.partition(b"\r\n\r\n")
        target, login = _CONNECT.match(head + end), _LOGIN.search(head + end)
        if self.door.authority is None:
            self._end(405, "This is an index, not a proxy")
        elif not self.door.admits(login[1] if login else b""):
            self._end(
                407, "This gate serves one command alone", "Proxy-Authenticate: Basic realm=stockade\r\n"
            )
        elif target is None or rest or not 0 < int(target[2]) < 65536:
            self._end(400, "Not a request that a proxy can follow")
        else:
            host, port = target[1].decode().lower(), int(target[2])
            self._tunnel = self.loop.create_task(self._tunnelled(self.door.authority, host, port))

    async def _tunnelled(self, authority: Authority, host: str, port: int) -> None:
        self.transport.pause_reading()  # what follows belongs to TLS
        try:
            context = await self.loop.run_in_executor(None, authority.context, host)
        except ValueError:
            self._end(400, "Not a host that a certificate can name")
            return
        state = {
            **self.app_state,
            ORIGIN: f"https://{host}" + (f":{port}" if port != 443 else ""),
            KNOWN: True,
        }
        inner = type(self)(self.config, self.server_state, state)
        inner.begin()
        self.transport.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        self.connections.discard(self)
        try:
            secured = await self.loop.start_tls(
                self.transport,
                inner,
                context,
                server_side=True,
                ssl_handshake_timeout=limits.CONNECT_SECONDS,
            )
        except (OSError, ssl.SSLError):
            self.transport.close()  # a client that does not trust us, or left
            return
        if secured is not None:
            inner.connection_made(secured)

    def _end(self, status: int, reason: str, header: str = "") -> None:
        text = f"HTTP/1.1 {status} {reason}\r\n{header}Content-Length: 0\r\nConnection: close\r\n\r\n"
        self.transport.write(text.encode("ascii"))
        self.transport.close()


def fronted(door: Door) -> type[Front]:
    """The protocol class of a server with that door."""
    return type("Fronted", (Front,), {"door": door})


def phrase(text: str) -> bytes:
    """`text` as a reason phrase may be (RFC 9112, section 4): one line of printable ASCII, cut to a bound."""
    plain = "".join(char if " " <= char <= "~" else "?" for char in text)
    if len(plain) > limits.MAX_REASON:
        plain = f"{plain[: limits.MAX_REASON - 3]}..."
    return plain.encode("ascii")
