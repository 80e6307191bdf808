"""Names a Python without a console, in code that runs without being called."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Literal
from stockade.analyse.code.marks import Mark
from stockade.analyse.code.observe import RUNS, named, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("windowless-script", on=Literal)
def windowless_script(literal: Literal) -> Iterator[Evidence]:
    """Names a Python without a console, in code that runs without being called.

    What: `pythonw`, a `.pyw` file or the ending that turns the one interpreter's name into the other's.
    Why: a script that runs so is seen by nobody.
    Benign twins: build back ends and launchers know the name; they use it when called.
    Blind spots: other ways to hide a console.
    """
    if literal.phase in RUNS and (part := named(literal, Mark.WINDOWLESS)):
        yield seen("windowless-script", literal, "names a Python without a console", part)
