"""Consists mostly of one opaque constant that it executes."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Module
from stockade.analyse.code.observe import executes, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence

_LEAST = 800
#: The constant's share of the file, below which code of the author's own surrounds it.
_SHARE = 0.6
#: White space in a text of words; data have less.
_SPACES = 0.03


@detector("mostly-opaque", on=Module)
def mostly_opaque(module: Module) -> Iterator[Evidence]:
    """Consists mostly of one opaque constant that it executes.

    What: a constant with hardly any blanks that makes up more than half of its file, and exec, eval or a code
    object.
    Why: a wrapper around a payload, in whatever encoding.
    Benign twins: modules of data execute nothing; tables of words have blanks.
    Blind spots: payloads in many pieces, or with much code around them.
    """
    if module.size < _LEAST:
        return
    call = next((one for one in module.calls if executes(one) and one.where.layer == 0), None)
    if call is None:
        return
    least = max(_LEAST, module.size * _SHARE)
    if any(one.where.layer == 0 and _dense(one.text, least) for one in module.literals):
        yield seen("mostly-opaque", call, "executes a constant that is most of the file")


def _dense(text: str, least: float) -> bool:
    return len(text) >= least and sum(map(text.count, " \n\t")) < len(text) * _SPACES
