"""Asked a cloud's metadata service about the machine, unasked."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.detector import detector
from stockade.analyse.observed.facts import AskedMachine
from stockade.model.evidence import Evidence, Location, Phase


@detector("metadata-asked", on=AskedMachine)
def metadata_asked(asked: AskedMachine) -> Iterator[Evidence]:
    """Asked a cloud's metadata service about the machine, unasked.

    What: a request to an address that hands a machine's credentials to whoever runs on it, while the artifact was
    built, installed or imported, or when an interpreter started.
    Why: they open what the machine may do in its cloud.
    Benign twins: clients of clouds ask when they are used, and need the credentials then.
    Blind spots: what asks only when it is called.
    """
    if asked.phase in {Phase.CALL, Phase.ENTRY}:
        return
    yield Evidence(
        detector="metadata-asked",
        message=f"asks the metadata service {asked.address} about the machine",
        where=Location(file=""),
        phase=asked.phase,
        excerpt=asked.what,
    )
