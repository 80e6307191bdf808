"""Starts a command line that fetches something and stores or runs it."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.commands import command
from stockade.analyse.code.facts import Call
from stockade.analyse.code.marks import Mark, mark
from stockade.analyse.code.observe import seen, starts
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("fetch-command-started", on=Call, when=starts)
def fetch_command_started(call: Call) -> Iterator[Evidence]:
    """Starts a command line that fetches something and stores or runs it.

    What: a process call whose command, or whose line where variables are put into it, is such a command.
    Why: unlike a help text that quotes it, this runs it.
    Benign twins: installers of tool chains, which say so.
    Blind spots: a command line that is put together elsewhere.
    """
    part = mark(command(call), Mark.FETCH_AND_RUN) or mark(call.excerpt, Mark.FETCH_AND_RUN)
    if part:
        yield seen("fetch-command-started", call, "starts a command that fetches", part)
