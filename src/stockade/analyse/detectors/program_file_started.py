"""Starts a program file by its path, without being called."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stockade.analyse.code.commands import asks_a_tool, program
from stockade.analyse.code.facts import Call
from stockade.analyse.code.observe import UNASKED, seen, starts
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence

_PROGRAM = re.compile(
    r"[\\/][^\\/]*\.(?:exe|bat|cmd|vbs|vbe|wsf|hta|ps1|scr|msi|jar|com|pif|lnk|elf|bin|run|out|sh|pyw|pyc|dll)[\"']?$",
    re.IGNORECASE,
)


@detector("program-file-started", on=Call, when=starts)
def program_file_started(call: Call) -> Iterator[Evidence]:
    """Starts a program file by its path, without being called.

    What: a process call at install, start-up or import whose program is a path that ends like a program or a
    script of another interpreter, and no tool of a build.
    Why: the package brought that file, or fetched it; nobody asked for it to run.
    Benign twins: build scripts call compilers and tools by name, or by a place that the system's owner chose.
    Blind spots: a program without such an ending.
    """
    if call.phase in UNASKED and not asks_a_tool(call):
        name = program(call)
        if _PROGRAM.search(name):
            yield seen("program-file-started", call, "starts a program file by its path", name)
