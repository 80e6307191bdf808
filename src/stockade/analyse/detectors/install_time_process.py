"""Starts a program while it is installed, other than a known build tool."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Call
from stockade.analyse.code.observe import asks_a_tool, command, seen, starts
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence, Phase


@detector("install-time-process", on=Call)
def install_time_process(call: Call) -> Iterator[Evidence]:
    """Starts a program while it is installed, other than a known build tool.

    What: a process call reached from setup.py, a build backend or a replaced install command, unless its
    command is a constant that names a compiler, a version-control or a query tool and joins nothing to it.
    Why: the shortest way from an install to any payload.
    Benign twins: `git describe`, `pkg-config`, `cmake`, `xcrun` with constant arguments are silent;
    build scripts that assemble their command at run time are not.
    Blind spots: a build tool that is made to run something else (a Makefile, a cmake script).
    """
    if call.phase is Phase.INSTALL and starts(call) and not asks_a_tool(call):
        yield seen("install-time-process", call, "starts a program", command(call))
