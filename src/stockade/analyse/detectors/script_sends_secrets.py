"""Holds a script that sends credentials or the environment away."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.observe import when
from stockade.analyse.detector import detector
from stockade.analyse.files.facts import Deed, ScriptDeed
from stockade.model.evidence import Evidence


@detector("script-sends-secrets", on=ScriptDeed)
def script_sends_secrets(script: ScriptDeed) -> Iterator[Evidence]:
    """Holds a script that sends credentials or the environment away.

    What: the environment or a file of credentials on a line that sends, several such files in a shell script that
    sends, the whole of `process.env` in a request, or a Node program that names many kinds of secrets and sends.
    Why: it is what such scripts are brought along for.
    Benign twins: clients of one cloud, which read its own file; scanners for secrets.
    Blind spots: names that are put together; bundles that send the environment of one purpose.
    """
    if script.deed is Deed.SENDS_SECRETS:
        reached = f", reached{when(script.phase)}" if script.phase else ""
        message = f"holds a {script.language} script that {script.deed}{reached}"
        yield Evidence(
            detector="script-sends-secrets",
            message=message,
            where=script.where,
            phase=script.phase,
            excerpt=script.excerpt,
        )
