"""Starts the very file that it has fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stockade.analyse.code.chains import handles, opened_for_writing, stored
from stockade.analyse.code.facts import Call, Module
from stockade.analyse.code.observe import from_network, seen, starts
from stockade.analyse.code.vocabulary import RETRIEVE
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence

_CURL = re.compile(r"\b(?:curl|wget)\b")


@detector("starts-fetched-file", on=Module)
def starts_fetched_file(module: Module) -> Iterator[Evidence]:
    """Starts the very file that it has fetched.

    What: a download to a file (by a library, by an open file, by curl or wget) and a process whose command
    holds the same variable or file name.
    Why: joined by name, a download and a start are a dropper in whatever phase and function.
    Benign twins: managers of drivers and tools download archives and start what they unpacked.
    Blind spots: a path that is named differently in the two places.
    """
    fetched = _fetched(module)
    if not fetched:
        return
    for start in module.calls:
        if starts(start) and not _CURL.search(start.excerpt) and (joint := fetched & handles(start)):
            yield seen("starts-fetched-file", start, f"starts what it has fetched ({min(joint)[:60]})")
            return


def _fetched(module: Module) -> frozenset[str]:
    """Handles of the files that hold something fetched."""
    found: frozenset[str] = frozenset()
    scopes = {call.scope for call in module.calls if stored(call) and from_network(call.origins)}
    for call in module.calls:
        if call.target in RETRIEVE:
            found |= handles(call)
        elif call.scope in scopes:
            found |= opened_for_writing(call)
        elif starts(call) and _CURL.search(call.excerpt):
            found |= _outputs(call)
    return found


def _outputs(call: Call) -> frozenset[str]:
    names = re.findall(r"\s(?:-o|-O|--output|-qO)\s*\{?([\w.\\/:]+)", call.excerpt)
    return frozenset(name.replace("\\", "/").rpartition("/")[2] for name in names if len(name) > 2)
