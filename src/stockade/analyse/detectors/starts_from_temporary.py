"""Starts a program from a folder for temporary files or of the user's settings."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.droppers import temporary
from stockade.analyse.code.facts import Call
from stockade.analyse.code.observe import seen, starts
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("starts-from-temporary", on=Call, when=starts)
def starts_from_temporary(call: Call) -> Iterator[Evidence]:
    """Starts a program from a folder for temporary files or of the user's settings.

    What: a process call whose program lies in such a folder, by its path or by the function that names the folder.
    Why: nothing that was installed lies there; it was written a moment ago, and is gone a moment later.
    Benign twins: tests and playgrounds compile and run small programs there; an argument that lies there is silent.
    Blind spots: other folders that anybody can write to; a list of several words that are all put in at run time.
    """
    if where := temporary(call):
        yield seen("starts-from-temporary", call, f"starts a program from a temporary place ({where})")
