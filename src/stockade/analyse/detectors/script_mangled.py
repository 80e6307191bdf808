"""Holds a script that was made unreadable."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.observe import when
from stockade.analyse.detector import detector
from stockade.analyse.files.facts import Deed, ScriptDeed
from stockade.model.evidence import Evidence


@detector("script-mangled", on=ScriptDeed)
def script_mangled(script: ScriptDeed) -> Iterator[Evidence]:
    """Holds a script that was made unreadable.

    What: JavaScript with many names of an obfuscator or in six characters, batch files of substrings, PowerShell
    and VBScript of single characters.
    Why: minified code is short, this is only hard to read.
    Benign twins: protected widgets of web pages, which are rare in Python packages.
    Blind spots: other obfuscators; bundles that are minified only.
    """
    if script.deed is Deed.MANGLED:
        reached = f", reached{when(script.phase)}" if script.phase else ""
        message = f"holds a {script.language} script that {script.deed}{reached}"
        yield Evidence(
            detector="script-mangled",
            message=message,
            where=script.where,
            phase=script.phase,
            excerpt=script.excerpt,
        )
