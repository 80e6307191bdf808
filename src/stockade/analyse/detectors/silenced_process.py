"""Starts a program and throws away all that it prints, without being called."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.commands import asks_a_tool, command
from stockade.analyse.code.facts import Call, Value
from stockade.analyse.code.observe import UNASKED, seen, starts
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence

_NOWHERE = "subprocess.DEVNULL"


@detector("silenced-process", on=Call, when=starts)
def silenced_process(call: Call) -> Iterator[Evidence]:
    """Starts a program and throws away all that it prints, without being called.

    What: a process call at install, start-up or import whose output and errors both go to nowhere.
    Why: whoever starts a program for its result reads it; this one shall not be seen.
    Benign twins: checks whether a tool is there ask it for its version, and are silent here, as build tools are.
    Blind spots: output that is captured and not read.
    """
    if call.phase not in UNASKED or asks_a_tool(call):
        return
    quiet = _nowhere(call.arg(-1, "stdout")) and _nowhere(call.arg(-1, "stderr"))
    if quiet or ">/dev/null 2>&1" in command(call).replace("> /", ">/"):
        yield seen("silenced-process", call, "starts a program and throws away all that it prints")


def _nowhere(value: Value) -> bool:
    return _NOWHERE in value.origins or (value.known and value.const == -3)
