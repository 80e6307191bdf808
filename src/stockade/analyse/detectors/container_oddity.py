"""Is an archive that two unpackers may read differently."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.detector import detector
from stockade.analyse.unpack.facts import Odd, Oddity
from stockade.model.evidence import Evidence, Location

_AMBIGUOUS = frozenset(
    {
        Odd.DUPLICATE,
        Odd.CASE_COLLISION,
        Odd.HEADER_MISMATCH,
        Odd.PREPENDED,
        Odd.TRAILING,
        Odd.TWO_DIRECTORIES,
        Odd.PAX_TRICK,
        Odd.BAD_NAME,
    }
)


@detector("container-oddity", on=Oddity)
def container_oddity(oddity: Oddity) -> Iterator[Evidence]:
    """Is an archive that two unpackers may read differently.

    What: duplicate or colliding names, headers that disagree with the directory, data before or after the
    archive, two directories, names that are not UTF-8, extended headers that override sizes or paths.
    Why: what is reviewed would not be what is installed.
    Benign twins: archives made on systems that fold case; self-extracting zips, which are no wheels.
    Blind spots: ambiguity that no known unpacker shows.
    """
    if oddity.odd in _AMBIGUOUS:
        message = f"can be unpacked in two ways: {oddity.detail}"
        yield Evidence(detector="container-oddity", message=message, where=Location(file=oddity.member))
