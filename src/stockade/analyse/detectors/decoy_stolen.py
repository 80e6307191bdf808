"""Sent a decoy away when it was run: proof."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.detector import detector
from stockade.analyse.observed.facts import Stolen
from stockade.analyse.observed.words import sent
from stockade.model.evidence import Evidence, Location


@detector("decoy-stolen", on=Stolen)
def decoy_stolen(stolen: Stolen) -> Iterator[Evidence]:
    """Sent a decoy away when it was run: proof.

    What: a secret that was laid out for one detonation, and occurs nowhere else, came to the network: in the clear,
    encoded, compressed, backwards, masked with a byte, in pieces over requests or names, or several of these.
    Why: whatever the code looks like, this is theft; the campaign of March 2025 is proved by it.
    Benign twins: a client that sends a token to the service that it belongs to, or what its caller handed it to
    whomever it speaks to; a package that only connects, or signs with a key that it never sends.
    Blind spots: what waits for longer, for another machine or for a person; ciphers other than one byte; an attacker
    who only tries whether a secret works, at the service itself.
    """
    yield Evidence(
        detector="decoy-stolen",
        message="sends " + sent(stolen.decoy, stolen.exchange, stolen.how),
        where=Location(file=""),
        phase=stolen.phase,
        excerpt=stolen.exchange.summary,
    )
