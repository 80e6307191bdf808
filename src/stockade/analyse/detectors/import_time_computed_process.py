"""Starts a program whose command is only known at run time, when it is imported."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.commands import asks_a_tool, command
from stockade.analyse.code.facts import Call
from stockade.analyse.code.observe import seen, starts
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence, Phase


@detector("import-time-computed-process", on=Call, when=starts)
def import_time_computed_process(call: Call) -> Iterator[Evidence]:
    """Starts a program whose command is only known at run time, when it is imported.

    What: a process call at module level or in what module level calls whose command is no constant.
    Why: nobody can say beforehand what it starts.
    Benign twins: libraries that look for a tool at import and ask it for its version.
    Blind spots: programs started by native code.
    """
    if call.phase in {Phase.IMPORT, Phase.STARTUP} and not command(call) and not asks_a_tool(call):
        yield seen("import-time-computed-process", call, "starts a program that is computed")
