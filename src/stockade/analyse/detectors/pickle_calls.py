"""Holds a pickle that runs something when it is loaded."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.detector import detector
from stockade.analyse.files.models import PickleFact
from stockade.model.evidence import Evidence

_SHOWN = 3
_TESTS = frozenset({"test", "tests", "testing", "fixtures"})


@detector("pickle-calls", on=PickleFact)
def pickle_calls(pickle: PickleFact) -> Iterator[Evidence]:
    """Holds a pickle that runs something when it is loaded.

    What: a pickle, a model file or an array of objects that imports os.system, subprocess, eval, a socket or another
    function that makes no object.
    Why: loading data then runs the sender's code.
    Benign twins: models of torch, numpy and scikit-learn, which import what builds them; the tests of tools that look
    for such pickles, which are silent.
    Blind spots: functions of the package's own that do the same; compressed pickles.
    """
    if not _TESTS.isdisjoint(pickle.where.file.lower().split("/")[:-1]):
        return
    does = "calls" if pickle.called else "imports"
    message = f"holds a pickle that {does} {', '.join(name[:60] for name in pickle.names[:_SHOWN])} when it is loaded"
    yield Evidence(detector="pickle-calls", message=message, where=pickle.where)
