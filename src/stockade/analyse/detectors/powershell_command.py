"""Carries a PowerShell command line that runs text or fetches."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Literal
from stockade.analyse.code.marks import Mark
from stockade.analyse.code.observe import named, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("powershell-command", on=Literal)
def powershell_command(literal: Literal) -> Iterator[Evidence]:
    """Carries a PowerShell command line that runs text or fetches.

    What: PowerShell with a command, an encoded command or a hidden window; its download and expression
    calls.
    Why: it runs on each Windows machine and leaves no file.
    Benign twins: administration tools; completion for PowerShell.
    Blind spots: PowerShell reached through another program.
    """
    if part := named(literal, Mark.POWERSHELL):
        yield seen("powershell-command", literal, "carries a PowerShell command", part)
