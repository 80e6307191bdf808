"""Carries a command line that fetches something and stores or runs it."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Literal
from stockade.analyse.code.marks import Mark
from stockade.analyse.code.observe import named, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("fetch-and-run-command", on=Literal)
def fetch_and_run_command(literal: Literal) -> Iterator[Evidence]:
    """Carries a command line that fetches something and stores or runs it.

    What: curl or wget into a shell, into a file, or followed by a start; certutil, bitsadmin, mshta and
    their like.
    Why: the whole dropper in one string, out of sight of everything that looks at Python calls.
    Benign twins: installers of tool chains, and help texts that quote such a line.
    Blind spots: a command line that is assembled from arguments.
    """
    if part := named(literal, Mark.FETCH_AND_RUN):
        yield seen("fetch-and-run-command", literal, "carries a command line that fetches", part)
