"""Looks up or executes plain text that is spelt in escapes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stockade.analyse.code.facts import Call
from stockade.analyse.code.observe import does, executes, idle, seen
from stockade.analyse.code.vocabulary import BY_NAME
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence

#: Four letters, digits or signs of ASCII in a row as hex, octal or Unicode escapes.
_ESCAPED = re.compile(r"(?:\\x[2-7][0-9a-fA-F]|\\(?:1[0-7]|0[4-7])[0-7]|\\u00[2-7][0-9a-fA-F]){4}")


@detector("escaped-plain-text", on=Call, when=does)
def escaped_plain_text(call: Call) -> Iterator[Evidence]:
    """Looks up or executes plain text that is spelt in escapes.

    What: exec, eval, compile, a look-up by name or an import in a line whose text is letters as `\\x65` or
    `\\145`.
    Why: escapes of plain letters serve only to keep a word from being found.
    Benign twins: escapes of bytes and of characters that cannot be typed.
    Blind spots: escapes in another line than the call.
    """
    if (executes(call) or (call.target in BY_NAME and not idle(call))) and _ESCAPED.search(call.excerpt):
        yield seen("escaped-plain-text", call, "spells plain text in escapes")
