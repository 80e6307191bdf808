"""Carries an attestation that does not hold."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.detector import detector
from stockade.analyse.identity.publisher import AttestationInvalid
from stockade.model.evidence import Evidence, Location


@detector("attestation-invalid", on=AttestationInvalid)
def attestation_invalid(fact: AttestationInvalid) -> Iterator[Evidence]:
    """Carries an attestation that does not hold.

    What: the index offers an attestation (PEP 740) of a file whose signature, log entry, time, certificate, file name
    or digest is wrong, or whose certificate is not the publisher's that the index names.
    Why: an index verifies attestations when they are uploaded, so one that does not hold was put there, or the file
    was exchanged, between the index and here.
    Benign twins: an attestation by an authority, in a log or in a form that is younger than the trust root at hand,
    which cannot be told and is no evidence; a page of another kind where attestations should be.
    Blind spots: whoever can exchange the file can leave the attestation out, too.
    """
    message = f"carries an attestation that does not hold: {fact.why} ({fact.filename})"
    yield Evidence(detector="attestation-invalid", message=message, where=Location(file=""))
