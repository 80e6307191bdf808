"""Where a call sends: the constant part of its address, and whether its caller chose it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from stockade.analyse.code.abstract import Abstract, known
from stockade.analyse.code.scope import Record
from stockade.analyse.code.vocabulary import DECODE, DECRYPT, touching

#: An address or a bare host; a hole where a part is not known.
_URL = re.compile(r"(?:https?|ftp|wss?|tcp)://([^/?#\s]+)", re.IGNORECASE)
_HOST = re.compile(r"(?:[\w{}-]+\.)+[a-z][\w-]+(?::\d+)?", re.IGNORECASE)
_HERE = re.compile(r"(?:localhost|127\.|0\.0\.0\.0|\[?::1)", re.IGNORECASE)
#: Steps that hide nothing.
_PLAIN = frozenset({"join", "slice", "format", "strip", "replace"})
_LONGEST = 300
_LONG = 4_000
_HANDED = ("param:", "os.environ", "os.getenv", "open")
#: What they make holds parts of a request, however these were had, and is no address.
_CONTAINERS = frozenset({"dict", "set", "list", "collections.OrderedDict"})
#: What an address is called where it goes by keyword.
NAMES = ("url", "uri", "host", "hostname", "address", "endpoint", "args", "base_url", "server_hostname")


@dataclass(frozen=True, slots=True)
class Address:
    """`fixed`: the host is a constant of the code; `hidden`: the steps undone to read it."""

    text: str = ""
    fixed: bool = False
    hidden: tuple[str, ...] = ()


NOWHERE = Address()


def address_of(record: Record | None) -> Address:
    """The address among the arguments of a call."""
    if record is None or record.kind != "call":
        return NOWHERE
    named = record.keywords or {}
    return first(map(read, (*record.args[:2], *(named[name] for name in NAMES if name in named))))


def first(found: Iterable[Address]) -> Address:
    """The first address that is fixed, else one that is hidden."""
    best = NOWHERE
    for one in found:
        if one.fixed:
            return one
        best = one if one.hidden else best
    return best


def command_of(record: Record | None) -> Address:
    """The address inside the command line that a call starts."""
    if record is None or not record.args:
        return NOWHERE
    value = record.args[0]
    parts = value.const if isinstance(value.const, (tuple, list)) else (value.const,)
    for part in parts:
        found = _URL.search(part[:_LONG]) if isinstance(part, str) else None
        if found is not None:
            return read(known(part[found.start() :], value.steps))
    return NOWHERE


def read(value: Abstract) -> Address:
    """A value as an address."""
    const = value.const
    if isinstance(const, (tuple, list)) and const:
        const = const[0]
    if isinstance(const, bytes):
        const = const[:_LONGEST].decode("latin-1")
    hidden = tuple(step for step in value.steps if step not in _PLAIN)
    if isinstance(const, (dict, set)) or (value.made and value.target in _CONTAINERS):
        return NOWHERE
    if not isinstance(const, str):
        # What is decoded but could not be read is an address all the same, unless somebody else handed it in.
        if any(one.startswith(_HANDED) for one in value.origins):
            return NOWHERE
        decoded = touching(value.origins, DECODE | DECRYPT)
        return Address("", False, tuple(sorted(decoded)[:2])) if decoded else NOWHERE
    text = const[:_LONGEST].strip()
    url = _URL.match(text)
    host = url[1] if url else text if _HOST.fullmatch(text) else ""
    host = host.rpartition("@")[2]
    if not host or _HERE.match(host):
        return NOWHERE
    # The end of a name says who owns the host; a subdomain may be data.
    labels = host.partition(":")[0].split(".")
    if any("{}" in label for label in labels[-2:]):
        return NOWHERE
    return Address(text, True, hidden)
