"""Starts a program unasked and drops every failure."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.commands import asks_a_tool
from stockade.analyse.code.facts import Call
from stockade.analyse.code.observe import UNASKED, seen, starts
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("swallowed-process", on=Call, when=starts)
def swallowed_process(call: Call) -> Iterator[Evidence]:
    """Starts a program unasked and drops every failure.

    What: a process call at install, start-up or import within a `try` whose handler does nothing.
    Why: a step that the package needs would fail loudly; this one may not be noticed.
    Benign twins: build tools, and a program that is only asked for its version, do not count.
    Blind spots: handlers that log and go on.
    """
    if call.swallowed and call.phase in UNASKED and not asks_a_tool(call):
        yield seen("swallowed-process", call, "starts a program and drops every failure")
