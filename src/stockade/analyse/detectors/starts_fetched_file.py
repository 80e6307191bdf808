"""Starts the very file that it has fetched."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.droppers import fetched_files, started_fetched
from stockade.analyse.code.facts import Module
from stockade.analyse.code.observe import seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("starts-fetched-file", on=Module)
def starts_fetched_file(module: Module) -> Iterator[Evidence]:
    """Starts the very file that it has fetched.

    What: a download to a file (by a library, by an open file, by curl or wget) and a process whose command
    holds the same variable or file name.
    Why: joined by name, a download and a start are a dropper in whatever phase and function.
    Benign twins: managers of drivers and tools download archives and start what they unpacked.
    Blind spots: a path that is named differently in the two places.
    """
    fetched = fetched_files(module)
    for start in module.calls if fetched else ():
        if joint := started_fetched(start, fetched):
            yield seen("starts-fetched-file", start, f"starts what it has fetched ({joint[:60]})")
            return
