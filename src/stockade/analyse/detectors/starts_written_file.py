"""Starts the very file that it has written, without being called."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.chains import handles, opened_for_writing
from stockade.analyse.code.commands import asks_a_tool
from stockade.analyse.code.facts import Module
from stockade.analyse.code.observe import UNASKED, seen, starts
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("starts-written-file", on=Module)
def starts_written_file(module: Module) -> Iterator[Evidence]:
    """Starts the very file that it has written, without being called.

    What: a file opened for writing and a process whose command holds the same variable or file name, at
    install, start-up or import.
    Why: a program that is written to disk only to be started was hidden in something else before.
    Benign twins: set-up scripts hand files that they write to compilers and other build tools; commands of
    the package's own format or run what they wrote.
    Blind spots: a path that is named differently in the two places.
    """
    written: frozenset[str] = frozenset()
    for call in module.calls:
        if call.phase in UNASKED:
            written |= opened_for_writing(call)
    if not written:
        return
    for start in module.calls:
        if start.phase not in UNASKED or not starts(start) or asks_a_tool(start):
            continue
        if joint := written & handles(start):
            yield seen("starts-written-file", start, f"starts what it has written ({min(joint)[:60]})")
            return
