"""The jail's DNS (RFC 1035): a name that is allowed gets an address of its own, which leads to the proxy.

Nothing is asked outside: names cannot carry anything there. By the address that is connected to later, the proxy knows
which name was meant.
"""

from __future__ import annotations

import struct
from ipaddress import IPv4Address

from stockade import limits
from stockade.acquire.jail.hosts.rules import Rules, host_of

#: For measuring networks (RFC 2544): nobody's on the internet.
_FIRST = int(IPv4Address("198.18.0.1"))
_HEADER = struct.Struct("!6H")
_A, _AAAA, _IN = 1, 28, 1
_OK, _MALFORMED, _FAILED, _NO_NAME, _NOT_DONE, _REFUSED = 0, 1, 2, 3, 4, 5
_SECONDS = 60


class Book:
    """Which made-up address stands for which name; at most limits.MAX_JAIL_NAMES."""

    def __init__(self) -> None:
        self._addresses: dict[str, str] = {}
        self._names: dict[str, str] = {}

    def address(self, name: str) -> str | None:
        """The address of a name; None where there are too many."""
        if name not in self._addresses:
            if len(self._addresses) >= limits.MAX_JAIL_NAMES:
                return None
            made = str(IPv4Address(_FIRST + len(self._addresses)))
            self._addresses[name], self._names[made] = made, name
        return self._addresses[name]

    def name(self, address: str) -> str:
        """The name of an address; "" where it was given to none."""
        return self._names.get(address, "")


class Resolver:
    """Answers questions. `refused` is set to the name of the last question where that is not allowed, else to ""."""

    def __init__(self, rules: Rules, book: Book) -> None:
        self._rules, self._book = rules, book
        self.refused = ""

    def answer(self, query: bytes) -> bytes:
        """The answer to a question as it came; b"" for what is none."""
        self.refused = ""
        if len(query) < _HEADER.size or len(query) > limits.MAX_JAIL_QUERY:
            return b""
        ident, flags, questions, answers, *_ = _HEADER.unpack_from(query)
        if flags & 0x8000:
            return b""
        if flags & 0x7800:
            return _answered(ident, flags, b"", _NOT_DONE)
        found = _question(query) if (questions, answers) == (1, 0) else None
        if found is None:
            return _answered(ident, flags, b"", _MALFORMED)
        name, kind, asked, end = found
        question = query[_HEADER.size : end]
        host = host_of(name)
        if not host or not self._rules.named(host):
            self.refused = name or "."
            return _answered(ident, flags, question, _NO_NAME)
        if kind != _A or asked != _IN:
            return _answered(ident, flags, question, _OK)
        address = self._book.address(host)
        if address is None:
            return _answered(ident, flags, question, _FAILED)
        record = struct.pack("!HHHIH", 0xC00C, _A, _IN, _SECONDS, 4) + IPv4Address(address).packed
        return _answered(ident, flags, question, _OK, record)


def _question(query: bytes) -> tuple[str, int, int, int] | None:
    """Name, kind and class of the question, and where it ends; None where it is malformed."""
    labels: list[str] = []
    place = _HEADER.size
    while place < len(query) and query[place]:
        size = query[place]
        if size > 63 or len(labels) > 127:
            return None
        labels.append(query[place + 1 : place + 1 + size].decode("latin-1"))
        place += 1 + size
    if place + 5 > len(query):
        return None
    kind, asked = struct.unpack_from("!HH", query, place + 1)
    return ".".join(labels), kind, asked, place + 5


def _answered(ident: int, flags: int, question: bytes, code: int, record: bytes = b"") -> bytes:
    # An answer; recursion as it was desired; available.
    flags = 0x8080 | (flags & 0x0100) | code
    counts = (1 if question else 0, 1 if record else 0, 0, 0)
    return _HEADER.pack(ident, flags, *counts) + question + record
