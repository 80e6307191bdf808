"""Executes Python that it first decrypts."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Call
from stockade.analyse.code.observe import executes, seen
from stockade.analyse.code.vocabulary import DECRYPT, touching
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("decrypted-code-executed", on=Call, when=executes)
def decrypted_code_executed(call: Call) -> Iterator[Evidence]:
    """Executes Python that it first decrypts.

    What: exec, eval, compile or a code object whose argument depends on a cipher.
    Why: the key lies beside the text, so the cipher hides the code from scanners alone.
    Benign twins: commercial code protection; it is rare among published packages.
    Blind spots: ciphers written by hand; decrypted in one module and executed in another.
    """
    if touching(call.origins, DECRYPT):
        yield seen("decrypted-code-executed", call, "executes code that it decrypts")
