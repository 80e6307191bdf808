"""Has compiled code under another name, or something else under the name of compiled code."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.detector import detector
from stockade.analyse.files.compiled import CompiledFile, State
from stockade.model.evidence import Evidence


@detector("compiled-false", on=CompiledFile)
def compiled_false(file: CompiledFile) -> Iterator[Evidence]:
    """Has compiled code under another name, or something else under the name of compiled code.

    What: a file that begins as compiled Python and is not named so, or one named .pyc that cannot be loaded.
    Why: another module loads it by hand; under a name of its own it would be seen.
    Benign twins: empty files; compiled files for versions of Python that are not known here.
    Blind spots: marshalled code without the header of a compiled file.
    """
    if file.state is State.RENAMED:
        message = "has compiled code under another name"
    elif file.state is State.BROKEN:
        message = f"has a file that is named like compiled code and is none ({', '.join(file.odd)})"
    else:
        return
    yield Evidence(detector="compiled-false", message=message, where=file.where)
