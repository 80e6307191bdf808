"""Wrote a program and started it, unasked."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.detector import detector
from stockade.analyse.observed.facts import Started
from stockade.model.evidence import Evidence, Location, Phase
from stockade.model.record import kept


@detector("dropped-program-started", on=Started)
def dropped_program_started(started: Started) -> Iterator[Evidence]:
    """Wrote a program and started it, unasked.

    What: a file that was written while the artifact ran was executed afterwards, before anybody called anything.
    Why: the second stage of an attack comes as a file.
    Benign twins: compilers and configure scripts, whose programs lie where something is built; tools that fetch a
    program when they are called.
    Blind spots: programs that never are a file; files that are loaded, and not executed.
    """
    if started.phase is Phase.CALL:
        return
    yield Evidence(
        detector="dropped-program-started",
        message=f"writes {kept(started.path, 120)} and starts it",
        where=Location(file=""),
        phase=started.phase,
        excerpt=started.command,
    )
