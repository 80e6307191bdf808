"""Contacts an application at a host where anybody can put one up for nothing."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Call
from stockade.analyse.code.marks import Mark, mark
from stockade.analyse.code.observe import addresses, networks, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("free-host-contacted", on=Call, when=networks)
def free_host_contacted(call: Call) -> Iterator[Evidence]:
    """Contacts an application at a host where anybody can put one up for nothing.

    What: a network call to an address under the domain of a free application host.
    Why: a collector of stolen data needs to live for a day, costs nothing there and names nobody.
    Benign twins: small services whose own client this is, and demonstrations.
    Blind spots: an address that is put together outside of what can be folded.
    """
    for value in addresses(call):
        if part := mark(value.text, Mark.FREE):
            yield seen("free-host-contacted", call, "contacts an application on a free host", part)
            return
