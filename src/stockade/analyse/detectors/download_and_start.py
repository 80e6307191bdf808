"""Fetches a file, writes it to disk and starts a program, in one phase of one module."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.chains import marked
from stockade.analyse.code.commands import asks_a_tool
from stockade.analyse.code.droppers import fetched_files, started_fetched, temporary
from stockade.analyse.code.facts import Call, Module
from stockade.analyse.code.marks import Mark
from stockade.analyse.code.observe import UNASKED, networks, seen, starts, writes_fetched
from stockade.analyse.code.vocabulary import EXTRACT, RETRIEVE, WRITE, within
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence, Phase

#: Places that no maker of drivers or models hands its programs out from, and programs by their own address.
_ODD = (Mark.ADDRESS, Mark.CALLBACK, Mark.DROP, Mark.EXECUTABLE_URL, Mark.PASTE, Mark.TUNNEL)


@detector("download-and-start", on=Module)
def download_and_start(module: Module) -> Iterator[Evidence]:
    """Fetches a file, writes it to disk and starts a program, in one phase of one module.

    What: a download to a file (or a fetch with a write or unpacking after it) and a process call, in the
    same phase and, where they wait for a call or a command, the same function. Where they wait for a call, something
    must tell that what is started is what came, or that it came from an odd place.
    Why: the classic dropper: the payload is never in the archive.
    Benign twins: managers of browser drivers, compilers or models, and developers' own tools that bring pip along,
    when somebody calls them; build tools, and a program that is only asked for its version, do not count.
    Blind spots: a download in one module and the start in another; a file that waits for the next boot; in a function
    that waits for its caller, a path under two names.
    """
    for start in module.calls:
        if not starts(start) or asks_a_tool(start):
            continue
        if (fetched := _fetched_before(module, start)) and _told(module, start):
            yield seen("download-and-start", start, f"starts a program after {fetched.target} wrote a file")
            return


def _told(module: Module, start: Call) -> bool:
    """Whether more than one function's order of work joins the two, where somebody must ask for both."""
    if start.phase is not Phase.CALL or temporary(start) or marked(module, *_ODD):
        return True
    return bool(started_fetched(start, fetched_files(module)))


def _fetched_before(module: Module, start: Call) -> Call | None:
    together = [call for call in module.calls if call.phase is start.phase and _near(call, start)]
    for call in together:
        if call.target in RETRIEVE or writes_fetched(call):
            return call
    kept = any(within(call.target, WRITE) or call.target in EXTRACT for call in together)
    return next((call for call in together if networks(call)), None) if kept else None


def _near(call: Call, start: Call) -> bool:
    if call.scope == start.scope:
        return (call.where.line or 0) <= (start.where.line or 0)
    return not call.scope or not start.scope or start.phase in UNASKED
