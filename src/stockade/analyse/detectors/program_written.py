"""Writes a program to a file without being called."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stockade.analyse.code.chains import stored
from stockade.analyse.code.facts import Call
from stockade.analyse.code.observe import hidden, seen, unasked
from stockade.analyse.code.vocabulary import DECODE, DECRYPT, touching
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence

#: What a line of a program begins with, and what it does that a written version or setting does not.
_LINE = re.compile(
    r"^\s*(?:import|from|def|class|try:|#!|@echo|set |var |const |require|curl|wget|function)\b", re.MULTILINE
)
_ACTS = re.compile(
    r"\b(?:exec|eval)\s*\(|subprocess|os\.system|urlopen|requests\.(?:get|post)|socket\.socket|b64decode|__import__\s*\("
    r"|powershell|\bcurl\s|\bwget\s|child_process|wscript|cscript|/dev/tcp/",
    re.IGNORECASE,
)


@detector("program-written", on=Call, when=unasked)
def program_written(call: Call) -> Iterator[Evidence]:
    """Writes a program to a file without being called.

    What: at install, start-up or import, a write of text that is a program which contacts the network, starts others
    or executes values, or of anything that was decoded a moment before.
    Why: what an archive means to bring it can hold as a file, where everybody sees it.
    Benign twins: set-up scripts write versions, settings and generated tables.
    Blind spots: text that is put together at run time.
    """
    if not stored(call) or not call.values:
        return
    value = call.values[0]
    how = hidden([value]) or tuple(sorted(touching(value.origins, DECODE | DECRYPT)))
    if how:
        yield seen(
            "program-written", call, f"writes to a file what it decodes ({', '.join(dict.fromkeys(how))})"
        )
    elif _LINE.search(value.text) and (acts := _ACTS.search(value.text)):
        yield seen("program-written", call, f"writes a program to a file ({acts.group()[:40].strip()})")
