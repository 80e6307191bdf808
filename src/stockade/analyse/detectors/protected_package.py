"""Consists of nothing but code that a protector made unreadable."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Call, Module, Package
from stockade.analyse.code.observe import seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence

#: Modules with more calls than this beside the protected ones are a package with a protected part.
_OTHERS = 12


@detector("protected-package", on=Package)
def protected_package(package: Package) -> Iterator[Evidence]:
    """Consists of nothing but code that a protector made unreadable.

    What: a call that unwraps a protected module, in a package whose other modules together do hardly anything.
    Why: nothing of it can be judged by anybody.
    Benign twins: products that protect a part bring open modules around it.
    Blind spots: open modules as a pretext.
    """
    unwraps: Call | None = None
    others = 0
    for module in package.modules:
        found = _unwraps(module)
        unwraps = unwraps or found
        if found is None and module.path.rpartition("/")[2] != "setup.py":
            others += len(module.calls)
    if unwraps is not None and others <= _OTHERS:
        yield seen("protected-package", unwraps, "holds nothing but code that a protector made unreadable")


def _unwraps(module: Module) -> Call | None:
    return next((call for call in module.calls if call.target.endswith("__pyarmor__")), None)
