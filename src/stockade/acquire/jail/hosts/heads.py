"""The head of an HTTP/1 request (RFC 9112): who is asked for what, and how long its body is.

Stricter than the standard: what one server may read otherwise than another is refused, and only what is understood goes
on, written anew.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from stockade.acquire.jail.hosts.rules import host_of

_WORD = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_LINE = re.compile(rf"({_WORD}) ([!-~]+) HTTP/1\.([01])")
_FIELD = re.compile(rf"({_WORD}):[ \t]*([^\x00-\x08\x0a-\x1f\x7f]*?)[ \t]*")
_PLACE = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^:@/?#\[\]]+)(?::(?P<port>\d{1,5}))?")
_ABSOLUTE = re.compile(r"http://([^/?#]+)([/?][^#]*)?", re.IGNORECASE)
#: What concerns one connection alone, and what is said to a proxy.
_OWN = frozenset(
    (
        "connection",
        "proxy-connection",
        "keep-alive",
        "proxy-authorization",
        "te",
        "trailer",
        "upgrade",
        "expect",
    )
)
#: What a first byte begins with that is a request, and no TLS.
STARTS = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ")


class BadHead(ValueError):
    """No request that could be passed on; the words say why."""


@dataclass(frozen=True, slots=True)
class Head:
    """One request. `host` and `port` are whom it means; `length` of its body, None where that is in chunks."""

    method: str
    host: str
    port: int
    path: str
    fields: tuple[tuple[str, str], ...]
    length: int | None

    @property
    def tunnel(self) -> bool:
        """Whether it asks for a connection rather than a page."""
        return self.method == "CONNECT"

    def onward(self) -> bytes:
        """The request as the host is to see it: one, after which the connection ends."""
        named = f"[{self.host}]" if ":" in self.host else self.host
        lines = [f"{self.method} {self.path} HTTP/1.1"]
        lines.append(f"Host: {named}" if self.port == 80 else f"Host: {named}:{self.port}")
        lines += [f"{name}: {value}" for name, value in self.fields if name.lower() not in {*_OWN, "host"}]
        lines.append("Connection: close")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def head(raw: bytes, *, proxied: bool, port: int = 80) -> Head:
    """Read a head, up to and without its empty line. `proxied` where it was sent to a proxy; else it came to `port`.
    Raises BadHead."""
    first, *rest = raw.decode("latin-1").split("\r\n")
    line = _LINE.fullmatch(first)
    if line is None:
        raise BadHead("its request is malformed")
    method, target = line[1], line[2]
    fields: list[tuple[str, str]] = []
    for one in rest:
        field = _FIELD.fullmatch(one)
        if field is None:
            raise BadHead("its request is malformed")
        fields.append((field[1], field[2]))
    said = [value for name, value in fields if name.lower() == "host"]
    if len(said) > 1:
        raise BadHead("its request names several hosts")
    if method == "CONNECT":
        if not proxied:
            raise BadHead("it asks a host to be a proxy")
        host, number = _place(target, 0)
        if not number:
            raise BadHead("its request is malformed")
        # Clients write the port here or leave it out: the name is what counts.
        _agree(host, _place(said[0], number)[0] if said else host)
        return Head(method, host, number, "", (), 0)
    host, number, path = _meant(target, said, proxied=proxied, port=port)
    return Head(method, host, number, path, tuple(fields), _length(fields))


def _meant(target: str, said: list[str], *, proxied: bool, port: int) -> tuple[str, int, str]:
    absolute = _ABSOLUTE.fullmatch(target)
    if absolute is not None:
        host, number = _place(absolute[1], 80)
        if said:
            _agree((host, number), _place(said[0], 80))
        path = absolute[2] or "/"
        return host, number, path if path.startswith("/") else f"/{path}"
    if proxied or not (target.startswith("/") or target == "*"):
        raise BadHead("its request is malformed, or not for a proxy")
    if not said:
        raise BadHead("its request names no host")
    host, number = _place(said[0], 80)
    if number not in {port, 80}:
        raise BadHead(f"its request names port {number} and was sent to {port}")
    return host, port, target


def _place(text: str, port: int) -> tuple[str, int]:
    found = _PLACE.fullmatch(text)
    host = host_of(found["host"]) if found else ""
    number = int(found["port"]) if found and found["port"] else port
    if not host or not 0 <= number < 65536:
        raise BadHead("its request names no host")
    return host, number


def _agree(one: object, other: object) -> None:
    if one != other:
        raise BadHead("its request names two hosts")


def _length(fields: list[tuple[str, str]]) -> int | None:
    """How long the body is (RFC 9112, 6.3): never told in two ways."""
    lengths = [value for name, value in fields if name.lower() == "content-length"]
    codings = [value.lower() for name, value in fields if name.lower() == "transfer-encoding"]
    if codings:
        if codings != ["chunked"] or lengths:
            raise BadHead("the length of its request is unclear")
        return None
    if len(lengths) > 1 or any(not re.fullmatch(r"\d{1,18}", one) for one in lengths):
        raise BadHead("the length of its request is unclear")
    return int(lengths[0]) if lengths else 0
