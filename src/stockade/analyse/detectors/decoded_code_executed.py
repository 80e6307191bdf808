"""Executes Python that it first decodes."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Call
from stockade.analyse.code.observe import decoded, executes, hidden, parameters, seen
from stockade.analyse.code.vocabulary import DECODE, READ, touching
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("decoded-code-executed", on=Call, when=executes)
def decoded_code_executed(call: Call) -> Iterator[Evidence]:
    """Executes Python that it first decodes.

    What: exec, eval, compile or a code object whose argument was base64, hex, compressed, marshalled,
    reversed or assembled from numbers.
    Why: code is text; encoding it serves only to keep it from being read.
    Benign twins: single-file bundles that carry a zip of themselves as base64 text; loaders that unmarshal code
    from a file or of their caller are silent.
    Blind spots: decoders written by hand that the folder cannot follow.
    """
    how = hidden(call.values[:1])
    if not how and call.values:
        how = tuple(sorted(touching(call.values[0].origins, DECODE)))
        loads = how == ("marshal.loads",) and (parameters(call.origins) or touching(call.origins, READ))
        how = () if loads else how
    if how:
        message = f"executes code that it decodes ({', '.join(dict.fromkeys(how))})"
        yield seen("decoded-code-executed", call, message, decoded(call.values))
