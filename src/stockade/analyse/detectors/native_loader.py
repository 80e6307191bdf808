"""Is little more than a call into native code of its own."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.detector import detector
from stockade.analyse.files.natives import NativeCall
from stockade.model.evidence import Evidence


@detector("native-loader", on=NativeCall)
def native_loader(call: NativeCall) -> Iterator[Evidence]:
    """Is little more than a call into native code of its own.

    What: less than 4 KiB of Python in all, of which some calls a function of an extension module that comes along, at
    install, start-up or import.
    Why: the Python is there to be looked at; what is done is done where nobody looks.
    Benign twins: bindings that only import names from their extension module, or ask it for their version;
    packages that initialise theirs have more Python around it.
    Blind spots: an extension module that acts while it is imported, or when it is asked for its version.
    """
    message = f"is little more than a call of {call.target[:80]}, which is native code"
    yield Evidence(detector="native-loader", message=message, where=call.where, phase=call.phase)
