"""Sent the signing key that it was handed, in the body of a request."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.detector import detector
from stockade.analyse.observed.facts import HandedOn
from stockade.analyse.observed.words import sent
from stockade.model.evidence import Evidence, Location


@detector("decoy-handed-on", on=HandedOn)
def decoy_handed_on(handed: HandedOn) -> Iterator[Evidence]:
    """Sent the signing key that it was handed, in the body of a request.

    What: a secret key or a recovery phrase that a class was constructed with came to the network, without its id, and
    not in the head of a request, where a client says who it is.
    Why: who is given a signing key signs with it; sent, it is worth as much to whoever gets it.
    Benign twins: clients that send a token, or a password to log in with, that they were given; keys in a head.
    Blind spots: a few services want a secret key in a form (checks of captchas); their clients are asked about.
    """
    yield Evidence(
        detector="decoy-handed-on",
        message="hands on " + sent(handed.decoy, handed.exchange, handed.how),
        where=Location(file=""),
        phase=handed.phase,
        excerpt=handed.exchange.summary,
    )
