"""Starts a program while it is installed, other than a known build tool."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.commands import asks_a_tool, command
from stockade.analyse.code.facts import Call
from stockade.analyse.code.observe import seen, starts
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence, Phase


@detector("install-time-process", on=Call, when=starts)
def install_time_process(call: Call) -> Iterator[Evidence]:
    """Starts a program of a known name while it is installed, other than a build tool.

    What: a process call with a constant command, reached from setup.py, a build backend or a replaced install
    command, unless the command is a compiler, a version-control or a query tool and joins nothing to it.
    Why: the shortest way from an install to any payload.
    Benign twins: `git describe`, `pkg-config`, `cmake`, `xcrun` and the steps of a release are silent.
    Blind spots: a build tool that is made to run something else (a Makefile, a cmake script); commands that
    are assembled (see install-time-computed-process).
    """
    if call.phase is Phase.INSTALL and (line := command(call)) and not asks_a_tool(call):
        yield seen("install-time-process", call, "starts a program", line)
