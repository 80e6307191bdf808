"""Looks for virtual machines, sandboxes or analysis tools."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Literal
from stockade.analyse.code.marks import Mark
from stockade.analyse.code.observe import named, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("anti-analysis", on=Literal)
def anti_analysis(literal: Literal) -> Iterator[Evidence]:
    """Looks for virtual machines, sandboxes or analysis tools.

    What: a string with the name of a hypervisor's service, a sandbox's user or a debugger.
    Why: whoever hides from analysis knows what it would find.
    Benign twins: inventory tools that report the kind of machine.
    Blind spots: checks by timing, screen size or number of processors.
    """
    if part := named(literal, Mark.MACHINE, Mark.TOOLS):
        yield seen("anti-analysis", literal, "looks for virtual machines or analysis tools", part)
