"""Brings native code that enters other programs or unprotects stored secrets."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.detector import detector
from stockade.analyse.files.natives import NativeFile
from stockade.model.evidence import Evidence

_WRITES = frozenset({"WriteProcessMemory", "NtWriteVirtualMemory"})
_STARTS = frozenset(
    {
        "CreateRemoteThread",
        "CreateRemoteThreadEx",
        "NtCreateThreadEx",
        "QueueUserAPC",
        "RtlCreateUserThread",
        "SetThreadContext",
    }
)
_ALONE = frozenset({"CryptUnprotectData", "URLDownloadToFileA", "URLDownloadToFileW"})


@detector("native-injects", on=NativeFile)
def native_injects(native: NativeFile) -> Iterator[Evidence]:
    """Brings native code that enters other programs or unprotects stored secrets.

    What: a PE file that imports what writes into another process and what starts code there, or what takes the
    system's protection off stored passwords, or what fetches a file for a program to run.
    Why: extension modules work in their own process.
    Benign twins: debuggers attach that way; libraries for sound, speed and windows import none of it.
    Blind spots: functions that are looked up by name at run time.
    """
    writes, starts = sorted(native.imports & _WRITES), sorted(native.imports & _STARTS)
    found = [*writes, *starts] if writes and starts else []
    found += sorted(native.imports & _ALONE)
    if found:
        message = f"brings native code that calls {', '.join(found)}"
        yield Evidence(detector="native-injects", message=message, where=native.where)
