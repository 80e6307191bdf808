"""Has compiled code that does something else than its source."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.detector import detector
from stockade.analyse.files.compiled import CompiledFile, State
from stockade.model.evidence import Evidence, Phase

_SHOWN = 3


@detector("compiled-differs", on=CompiledFile)
def compiled_differs(file: CompiledFile) -> Iterator[Evidence]:
    """Has compiled code that does something else than its source.

    What: a .pyc with names that its .py does not use outside of strings and comments, or with a host that it does
    not name.
    Why: the interpreter may run the compiled form; whoever reads sees the other.
    Benign twins: compiled forms of any version of Python agree with their source in every name; stale ones are
    left behind in folders of tests, which are silent.
    Blind spots: code that differs in numbers and plain strings only.
    """
    if file.state is State.DIFFERS and file.phase is not Phase.CALL:
        shown = ", ".join(name[:60] for name in file.odd[:_SHOWN])
        message = f"has compiled code with names that its source does not use ({shown})"
        yield Evidence(detector="compiled-differs", message=message, where=file.where, phase=file.phase)
