"""Brings a module as compiled code without its source."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.detector import detector
from stockade.analyse.files.compiled import CompiledFile, State
from stockade.model.evidence import Evidence, Phase


@detector("compiled-only", on=CompiledFile)
def compiled_only(file: CompiledFile) -> Iterator[Evidence]:
    """Brings a module as compiled code without its source.

    What: a .pyc beside the modules, which import takes by itself, and no .py of its name.
    Why: nobody reads it, and what shows diffs and sources leaves it out.
    Benign twins: packages whose vendor keeps the source; a forgotten __pycache__, which import does not use
    without a source, is silent.
    Blind spots: compiled code that a program loads by a path of its own (see compiled-false for one such).
    """
    if file.state is State.ALONE and file.imported and file.phase is not Phase.CALL:
        message = "brings a module as compiled code without its source"
        yield Evidence(detector="compiled-only", message=message, where=file.where, phase=file.phase)
