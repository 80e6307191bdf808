"""Holds a script of a shell or another interpreter that fetches a program and runs it."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.observe import when
from stockade.analyse.detector import detector
from stockade.analyse.files.facts import Deed, ScriptDeed
from stockade.model.evidence import Evidence


@detector("script-runs-fetched", on=ScriptDeed)
def script_runs_fetched(script: ScriptDeed) -> Iterator[Evidence]:
    """Holds a script of a shell or another interpreter that fetches a program and runs it.

    What: a script that is installed, or that Python code names, with curl or wget into a shell, a download that
    is started further on, PowerShell's expression of a download, `mshta` and `regsvr32` with an address.
    Why: the whole dropper stands outside of Python, where nobody who reads Python sees it.
    Benign twins: installers of well-known makers, whose addresses are known; scripts of a source tree that nothing
    names, such as those of its continuous integration.
    Blind spots: a script that is put together while it runs; addresses that come from outside.
    """
    if script.deed is Deed.RUNS_FETCHED:
        reached = f", reached{when(script.phase)}" if script.phase else ""
        message = f"holds a {script.language} script that {script.deed}{reached}"
        yield Evidence(
            detector="script-runs-fetched",
            message=message,
            where=script.where,
            phase=script.phase,
            excerpt=script.excerpt,
        )
