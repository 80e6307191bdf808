"""Names a host, in code that runs by itself, under a domain that the release before it did not name."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.detector import detector
from stockade.analyse.identity.drift import Drift, New
from stockade.model.evidence import Evidence


@detector("drift-hosts", on=Drift, when=lambda drift: drift.new is New.HOST)
def drift_hosts(drift: Drift) -> Iterator[Evidence]:
    """Names a host, in code that runs by itself, under a domain that the release before it did not name.

    What: a web address in code that runs without being called (or as a command), under another domain (its last two
    labels) than all of the release before.
    Why: what is stolen has to go somewhere.
    Benign twins: other hosts of domains that were named before; addresses in documentation strings.
    Blind spots: addresses that are computed in ways that are not folded; new repositories or accounts at a host that
    the project names anyway.
    """
    message = f"{drift.what}, which {drift.before} did not"
    yield Evidence(detector="drift-hosts", message=message, where=drift.where, phase=drift.phase)
