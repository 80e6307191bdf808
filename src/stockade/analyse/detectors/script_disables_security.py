"""Holds a script that turns protection off."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.observe import when
from stockade.analyse.detector import detector
from stockade.analyse.files.facts import Deed, ScriptDeed
from stockade.model.evidence import Evidence


@detector("script-disables-security", on=ScriptDeed)
def script_disables_security(script: ScriptDeed) -> Iterator[Evidence]:
    """Holds a script that turns protection off.

    What: exclusions of Defender, AMSI, the firewall, shadow copies, in a batch file or a PowerShell script that is
    installed or that Python code names.
    Why: what follows shall not be seen.
    Benign twins: administration tools.
    Blind spots: the same by registry or policy files.
    """
    if script.deed is Deed.DISABLES:
        reached = f", reached{when(script.phase)}" if script.phase else ""
        message = f"holds a {script.language} script that {script.deed}{reached}"
        yield Evidence(
            detector="script-disables-security",
            message=message,
            where=script.where,
            phase=script.phase,
            excerpt=script.excerpt,
        )
