"""Holds code inside code inside code."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Module
from stockade.analyse.code.observe import acts, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("layered-code", on=Module)
def layered_code(module: Module) -> Iterator[Evidence]:
    """Holds code inside code inside code.

    What: two or more layers of constants that are executed and turn out to execute further constants.
    Why: one layer can be a template; two are wrapping paper.
    Benign twins: code generators produce one layer.
    Blind spots: layers whose decoder the folder cannot follow.
    """
    deepest = max(acts(module), key=lambda fact: fact.where.layer, default=None)
    if deepest is not None and deepest.where.layer >= 2:
        yield seen("layered-code", deepest, f"unwraps {deepest.where.layer} layers of code")
