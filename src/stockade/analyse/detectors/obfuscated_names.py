"""Uses names that an obfuscator has made."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stockade.analyse.code.facts import Module
from stockade.analyse.code.observe import acts, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence

#: Names that obfuscators make: `_0x3fa2`, runs of I and l, runs of O and 0, mathematical letters, underscores alone.
_NAME = re.compile(
    r"(?<![\w.\\#%'\"])(?:_0x[0-9a-f]{4,}|(?=\w*I)(?=\w*[l1])_*[Il1]{8,}|_*O(?=\w*0)[O0_]{7,}|_*[oO]{8,})(?!\w)"
    r"|[\U0001d400-\U0001d7ff]{3,}\s*[.(=]|(?<![\w'\"])_{6,}(?=[(\[.]|\s*=)"
)
#: What each such name holds; most lines hold none of it. Each branch begins with one plain character, for a search
#: that may skip all others takes a quarter of the time.
_HINT = re.compile(r"_(?:0x|_{5})|I[Il1]|l[Il1]{3}|O[O0]{3}|oooo")
_LETTERS = re.compile(r"[\U0001d400-\U0001d7ff]")
_ENOUGH = 3


@detector("obfuscated-names", on=Module)
def obfuscated_names(module: Module) -> Iterator[Evidence]:
    """Uses names that an obfuscator has made.

    What: three or more lines with identifiers such as `_0x3fa2`, `IlllIIl` or `O0OO0O0`.
    Why: an open-source package has no need to keep its names from being read.
    Benign twins: hexadecimal numbers, words in capitals and test data are no such names.
    Blind spots: obfuscators that use ordinary words.
    """
    if not _hints("\n".join({fact.excerpt for fact in acts(module)})):
        return
    looked: set[tuple[int | None, int]] = set()
    found = 0
    for fact in acts(module):
        line = (fact.where.line, fact.where.layer)
        if line in looked:
            continue
        looked.add(line)
        found += _hints(fact.excerpt) and _NAME.search(fact.excerpt) is not None
        if found >= _ENOUGH:
            yield seen("obfuscated-names", fact, "uses names made by an obfuscator")
            return


def _hints(text: str) -> bool:
    return bool(_HINT.search(text)) or (not text.isascii() and bool(_LETTERS.search(text)))
