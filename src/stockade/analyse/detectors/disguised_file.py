"""Holds a file whose content is something else than its name says."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.detector import detector
from stockade.analyse.unpack.facts import Odd, Oddity
from stockade.model.evidence import Evidence, Location


@detector("disguised-file", on=Oddity)
def disguised_file(oddity: Oddity) -> Iterator[Evidence]:
    """Holds a file whose content is something else than its name says.

    What: a member whose first bytes disagree with its ending.
    Why: a program called .png or .txt passes where a program would not.
    Benign twins: text files with unusual endings; test data.
    Blind spots: payloads inside valid pictures and sounds.
    """
    if oddity.odd is Odd.MAGIC_MISMATCH:
        message = f"holds a file that is not what its name says: {oddity.detail}"
        yield Evidence(detector="disguised-file", message=message, where=Location(file=oddity.member))
