"""Holds a script that hands a shell to another machine."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.observe import when
from stockade.analyse.detector import detector
from stockade.analyse.files.facts import Deed, ScriptDeed
from stockade.model.evidence import Evidence


@detector("script-opens-shell", on=ScriptDeed)
def script_opens_shell(script: ScriptDeed) -> Iterator[Evidence]:
    """Holds a script that hands a shell to another machine.

    What: an interactive shell on `/dev/tcp`, `nc -e`, `mkfifo` with nc, `socat` with exec.
    Why: it is remote control, and has no other use in a package.
    Benign twins: tools of penetration testers; waiting for a port, which opens `/dev/tcp` without a shell.
    Blind spots: shells in other languages.
    """
    if script.deed is Deed.OPENS_SHELL:
        reached = f", reached{when(script.phase)}" if script.phase else ""
        message = f"holds a {script.language} script that {script.deed}{reached}"
        yield Evidence(
            detector="script-opens-shell",
            message=message,
            where=script.where,
            phase=script.phase,
            excerpt=script.excerpt,
        )
