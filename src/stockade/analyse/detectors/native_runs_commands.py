"""Brings native code that holds command lines of an intruder."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.detector import detector
from stockade.analyse.files.natives import NativeFile
from stockade.analyse.marks.kinds import Mark
from stockade.model.evidence import Evidence

_WANTED = frozenset(
    {
        Mark.POWERSHELL,
        Mark.FETCH_AND_RUN,
        Mark.REVERSE,
        Mark.DISABLE,
        Mark.PERSIST,
        Mark.KILL,
        Mark.COMMAND_SENDS,
    }
)


@detector("native-runs-commands", on=NativeFile)
def native_runs_commands(native: NativeFile) -> Iterator[Evidence]:
    """Brings native code that holds command lines of an intruder.

    What: a string in an ELF, PE or Mach-O file with a PowerShell command, a fetched script that is run, a shell that is
    handed to the network, the end of a protection, or a place that starts programs by themselves.
    Why: a library computes; it does not ask PowerShell to fetch something.
    Benign twins: launchers of installers and extension modules hold no such commands.
    Blind spots: commands that are built at run time.
    """
    found = [(mark, part) for mark, part in native.strings if mark in _WANTED]
    if found:
        kinds = ", ".join(sorted(mark.value for mark, _ in found))
        message = f"brings native code that holds command lines ({kinds})"
        yield Evidence(
            detector="native-runs-commands", message=message, where=native.where, excerpt=found[0][1]
        )
