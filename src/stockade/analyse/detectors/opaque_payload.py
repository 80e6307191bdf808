"""Holds a long opaque constant beside code that executes values."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stockade.analyse.code.facts import Literal, Module
from stockade.analyse.code.observe import first, seen
from stockade.analyse.code.vocabulary import DECODE, DECRYPT, EXECUTE
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence

_LONG = 400
#: Different characters in its beginning; hex has sixteen.
_DISTINCT = 12
_OPAQUE = re.compile(r"[A-Za-z0-9+/=_\-\s]*\Z")
_CODE_MAKERS = EXECUTE | {"compile"}


@detector("opaque-payload", on=Module)
def opaque_payload(module: Module) -> Iterator[Evidence]:
    """Holds a long opaque constant beside code that executes values.

    What: a constant of 400 or more characters of base64, hex or raw bytes, a decoder or a cipher, and exec,
    eval or a code object, in one module.
    Why: it catches payloads whose decoder cannot be followed.
    Benign twins: certificates, icons and tables, which nothing in their module executes.
    Blind spots: payloads cut into pieces or kept in a data file.
    """
    execute = first(module, _CODE_MAKERS)
    if execute is None or first(module, DECODE | DECRYPT) is None:
        return
    for literal in module.literals:
        if not literal.value.steps and _opaque(literal):
            yield seen(
                "opaque-payload",
                literal,
                f"holds {len(literal.text)} opaque characters beside {execute.target}",
            )
            return


def _opaque(literal: Literal) -> bool:
    text = literal.text
    if len(text) < _LONG or len(set(text[:_LONG])) < _DISTINCT:
        return False
    if isinstance(literal.value.const, bytes) and any(ord(char) > 0x7E for char in text[:_LONG]):
        return True
    spaces = text.count(" ") + text.count("\n")
    return bool(_OPAQUE.match(text)) and spaces < len(text) // 30
