"""A server of names (RFC 1035) to which every name exists, at an address of its own."""

from __future__ import annotations

import ipaddress
import struct
from collections.abc import Mapping
from dataclasses import dataclass

from stockade import limits

A, MX, TXT, AAAA, ANY = 1, 15, 16, 28, 255
TYPES = {
    A: "A",
    2: "NS",
    5: "CNAME",
    6: "SOA",
    12: "PTR",
    MX: "MX",
    TXT: "TXT",
    AAAA: "AAAA",
    33: "SRV",
    65: "HTTPS",
    ANY: "ANY",
}
_IN = 1
_HEAD = struct.Struct("!6H")
_TTL = 60
#: A network that is never routed (RFC 2544): should every wall fail, what is sent there arrives nowhere.
_FIRST = int(ipaddress.IPv4Address("198.18.0.10"))


class Names:
    """Name -> address, the same for as long as this lives, and back. What is in `known` leads elsewhere."""

    def __init__(self, known: Mapping[str, str] | None = None) -> None:
        self._known = dict(known or {})
        self._addresses: dict[str, str] = {}
        self._names: dict[str, str] = {}

    def address(self, name: str) -> str:
        """Where `name` leads: a new address, until there are too many names; the rest share the last."""
        asked = name.lower().rstrip(".")
        found = self._known.get(asked) or self._addresses.get(asked)
        if found is not None:
            return found
        made = str(ipaddress.IPv4Address(_FIRST + len(self._addresses)))
        if len(self._addresses) < limits.MAX_NOWHERE_NAMES:
            self._addresses[asked] = made
            self._names[made] = asked
        return made

    def name(self, address: str) -> str:
        """The name that led to `address`; the address itself where none did."""
        return self._names.get(address, address)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: the name (labels joined by dots, others than ASCII escaped), its type, and where it ends."""

    name: str
    type: int
    end: int

    @property
    def asked(self) -> str:
        return f"{TYPES.get(self.type, str(self.type))} {self.name}"


def question(packet: bytes) -> Question | None:
    """The first question of a query; None where it is none."""
    if len(packet) < _HEAD.size or packet[2] & 0xF8 or not int.from_bytes(packet[4:6], "big"):
        return None
    labels, at = [], _HEAD.size
    while at < len(packet) and packet[at]:
        length = packet[at]
        if length > 63 or at - _HEAD.size > 255:
            return None
        labels.append(packet[at + 1 : at + 1 + length].decode("ascii", "backslashreplace"))
        at += 1 + length
    if at + 5 > len(packet):
        return None
    kind, family = struct.unpack_from("!HH", packet, at + 1)
    return Question(".".join(labels), kind, at + 5) if family == _IN else None


def answer(packet: bytes, asked: Question, names: Names) -> bytes:
    """What is answered: one record where there can be one, nothing (no error) for what has none."""
    held = _record(asked, names)
    flags = 0x8180 if packet[2] & 1 else 0x8080
    head = _HEAD.pack(int.from_bytes(packet[:2], "big"), flags, 1, 1 if held else 0, 0, 0)
    made = head + packet[_HEAD.size : asked.end]
    if held:
        kind, data = held
        made += struct.pack("!HHHIH", 0xC00C, kind, _IN, _TTL, len(data)) + data
    return made


def _record(asked: Question, names: Names) -> tuple[int, bytes] | None:
    if asked.type in {A, ANY}:
        return A, ipaddress.IPv4Address(names.address(asked.name)).packed
    if asked.type == TXT:
        return TXT, b"\x0bv=spf1 -all"
    if asked.type == MX:  # itself
        return MX, b"\0\x0a\xc0\x0c"
    return None
