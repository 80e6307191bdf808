"""Bears the signature of an obfuscator."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stockade.analyse.code.facts import Module
from stockade.analyse.code.observe import acts, idle, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence

#: Names that well-known obfuscators leave at the top of what they make.
_SIGNED = re.compile(r"^(?:__obfuscator__|__code__|__obf\w*__|_pyobfuscate\w*|__deobf\w*)\s*=\s*\S")


@detector("obfuscator-signature", on=Module)
def obfuscator_signature(module: Module) -> Iterator[Evidence]:
    """Bears the signature of an obfuscator.

    What: an assignment to a name such as `__obfuscator__` or `__code__` at a line's beginning.
    Why: the author says himself that the code is not to be read.
    Benign twins: attributes of code objects are read, and never assigned to a bare name.
    Blind spots: obfuscators that do not sign.
    """
    for fact in acts(module):
        if _SIGNED.match(fact.excerpt) and not idle(fact):
            yield seen("obfuscator-signature", fact, "bears the signature of an obfuscator")
            return
