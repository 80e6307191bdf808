"""Contacts a host unasked without checking its certificate."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Call
from stockade.analyse.code.observe import RUNS, networks, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence

_UNVERIFIED = frozenset({"ssl._create_unverified_context", "ssl._create_stdlib_context"})


@detector("unverified-network", on=Call, when=networks)
def unverified_network(call: Call) -> Iterator[Evidence]:
    """Contacts a host unasked without checking its certificate.

    What: a network call at install, start-up, import or behind a command with verification turned off.
    Why: it is how one talks to a bare address or a host without a proper certificate.
    Benign twins: tools that offer it as an option pass a variable and no constant.
    Blind spots: verification turned off globally.
    """
    if call.phase not in RUNS:
        return
    verify = call.keywords.get("verify")
    if (verify is not None and verify.known and verify.const is False) or call.origins & _UNVERIFIED:
        yield seen("unverified-network", call, "contacts a host without checking its certificate")
