"""Carries a command line that sends something away."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Literal
from stockade.analyse.code.marks import Mark
from stockade.analyse.code.observe import named, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("command-sends", on=Literal)
def command_sends(literal: Literal) -> Iterator[Evidence]:
    """Carries a command line that sends something away.

    What: curl or wget with a body, a form or a file to upload, or with the output of another command in its
    address.
    Why: data leave without any of Python's network calls.
    Benign twins: help texts and recorded examples of a service's interface.
    Blind spots: a command line that is put together from arguments.
    """
    if part := named(literal, Mark.COMMAND_SENDS):
        yield seen("command-sends", literal, "carries a command line that sends", part)
