"""Holds a script of a shell or another interpreter that decodes something and runs it."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.observe import when
from stockade.analyse.detector import detector
from stockade.analyse.files.facts import Deed, ScriptDeed
from stockade.model.evidence import Evidence


@detector("script-runs-decoded", on=ScriptDeed)
def script_runs_decoded(script: ScriptDeed) -> Iterator[Evidence]:
    """Holds a script of a shell or another interpreter that decodes something and runs it.

    What: `base64 -d` into a shell, `-EncodedCommand` with its text, `FromBase64String` into an expression, `certutil
    -decode` with a start, `eval(atob(…))` and `new Function(Buffer.from(…))`.
    Why: nobody encodes what they want others to read.
    Benign twins: libraries of security tests; scripts that decode data and hand it to a program as input.
    Blind spots: a decoder that the script writes itself.
    """
    if script.deed is Deed.RUNS_DECODED:
        reached = f", reached{when(script.phase)}" if script.phase else ""
        message = f"holds a {script.language} script that {script.deed}{reached}"
        yield Evidence(
            detector="script-runs-decoded",
            message=message,
            where=script.where,
            phase=script.phase,
            excerpt=script.excerpt,
        )
