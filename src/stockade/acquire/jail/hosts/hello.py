"""Which host a TLS client asks for, read from its first message (RFC 8446 4.1.2, RFC 6066 3), which is not changed.

Only what is well-formed is taken: a server that reads a malformed message otherwise than we do would be another host.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from stockade import limits
from stockade.acquire.jail.hosts.rules import host_of

_HANDSHAKE, _CLIENT_HELLO, _SERVER_NAME, _ENCRYPTED = 22, 1, 0, 0xFE0D


class NotTls(ValueError):
    """It is no client's first message; the words say what is wrong."""


class More(Exception):
    """It goes on."""


@dataclass(frozen=True, slots=True)
class Hello:
    """`host` is "" where none is named; `hidden` where another one may be, encrypted."""

    host: str
    hidden: bool


def hello(sent: bytes) -> Hello:
    """Read what a client has sent so far; raises More until that is all of its first message, and NotTls."""
    try:
        return _hello(_Reader(_handshake(sent)))
    except IndexError:
        raise NotTls("its TLS greeting is malformed") from None


def _handshake(sent: bytes) -> bytes:
    """The body of the first message, out of as many records as it takes."""
    body, place = bytearray(), 0
    while True:
        if len(sent) < place + 5:
            _go_on(sent)
        if sent[place] != _HANDSHAKE or sent[place + 1] != 3:
            raise NotTls("its TLS greeting is malformed")
        size = int.from_bytes(sent[place + 3 : place + 5])
        if not size or size > 1 << 14:
            raise NotTls("its TLS greeting is malformed")
        body += sent[place + 5 : place + 5 + size]
        if len(body) >= 4:
            if body[0] != _CLIENT_HELLO:
                raise NotTls("its TLS greeting is malformed")
            whole = int.from_bytes(body[1:4])
            if whole > limits.MAX_JAIL_HELLO:
                raise NotTls("its TLS greeting is too long")
            if len(body) >= 4 + whole:
                return bytes(body[4 : 4 + whole])
        if len(sent) < place + 5 + size:
            _go_on(sent)
        place += 5 + size


def _go_on(sent: bytes) -> NoReturn:
    if len(sent) > 2 * limits.MAX_JAIL_HELLO:
        raise NotTls("its TLS greeting is too long")
    raise More


class _Reader:
    """Bytes from front to back; raises IndexError past the end."""

    def __init__(self, held: bytes) -> None:
        self._held, self._place = held, 0

    def take(self, size: int) -> bytes:
        if size > len(self._held) - self._place:
            raise IndexError
        self._place += size
        return self._held[self._place - size : self._place]

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size))

    def vector(self, size: int) -> _Reader:
        """What stands behind its own length, a number of so many bytes."""
        return _Reader(self.take(self.number(size)))

    def rest(self) -> bytes:
        return self.take(len(self._held) - self._place)

    @property
    def over(self) -> bool:
        return self._place == len(self._held)


def _hello(said: _Reader) -> Hello:
    said.take(2 + 32)  # version, random
    said.vector(1)  # session
    said.vector(2)  # ciphers
    said.vector(1)  # compression
    extensions = said.vector(2) if not said.over else _Reader(b"")
    if not said.over:
        raise IndexError
    names: list[bytes] = []
    hidden, seen = False, set()
    while not extensions.over:
        kind, body = extensions.number(2), extensions.vector(2)
        if kind in seen:
            raise IndexError
        seen.add(kind)
        hidden = hidden or kind == _ENCRYPTED
        if kind == _SERVER_NAME:
            listed = body.vector(2)
            while not listed.over:
                names.append(_server_name(listed))
            if not body.over:
                raise IndexError
    if len(names) > 1 or (_SERVER_NAME in seen and not names):
        raise IndexError
    host = host_of(names[0].decode("ascii", "replace")) if names else ""
    if names and not host:
        raise IndexError
    return Hello(host, hidden)


def _server_name(listed: _Reader) -> bytes:
    if listed.number(1) != 0:
        raise IndexError
    return listed.vector(2).rest()
