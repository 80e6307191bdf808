"""Has code that the known project it copies does not have."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.detector import detector
from stockade.model.clone import Clone
from stockade.model.evidence import Evidence, Location

#: Evidence of one artifact; a copy that differs in more is told by their number.
_SHOWN = 24


@detector("clone-delta", on=Clone)
def clone_delta(clone: Clone) -> Iterator[Evidence]:
    """Has code that the known project it copies does not have.

    What: of a copy of a known project under another name, a function, or code between functions, that is in no release
    of the original that the reference knows.
    Why: what was added to a copy is what the copy was made for; it is also all that a person has to read.
    Benign twins: a copy without any change; variants of a project by the usual naming. What an honest fork adds is
    named as well: it weighs by what else is found in it.
    Blind spots: the original's own code that turns against its user because of what is passed to it; a release of the
    original that the reference does not know makes honest code look added.
    """
    if clone.family:
        return
    for one in clone.differs[:_SHOWN]:
        what = one.name or "code outside functions"
        message = f"has {what} (lines {one.first} to {one.last}), unlike any known {clone.project}"
        where = Location(file=one.file, line=one.first)
        yield Evidence(detector="clone-delta", message=message, where=where)
