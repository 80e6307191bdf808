"""Belongs to other accounts than when this machine last saw it."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.detector import detector
from stockade.analyse.identity.history import OwnersChanged
from stockade.model.evidence import Evidence, Location


@detector("owners-changed", on=OwnersChanged)
def owners_changed(change: OwnersChanged) -> Iterator[Evidence]:
    """Belongs to other accounts than when this machine last saw it.

    What: none of the accounts that owned the project by the index's word when it was last checked here owns it now.
    Why: a project that changes hands whole, by sale or by theft, is trusted for what its former owners did.
    Benign twins: somebody who joins or leaves; projects that are handed over in the open; indexes that tell no owners.
    Blind spots: a project that was never checked here before; a thief who uses the owner's own account.
    """
    message = f"belongs to other accounts than when it was last seen here ({', '.join(change.before[:3])})"
    excerpt = ", ".join(change.after[:8])
    yield Evidence(detector="owners-changed", message=message, where=Location(file=""), excerpt=excerpt)
