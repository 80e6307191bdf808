"""Holds a script that fetches another language's runtime and runs a program in it."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.observe import when
from stockade.analyse.detector import detector
from stockade.analyse.files.facts import Deed, ScriptDeed
from stockade.model.evidence import Evidence


@detector("script-brings-runtime", on=ScriptDeed)
def script_brings_runtime(script: ScriptDeed) -> Iterator[Evidence]:
    """Holds a script that fetches another language's runtime and runs a program in it.

    What: an address that Bun, Deno or Node is downloaded from, and a start of it with a program, in one script that
    is installed or that Python code names.
    Why: worms of 2026 fetched Bun, since few guards read what runs in it.
    Benign twins: packages that exist to install Node; build scripts of web pages, which are not installed.
    Blind spots: mirrors; a runtime that a package manager installs.
    """
    if script.deed is Deed.BRINGS_RUNTIME:
        reached = f", reached{when(script.phase)}" if script.phase else ""
        message = f"holds a {script.language} script that {script.deed}{reached}"
        yield Evidence(
            detector="script-brings-runtime",
            message=message,
            where=script.where,
            phase=script.phase,
            excerpt=script.excerpt,
        )
