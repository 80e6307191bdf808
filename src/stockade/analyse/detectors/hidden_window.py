"""Starts a program without a window, or hides its own, without being called."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.commands import command
from stockade.analyse.code.facts import Call
from stockade.analyse.code.marks import Mark, mark
from stockade.analyse.code.observe import runs, seen, starts
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence

#: CREATE_NO_WINDOW, DETACHED_PROCESS, CREATE_NEW_PROCESS_GROUP in any combination.
_FLAGS = 0x0800_0000 | 0x8 | 0x200
_NAMES = frozenset({"subprocess.CREATE_NO_WINDOW", "subprocess.DETACHED_PROCESS"})
_SHOW = ("ShowWindow", "FreeConsole")


@detector("hidden-window", on=Call, when=runs)
def hidden_window(call: Call) -> Iterator[Evidence]:
    """Starts a program without a window, or hides its own, without being called.

    What: a process with flags for no window, a Python without a console, or a call that hides the console.
    Why: the user is not to see that something runs.
    Benign twins: libraries that start helpers on Windows, when called.
    Blind spots: flags that are assembled from variables.
    """
    flags = call.keywords.get("creationflags")
    flagged = flags is not None and (
        bool(flags.origins & _NAMES) or (flags.known and _no_window(flags.const))
    )
    windowless = starts(call) and (mark(command(call), Mark.WINDOWLESS) or "'w.exe'" in call.excerpt)
    shown = call.arg(1)
    hides = call.target.endswith(_SHOW) and (not shown.known or shown.const in (0, 6, None))
    if flagged or windowless or hides:
        yield seen("hidden-window", call, "keeps a program's window from being seen")


def _no_window(const: object) -> bool:
    return isinstance(const, int) and bool(const & _FLAGS)
