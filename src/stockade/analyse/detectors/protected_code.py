"""Needs the runtime of a code protector."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Import
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence

_PROTECTORS = (
    "pytransform",
    "pyarmor_runtime",
    "pyconcrete",
    "sourcedefender",
    "pyprotector",
    "pyce",
    "oxyry",
)


@detector("protected-code", on=Import)
def protected_code(module: Import) -> Iterator[Evidence]:
    """Needs the runtime of a code protector.

    What: an import of such a runtime.
    Why: the code cannot be read by anybody, which an index of open packages has little use for.
    Benign twins: commercial packages, which say so.
    Blind spots: protectors that bring their runtime under another name.
    """
    if module.module.split(".")[0].startswith(_PROTECTORS):
        message = f"needs the runtime of a code protector ({module.module.split('.')[0]})"
        yield Evidence(detector="protected-code", message=message, where=module.where, phase=module.phase)
