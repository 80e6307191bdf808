"""Is wrapped by a code protector."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Module
from stockade.analyse.code.observe import seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence

_PROTECTORS = ("pytransform", "pyarmor_runtime", "pyconcrete", "sourcedefender", "pyprotect")


@detector("protected-code", on=Module)
def protected_code(module: Module) -> Iterator[Evidence]:
    """Is wrapped by a code protector.

    What: an import of a protector's runtime, or the call that unwraps a protected module.
    Why: the code cannot be read by anybody, which an index of open packages has little use for.
    Benign twins: commercial packages, which say so.
    Blind spots: protectors that bring their runtime under another name.
    """
    for call in module.calls:
        if call.target.endswith("__pyarmor__"):
            yield seen("protected-code", call, "unwraps code that a protector made unreadable")
            return
    for one in module.imports:
        if any(part.startswith(_PROTECTORS) for part in one.module.split(".")):
            message = f"needs the runtime of a code protector ({one.module[:60]})"
            yield Evidence(detector="protected-code", message=message, where=one.where, phase=one.phase)
            return
