"""Which hosts may be reached, on which ports: ``a.example``, ``*.b.example:443``, ``10.1.2.0/24:5432``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from stockade import limits

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

#: What a rule without a port allows: the web.
WEB = (80, 443)
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_RULE = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\](?:/\d{1,3})?|[^:\[\]\s]+)(?::(?P<port>\d{1,5}))?")


@dataclass(frozen=True, slots=True)
class Rule:
    """One host. `name` is a name, ``*.NAME`` for all below it, or "" where `network` says which addresses."""

    name: str
    network: Network | None
    ports: tuple[int, ...]

    def names(self, host: str) -> bool:
        """Whether it is about a host of this name, whatever the port."""
        if self.name.startswith("*."):
            return host.endswith(self.name[1:])
        return bool(self.name) and host == self.name

    def holds(self, address: Address) -> bool:
        """Whether it is about this address, whatever the port."""
        return self.network is not None and address in self.network


class Rules:
    """All rules of a jail. Raises ValueError for one that is none."""

    def __init__(self, written: Iterable[str]) -> None:
        self._rules: Sequence[Rule] = tuple(map(_rule, written))
        if len(self._rules) > limits.MAX_JAIL_HOSTS:
            raise ValueError(f"more than {limits.MAX_JAIL_HOSTS} hosts")

    @property
    def ports(self) -> tuple[int, ...]:
        """Every port that is allowed somewhere."""
        return tuple(sorted({port for one in self._rules for port in one.ports}))

    def named(self, host: str) -> bool:
        """Whether a name is allowed on any port: that of its port is asked when it is connected to."""
        return any(one.names(host) for one in self._rules)

    def permits(self, host: str, port: int) -> bool:
        """Whether `host`, a name or an address as text, may be reached on `port`."""
        address = as_address(host)
        if address is not None:
            return self.holds(address, port)
        return any(port in one.ports and one.names(host) for one in self._rules)

    def holds(self, address: Address, port: int) -> bool:
        """Whether an address is allowed as such."""
        return any(port in one.ports and one.holds(address) for one in self._rules)

    def leads_out(self, address: Address, port: int) -> bool:
        """Whether an allowed name may lead to `address`: one of the internet's, or one that a rule allows as such."""
        inner = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
        public = address.is_global and not address.is_multicast and (inner is None or inner.is_global)
        return public or self.holds(address, port)


def host_of(text: str) -> str:
    """A host as everything here compares them: lower case, without the last dot, addresses without brackets in their
    usual form; "" for what is no host."""
    host = text.lower().removesuffix(".")
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    address = as_address(host)
    if address is not None:
        return str(address)
    # All digits and dots, or hexadecimal: other programs read an address in it.
    if len(host) > 253 or re.fullmatch(r"(?:0x[0-9a-f]*|\d+)(?:\.(?:0x[0-9a-f]*|\d+))*", host):
        return ""
    return host if _NAME.fullmatch(host) else ""


def as_address(host: str) -> Address | None:
    """The address that a text is, if it is one."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def _rule(text: str) -> Rule:
    found = _RULE.fullmatch(text)
    port = int(found["port"]) if found and found["port"] else None
    if found is None or (port is not None and not 0 < port < 65536):
        raise ValueError(
            f"{text!r} is no host: write NAME, *.NAME, ADDRESS or NETWORK/BITS, each with or without :PORT"
        )
    ports = WEB if port is None else (port,)
    written = found["host"].lower()
    network = _network(written)
    if network is not None:
        return Rule("", network, ports)
    name = host_of(written.removeprefix("*."))
    if not name or "/" in written:
        told = "" if written.isascii() else "; write other letters than a to z in their ASCII form (xn--...)"
        raise ValueError(f"{text!r} is no host{told}")
    return Rule(f"*.{name}" if written.startswith("*.") else name, None, ports)


def _network(text: str) -> Network | None:
    try:
        return ip_network(text.replace("[", "").replace("]", ""))
    except ValueError:
        return None
