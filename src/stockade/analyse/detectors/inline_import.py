"""Reaches the network, a process, a decoder or exec through an import inside an expression."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stockade.analyse.code.facts import Call
from stockade.analyse.code.observe import networks, runs, seen, starts
from stockade.analyse.code.vocabulary import DECODE, EXECUTE, within
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence

_INLINE = re.compile(r"__import__\s*\(|import_module\s*\(|__builtins__|\bbuiltins\s*[.,]|globals\(\)\s*\[")


@detector("inline-import", on=Call, when=runs)
def inline_import(call: Call) -> Iterator[Evidence]:
    """Reaches the network, a process, a decoder or exec through an import inside an expression.

    What: a call such as `__import__("x").y()` or `getattr(builtins, "exec")` with one of those targets.
    Why: an import statement would show at the top of the file; this form keeps it out of sight.
    Benign twins: optional imports by `importlib.import_module` of the package's own plugins.
    Blind spots: the module kept in a variable on another line.
    """
    acts = networks(call) or starts(call) or call.target in EXECUTE or within(call.target, DECODE)
    if acts and _INLINE.search(call.excerpt):
        yield seen("inline-import", call, f"reaches {call.target} without an import statement")
