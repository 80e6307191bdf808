"""Executes Python, or unpickles bytes, that it has just fetched."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Call
from stockade.analyse.code.observe import does, executes, from_network, seen
from stockade.analyse.code.vocabulary import UNPICKLE
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("fetched-code-executed", on=Call, when=does)
def fetched_code_executed(call: Call) -> Iterator[Evidence]:
    """Executes Python, or unpickles bytes, that it has just fetched.

    What: exec, eval, a code object or an unpickler whose argument comes from a network call.
    Why: whoever owns the far end decides what runs, and can change it after every review.
    Benign twins: remote procedure calls that unpickle from their own server (rarely from HTTP).
    Blind spots: fetched by one module and executed by another; written to disk in between
    (see download-and-start).
    """
    if not executes(call) and call.target not in UNPICKLE:
        return
    if sources := from_network(call.origins):
        yield seen("fetched-code-executed", call, f"executes what {min(sources)} fetched")
