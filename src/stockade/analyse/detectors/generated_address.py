"""Contacts an address that it generates, unasked."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Call
from stockade.analyse.code.observe import networks, runs, seen
from stockade.analyse.code.vocabulary import CHANCE, LOOKUP, touching
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("generated-address", on=Call, when=runs)
def generated_address(call: Call) -> Iterator[Evidence]:
    """Contacts an address that it generates, unasked.

    What: a network call or look-up at install, start-up, import or behind a command whose address depends on
    random choices or on a digest.
    Why: generated hosts outlive every list of hosts, and random parts defeat caches and filters.
    Benign twins: request numbers and cache keys in arguments other than the address.
    Blind spots: generators written by hand.
    """
    if not (networks(call) or call.target in LOOKUP):
        return
    if found := touching(call.arg(0, "url", "host").origins, CHANCE):
        yield seen("generated-address", call, f"contacts an address that it generates ({min(found)})")
