"""Carries a command line that decodes something and runs it."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Literal
from stockade.analyse.code.marks import Mark
from stockade.analyse.code.observe import named, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("decoded-shell-command", on=Literal)
def decoded_shell_command(literal: Literal) -> Iterator[Evidence]:
    """Carries a command line that decodes something and runs it.

    What: a string with `base64 -d` into a shell, an encoded PowerShell command with its text, or a decoded expression.
    Why: nobody encodes a command that they want others to read.
    Benign twins: clients of remote shells, which encode what their users say.
    Blind spots: an encoded command that is put together elsewhere.
    """
    if part := named(literal, Mark.DECODED_COMMAND):
        yield seen("decoded-shell-command", literal, "carries a command line that runs what it decodes", part)
