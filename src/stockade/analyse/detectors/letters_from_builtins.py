"""Picks letters out of how builtins describe themselves."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Call
from stockade.analyse.code.observe import idle, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence

#: Functions and notices, which nobody describes; types are left out, since classes derive from them.
_WORDS = (
    "abs all any ascii bin callable chr compile copyright credits delattr dir divmod eval exec exit format "
    "getattr globals hasattr hash help hex id input isinstance issubclass iter len license locals max min "
    "next oct open ord pow print quit repr round setattr sorted sum vars"
)
_BUILTINS = frozenset(_WORDS.split())
_TEXTS = frozenset({"__str__", "__repr__", "__doc__.__getitem__", "__name__.__getitem__"})


def _describes(call: Call) -> bool:
    name, _, rest = call.target.partition(".")
    return name in _BUILTINS and rest in _TEXTS


@detector("letters-from-builtins", on=Call, when=_describes)
def letters_from_builtins(call: Call) -> Iterator[Evidence]:
    """Picks letters out of how builtins describe themselves.

    What: `oct.__str__()`, `hex.__doc__[3]` and their like.
    Why: words are put together from such letters so that no search finds them.
    Benign twins: classes that define or call `__str__` of their own.
    Blind spots: letters from other descriptions.
    """
    if not call.args[1:] and not idle(call):
        yield seen("letters-from-builtins", call, "puts words together from letters of builtins")
