"""Starts a program merely because it is imported, or because Python starts."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.commands import asks_a_tool, command
from stockade.analyse.code.facts import Call
from stockade.analyse.code.observe import seen, starts
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence, Phase


@detector("import-time-process", on=Call, when=starts)
def import_time_process(call: Call) -> Iterator[Evidence]:
    """Starts a program of a known name merely because it is imported, or because Python starts.

    What: a process call with a constant command at module level or in what module level calls, unless the
    command is a tool that only looks at the machine.
    Why: an import that starts programs gives its user no chance to say no.
    Benign twins: asking `ldconfig`, `uname`, `git` or `nvidia-smi` at import is silent.
    Blind spots: programs started by native code; assembled commands (see import-time-computed-process).
    """
    unasked = call.phase in {Phase.IMPORT, Phase.STARTUP}
    if unasked and (line := command(call)) and not asks_a_tool(call):
        yield seen("import-time-process", call, "starts a program", line)
