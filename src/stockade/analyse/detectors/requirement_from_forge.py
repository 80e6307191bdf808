"""Requires the sources of somebody's account on a forge, in place of a release."""

from __future__ import annotations

from collections.abc import Iterator

from stockade import limits
from stockade.analyse.detector import detector
from stockade.analyse.unpack.addresses import address, on_a_forge
from stockade.analyse.unpack.facts import Identity
from stockade.model.evidence import Evidence, Location, Phase


@detector("requirement-from-forge", on=Identity)
def requirement_from_forge(identity: Identity) -> Iterator[Evidence]:
    """Requires the sources of somebody's account on a forge, in place of a release.

    What: a requirement that is no extra, whose address is on a well-known forge.
    Why: it escapes quarantine, advisories and cooldowns, as any address does.
    Benign twins: projects that wait for a fix to be released; build tools from their makers' forge.
    Blind spots: none that the other detectors of requirements do not have.
    """
    for asked in identity.asked:
        found = address(asked.text)
        if found and not asked.optional and on_a_forge(found):
            yield Evidence(
                detector="requirement-from-forge",
                message="requires the sources of somebody's account on a forge",
                where=Location(file=asked.source),
                phase=Phase.INSTALL,
                excerpt=asked.text[: limits.MAX_EXCERPT],
            )
