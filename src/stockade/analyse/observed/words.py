"""What is said of a decoy that was sent."""

from __future__ import annotations

from stockade.model.observation import ARGUMENT, Decoy, Exchange
from stockade.model.record import kept

_LONGEST = 100


def sent(decoy: Decoy, exchange: Exchange, how: str) -> str:
    """The decoy … of … to … (base64, gzip)."""
    disguise = f" ({how})" if how else ""
    host = domain(exchange.host) if exchange.protocol == "dns" else exchange.host
    return f"the decoy {decoy.what}{place(decoy.where)} to {kept(host, _LONGEST)}{disguise}"


def place(where: str) -> str:
    """Where a decoy lay, in words that go on from what it is."""
    if where.startswith(ARGUMENT):
        return f", {where},"
    if where.startswith("~/"):
        return f" of {where}"
    return f", handed out by {where}," if where[:1].isdigit() else f" of the variable {where}"


def domain(name: str) -> str:
    """Whose servers are asked for a name: what stands before is what they are told."""
    labels = name.rstrip(".").split(".")
    return ".".join(labels[-3:] if len(labels) > 2 and len(labels[-2]) < 4 else labels[-2:])
