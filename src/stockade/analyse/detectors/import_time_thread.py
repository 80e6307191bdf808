"""Starts a thread or a process of its own without being called."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Call
from stockade.analyse.code.observe import seen, unasked
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence

_STARTS = frozenset(
    {
        "threading.Thread.start",
        "multiprocessing.Process.start",
        "_thread.start_new_thread",
        "threading.Timer.start",
        "concurrent.futures.ThreadPoolExecutor.submit",
    }
)


@detector("import-time-thread", on=Call, when=unasked)
def import_time_thread(call: Call) -> Iterator[Evidence]:
    """Starts a thread or a process of its own without being called.

    What: a thread started at install, start-up or import.
    Why: the import returns at once and looks harmless while the work goes on.
    Benign twins: monitors and schedulers that start their own thread, mostly when set up.
    Blind spots: event loops.
    """
    if call.target in _STARTS:
        yield seen("import-time-thread", call, "starts a thread")
