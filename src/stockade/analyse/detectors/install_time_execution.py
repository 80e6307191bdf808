"""Executes text while it is installed that is not simply read from a file beside setup.py."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Call
from stockade.analyse.code.observe import hidden, installs, seen, stands_there
from stockade.analyse.code.vocabulary import EXECUTE, READ, touching
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("install-time-execution", on=Call, when=installs)
def install_time_execution(call: Call) -> Iterator[Evidence]:
    """Executes text while it is installed that is not simply read from a file beside setup.py.

    What: exec or eval reached from setup.py or a build backend, whose argument does not come from a file.
    Why: setup.py is code already; executing more of it from a value hides what it does.
    Benign twins: `exec(open("version.py").read())` and its variants are silent, as are `runpy.run_path` of a
    named script, which runs at install then and is judged as such, and a line of code that stands there as it is.
    Blind spots: a payload kept in a data file of the archive.
    """
    if call.target not in EXECUTE or not call.values:
        return
    if stands_there(call):
        return
    value = call.values[0]
    if call.target == "runpy.run_path" and value.text.endswith(".py") and not hidden([value]):
        return
    from_file = touching(value.origins, READ) or any(
        origin.endswith((".read", ".read_text")) for origin in value.origins
    )
    if not from_file and not any(origin.startswith("param:") for origin in value.origins):
        yield seen("install-time-execution", call, "executes a value")
