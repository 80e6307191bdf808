"""Contacts the network merely because it is imported, or because Python starts."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Call
from stockade.analyse.code.observe import networks, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence, Phase


@detector("import-time-network", on=Call, when=networks)
def import_time_network(call: Call) -> Iterator[Evidence]:
    """Contacts the network merely because it is imported, or because Python starts.

    What: a call that connects, fetches or sends at module level, or in a function that module level calls.
    Why: a library's network traffic follows from a request of its user; at import nobody has asked.
    Benign twins: a few SDKs that fetch remote settings or check for an update when imported.
    Blind spots: traffic that waits for a class to be made or a decorator to be used; what lies in an archive that is
    written out of a constant.
    """
    if call.phase in {Phase.IMPORT, Phase.STARTUP}:
        yield seen("import-time-network", call, "contacts the network")
