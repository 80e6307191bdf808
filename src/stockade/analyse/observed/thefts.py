"""Which of the decoys that were sent were stolen: those that no honest program would send there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from stockade.analyse.observed.facts import PHASES, Carried, HandedOn, Stolen
from stockade.model.observation import ANYBODY, ARGUMENT, IDENTIFIER, IN_HEADER

#: How honest clients write what they send.
_ORDINARY = frozenset(
    {"URL-encoded", "escaped", "base64", "gzip", "zlib", "deflate", "UTF-16", "quoted-printable", "zip"}
)
_WEB = frozenset({"http", "https"})
#: Nobody is known by a secret here.
_UNASKED = frozenset({"dns", "udp"})


def thefts(carried: Sequence[Carried]) -> Iterator[Stolen | HandedOn]:
    """Each decoy and host once, in the order in which they came."""
    named = {
        id(one.exchange) for one in carried if one.decoy.what == IDENTIFIER and one.part in {"body", "target"}
    }
    had = set()
    for one in sorted(carried, key=lambda one: one.exchange.seconds):
        kind = _kind(one, with_name=id(one.exchange) in named)
        key = (kind, one.decoy, one.exchange.host)
        if kind is not None and key not in had:
            had.add(key)
            phase = PHASES[one.exchange.stage]
            yield kind(decoy=one.decoy, exchange=one.exchange, how=one.how, phase=phase)


def _kind(one: Carried, *, with_name: bool) -> type[Stolen | HandedOn] | None:
    """`with_name`: whom the key belongs to went with it, which is all that it takes to use both."""
    meant, protocol = one.decoy.meant, one.exchange.protocol
    if belongs(one.exchange.host, meant):
        return None
    if not one.decoy.where.startswith(ARGUMENT) or hidden(one.how) or protocol in _UNASKED:
        return Stolen
    if ANYBODY in meant:
        return None
    if IN_HEADER in meant and one.part == "header":
        return None
    return Stolen if with_name and protocol in _WEB else HandedOn


def belongs(host: str, meant: Sequence[str]) -> bool:
    """Whether `host` is one of those that a decoy is for."""
    asked = host.lower().rstrip(".")
    return any(asked == one or (one.startswith(".") and asked.endswith(one)) for one in meant)


def hidden(how: str) -> bool:
    """Whether a disguise is none that a client needs."""
    names = (re.sub(r" over .*", "", name) for name in how.split(", ") if name)
    return any(name not in _ORDINARY for name in names)
