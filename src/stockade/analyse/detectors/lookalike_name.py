"""Bears a name that may be taken for a much better known one."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence, Location
from stockade.model.likeness import NameLike


@detector("lookalike-name", on=NameLike)
def lookalike_name(like: NameLike) -> Iterator[Evidence]:
    """Bears a name that may be taken for a much better known one.

    What: the project is none of the 15,000 most downloaded, and its name differs from one of those (or from a module of
    the standard library) by a slip of the finger, by what reads or sounds the same, by words around it, or by being
    what that is imported as; or it is made of a brand and words that any SDK has.
    Why: whoever mistypes a name, or believes one that a language model invented, installs what somebody put there; the
    clones of March 2025 bore the names of clouds.
    Benign twins: a well-known project, whatever its neighbours are called; stubs (``types-``) and plug-ins of what many
    make plug-ins for (``django-``, ``pytest-``); short names, which are near to everything. An honest project that
    nobody knows may have such a name, too: two in a hundred do.
    Blind spots: names that resemble nothing (most malware has one); targets that few know; a squat that became well
    known.
    """
    slip = ", ".join(like.mechanisms)
    message = f"is named {like.name!r}, which may be taken for {like.target} ({slip}); {_renown(like)}"
    yield Evidence(detector="lookalike-name", message=message, where=Location(file=like.file))


def _renown(like: NameLike) -> str:
    if like.downloads is None:
        return "that is a module of Python's standard library"
    times = like.downloads // max(like.fewer, 1)
    more = f", at least {times:,} times as many" if times > 1 else ""
    return f"that has {like.downloads:,} downloads a month{more} ({like.date})"
