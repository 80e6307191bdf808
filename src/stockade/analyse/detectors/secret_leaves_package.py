"""Hands a secret to another distribution that sends it to an address of its own."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.detector import detector
from stockade.analyse.flows.link import CERTAIN, Departure, plainest
from stockade.analyse.flows.tell import destination, how, owned, told
from stockade.model.evidence import Evidence, Phase


@detector("secret-leaves-package", on=Departure)
def secret_leaves_package(departure: Departure) -> Iterator[Evidence]:
    """Hands a secret to another distribution that sends it to an address of its own.

    What: a parameter, field or store that holds a secret, followed through fields and methods to a call of another
    distribution of the same closure, and inside that to a call that sends it to a constant address; told where at least
    three of these come together (the first counts twice): the address had to be decoded, or carries the secret as a
    host name; every error is dropped; the recipient does not call it a secret; it happens while a client is made.
    Why: the cloud SDK clones of March 2025 ran nothing at install or import; the keys that left were their callers'.
    Benign twins: SDKs in layers (boto3 and botocore), wrappers that pass an API key on, telemetry clients.
    Blind spots: recipients that the closure does not hold, values that go through files, queues or other processes.
    """
    sure = [one for one in departure.links if one.weight >= CERTAIN]
    if sure:
        best = plainest(sure)
        whose = owned(one.source for one in sure)
        message = f"hands {whose} to {best.taken}, which sends them to {destination(best.sink)}"
        yield told("secret-leaves-package", message + how(sure), best.left, Phase.CALL, best.path)
