"""Puts a command that fetches and starts a program into a file that a shell or a session runs."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.chains import writes_to
from stockade.analyse.code.facts import Module
from stockade.analyse.code.marks import Mark, mark
from stockade.analyse.code.observe import flat, idle, named, seen, telling
from stockade.analyse.code.vocabulary import WRITE, within
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence

_PLACES = (Mark.PROFILE, Mark.PERSIST)


@detector("profile-command", on=Module)
def profile_command(module: Module) -> Iterator[Evidence]:
    """Puts a command that fetches and starts a program into a file that a shell or a session runs.

    What: a shell's profile, a start-up folder or a schedule opened for writing (or named, beside a file that is
    opened under a computed name), and in the same function a text written that fetches something and stores or
    runs it, whoever calls it.
    Why: each new terminal fetches the payload anew, long after the package is gone.
    Benign twins: installers of shell completion and of tools write a line that sources a local file or extends PATH.
    Blind spots: a text that is assembled from what is not known; a file that a shell command writes.
    """
    if not any(named(one, Mark.FETCH_AND_RUN) for one in telling(module.literals)):
        return
    profiles = {one.scope for one in telling(module.literals) if named(one, *_PLACES)}
    opened = {
        call.scope
        for call in module.calls
        for path in writes_to(call)
        if not idle(call) and (mark(path, *_PLACES) or (not path and call.scope in profiles))
    }
    for call in module.calls if opened else ():
        if call.scope not in opened or not within(call.target, WRITE):
            continue
        for text in (one for value in call.values for one in flat(value)):
            if part := mark(text, Mark.FETCH_AND_RUN):
                yield seen("profile-command", call, "puts a command that fetches where a shell runs it", part)
                return
