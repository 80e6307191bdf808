"""Holds a member that would be unpacked outside its folder."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.detector import detector
from stockade.analyse.unpack.facts import Odd, Oddity
from stockade.model.evidence import Evidence, Location

_ESCAPES = frozenset({Odd.TRAVERSAL, Odd.ABSOLUTE, Odd.DRIVE, Odd.LINK_OUTSIDE, Odd.DEVICE})


@detector("path-escape", on=Oddity)
def path_escape(oddity: Oddity) -> Iterator[Evidence]:
    """Holds a member that would be unpacked outside its folder.

    What: a path with `..`, an absolute or drive path, a link that leads outside, or a device.
    Why: unpacking alone would then write or read elsewhere on the machine.
    Benign twins: links within the archive; very old sdists with a leading `./`.
    Blind spots: archives inside the archive, which no installer unpacks.
    """
    if oddity.odd in _ESCAPES and "!" not in oddity.member:
        message = f"holds a member that leads outside its folder: {oddity.detail}"
        yield Evidence(detector="path-escape", message=message, where=Location(file=oddity.member))
