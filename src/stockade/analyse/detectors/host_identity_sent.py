"""Sends the name of the machine or of its user away."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Call
from stockade.analyse.code.observe import networks, seen
from stockade.analyse.code.vocabulary import IDENTITY, touching
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence

#: Connections that a person logs in to under a name of their own.
_LOGINS = frozenset({"paramiko.SSHClient.connect", "paramiko.Transport", "ftplib.FTP.login", "ftplib.FTP"})


@detector("host-identity-sent", on=Call, when=networks)
def host_identity_sent(call: Call) -> Iterator[Evidence]:
    """Sends the name of the machine or of its user away.

    What: a network call whose arguments depend on the host's name, the user's name or the machine's
    identifiers.
    Why: the beacon of dependency confusion, and the first line of each theft report.
    Benign twins: agents and telemetry, when they are set up by a call. Logging in to SSH or FTP under the
    user's own name is silent.
    Blind spots: identity collected in a class and sent by another.
    """
    if call.target not in _LOGINS and (found := touching(call.origins, IDENTITY)):
        yield seen("host-identity-sent", call, f"sends {', '.join(sorted(found)[:3])}")
