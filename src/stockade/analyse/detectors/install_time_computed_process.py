"""Starts a program whose command is only known at run time, while it is installed."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.commands import asks_a_tool, command
from stockade.analyse.code.facts import Call
from stockade.analyse.code.observe import seen, starts
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence, Phase


@detector("install-time-computed-process", on=Call, when=starts)
def install_time_computed_process(call: Call) -> Iterator[Evidence]:
    """Starts a program whose command is only known at run time, while it is installed.

    What: a process call reached from setup.py, a build backend or a replaced install command whose command is
    no constant.
    Why: nobody can say beforehand what it starts.
    Benign twins: build scripts that assemble the arguments of a compiler or ask a `*-config` tool.
    Blind spots: programs started by native code.
    """
    if call.phase is Phase.INSTALL and not command(call) and not asks_a_tool(call):
        yield seen("install-time-computed-process", call, "starts a program that is computed")
