"""Starts an interpreter with a program on its command line, without being called."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stockade.analyse.code.commands import command
from stockade.analyse.code.facts import Call
from stockade.analyse.code.observe import UNASKED, seen, starts
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence

_INLINE = re.compile(
    r"\bpython[\w.]*(?:\.exe)?[\"']?\s+(?:-\w+\s+)*-c\s|\bperl\s+-e\s|\bnode\s+-e\s|\bruby\s+-e\s"
)


@detector("inline-python-started", on=Call, when=starts)
def inline_python_started(call: Call) -> Iterator[Evidence]:
    """Starts an interpreter with a program on its command line, without being called.

    What: a process at install, start-up or import whose command is `python -c …` or its like.
    Why: code in a second process outlives the import and is seen by no reader of the module.
    Benign twins: set-up scripts that ask another interpreter for its version or paths with sys.executable.
    Blind spots: the interpreter's name in a variable.
    """
    if call.phase in UNASKED and _INLINE.search(line := command(call)):
        yield seen("inline-python-started", call, "starts an interpreter with a program in its command", line)
