"""Names a service that tells a machine's own public address."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Literal
from stockade.analyse.code.marks import Mark
from stockade.analyse.code.observe import named, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("own-address-service", on=Literal)
def own_address_service(literal: Literal) -> Iterator[Evidence]:
    """Names a service that tells a machine's own public address.

    What: a string with such a service.
    Why: thieves put the address and the place on every report; libraries hardly need either.
    Benign twins: tools for networks and proxies, when called.
    Blind spots: a service that is not in the vocabulary.
    """
    if part := named(literal, Mark.OWN_ADDRESS):
        yield seen(
            "own-address-service", literal, "names a service that tells a machine's public address", part
        )
