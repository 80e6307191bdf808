"""Contacts the network while it is installed."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Call
from stockade.analyse.code.observe import networks, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence, Phase


@detector("install-time-network", on=Call, when=networks)
def install_time_network(call: Call) -> Iterator[Evidence]:
    """Contacts the network while it is installed.

    What: a call that connects, fetches or sends, reached from setup.py, a build backend or a replaced
    install command.
    Why: installing needs no network of the package's own; the installer has fetched everything.
    Benign twins: builds that fetch a source tarball or a prebuilt library (few, and most of them moved
    to vendored sources); uploads in a custom `publish` command.
    Blind spots: a program that the build starts and that connects by itself (see install-time-process).
    """
    if call.phase is Phase.INSTALL:
        yield seen("install-time-network", call, "contacts the network")
