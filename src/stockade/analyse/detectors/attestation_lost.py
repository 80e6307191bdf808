"""Has no attestation, while the releases before it had one."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.detector import detector
from stockade.analyse.identity.history import AttestationLost
from stockade.model.evidence import Evidence, Location


@detector("attestation-lost", on=AttestationLost)
def attestation_lost(lost: AttestationLost) -> Iterator[Evidence]:
    """Has no attestation, while the releases before it had one.

    What: the index names no attestations (PEP 740) for any file of the release, and did for the one before and for most
    of the last five, or for one before whose publisher this machine has verified.
    Why: releases that bypass a project's own publishing workflow, by a token that was stolen, come without.
    Benign twins: a maintainer who uploads by hand once because the workflow is broken; a workflow that was moved.
    Blind spots: a hijacked workflow attests what it is made to publish; an index that names no attestations at all.
    """
    message = f"has no attestation, while {lost.before} before it had one"
    yield Evidence(detector="attestation-lost", message=message, where=Location(file=""))
