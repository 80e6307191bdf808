"""Places native code in memory and starts it."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Call
from stockade.analyse.code.observe import seen
from stockade.analyse.code.vocabulary import MEMORY
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


def _places(call: Call) -> bool:
    return call.target.rpartition(".")[2] in MEMORY and call.target.startswith(
        ("ctypes.", "?.", "kernel32", "win32")
    )


@detector("memory-code", on=Call, when=_places)
def memory_code(call: Call) -> Iterator[Evidence]:
    """Places native code in memory and starts it.

    What: the Windows calls that allocate executable memory, copy into it, or start a thread there.
    Why: so runs a payload that never was a file.
    Benign twins: just-in-time compilers and debuggers, in functions that are called.
    Blind spots: mmap and function pointers on other systems.
    """
    yield seen("memory-code", call, f"calls {call.target.rpartition('.')[2]}")
