"""Imports a library for the network where it is installed."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Import
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence, Phase

_LIBRARIES = (
    "requests httpx aiohttp urllib3 socket http.client httplib smtplib ftplib websocket websockets paramiko telebot"
    " telegram discord dhooks discord_webhook urllib.request urllib2 wget dns dns.resolver cloudscraper pycurl"
)
_NETWORK = frozenset(_LIBRARIES.split())


@detector("setup-imports-network", on=Import)
def setup_imports_network(found: Import) -> Iterator[Evidence]:
    """Imports a library for the network where it is installed.

    What: setup.py imports a library that makes connections.
    Why: metadata and a build need none; a weak sign that adds to others, also where the call itself is hidden.
    Benign twins: set-up scripts that fetch a native library or the list of releases.
    Blind spots: connections by a program that is started.
    """
    if found.phase is not Phase.INSTALL or not found.where.file.endswith("/setup.py") or found.where.layer:
        return
    if found.module in _NETWORK or any(f"{found.module}.{name}" in _NETWORK for name in found.names):
        yield Evidence(
            detector="setup-imports-network",
            message=f"imports {found.module[:60]} while it is installed",
            where=found.where,
            phase=found.phase,
        )
