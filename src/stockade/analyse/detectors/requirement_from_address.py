"""Requires something from an address instead of from an index."""

from __future__ import annotations

from collections.abc import Iterator

from stockade import limits
from stockade.analyse.detector import detector
from stockade.analyse.unpack.addresses import address, on_a_forge
from stockade.analyse.unpack.facts import Identity
from stockade.model.evidence import Evidence, Location, Phase


@detector("requirement-from-address", on=Identity)
def requirement_from_address(identity: Identity) -> Iterator[Evidence]:
    """Requires something from an address instead of from an index.

    What: in the metadata, in pyproject.toml (also of what builds it) or in setup.cfg, a requirement that is no extra
    with an address that is not of a well-known forge, or a place to look for requirements.
    Why: what lies there is in no index, under no advisory and no quarantine, and can change at any time.
    Benign twins: forks on a forge; extras for development; wheels of a company's own server.
    Blind spots: a forge's account that nobody knows.
    """
    for asked in identity.asked:
        found = address(asked.text)
        if found and not asked.optional and not on_a_forge(found):
            what = "looks for requirements at" if asked.link else "requires something from"
            yield Evidence(
                detector="requirement-from-address",
                message=f"{what} an address outside of any index{' before it is built' if asked.building else ''}",
                where=Location(file=asked.source),
                phase=Phase.INSTALL,
                excerpt=asked.text[: limits.MAX_EXCERPT],
            )
