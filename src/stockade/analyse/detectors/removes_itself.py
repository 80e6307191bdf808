"""Removes or rewrites its own file after it has run."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stockade.analyse.code.facts import Call
from stockade.analyse.code.observe import runs, seen
from stockade.analyse.code.vocabulary import REMOVE
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence

_OWN = re.compile(r"__file__|sys\.argv\[0\]")


@detector("removes-itself", on=Call, when=runs)
def removes_itself(call: Call) -> Iterator[Evidence]:
    """Removes or rewrites its own file after it has run.

    What: a removal whose path is the running file's, without being called.
    Why: evidence is to vanish once the work is done.
    Benign twins: clean-up of files beside the module, which names them.
    Blind spots: removal by a program that it starts.
    """
    if call.target in REMOVE and (_OWN.search(call.excerpt) or "__file__" in call.origins):
        yield seen("removes-itself", call, "removes its own file")
