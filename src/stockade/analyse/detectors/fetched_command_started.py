"""Starts a command that came over the network."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.commands import program_stands
from stockade.analyse.code.facts import Call
from stockade.analyse.code.observe import from_network, seen, starts
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("fetched-command-started", on=Call, when=starts)
def fetched_command_started(call: Call) -> Iterator[Evidence]:
    """Starts a command that came over the network.

    What: a process call whose arguments depend on what a socket or an HTTP call returned.
    Why: this is remote control; the commands are in nobody's review.
    Benign twins: remote-execution frameworks, in functions that their users call; a program that stands in the
    source and gets a fetched version or path as its argument is silent.
    Blind spots: commands handed over through a queue, a file or a global.
    """
    if not program_stands(call) and (sources := from_network(call.origins)):
        yield seen("fetched-command-started", call, f"starts a command that {min(sources)} returned")
