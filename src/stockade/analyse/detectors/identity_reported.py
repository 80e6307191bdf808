"""Asks who or where it is and reports to a chat channel, recorder, tunnel or bare address, in one module."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.chains import OUTLETS, earliest, marked
from stockade.analyse.code.facts import Call, Module
from stockade.analyse.code.marks import Mark
from stockade.analyse.code.observe import idle, networks, seen
from stockade.analyse.code.vocabulary import IDENTITY, LOOKUP
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("identity-reported", on=Module)
def identity_reported(module: Module) -> Iterator[Evidence]:
    """Asks who or where it is and reports to a chat channel, recorder, tunnel or bare address, in one module.

    What: a question for host, user or own public address, an address of that sort, and a network call or
    look-up.
    Why: a beacon, whatever way its parts are joined.
    Benign twins: libraries for chat services do not ask who runs them.
    Blind spots: a domain of the author's own.
    """
    call = earliest(one for one in module.calls if networks(one) or (one.target in LOOKUP and not idle(one)))
    if call is None:
        return
    asked = any(_asks(one) for one in module.calls) or marked(module, Mark.OWN_ADDRESS) is not None
    outlet = marked(module, *OUTLETS) if asked else None
    if outlet is not None:
        yield seen("identity-reported", call, "reports who runs it", outlet.excerpt)


def _asks(call: Call) -> bool:
    return call.target in IDENTITY and not idle(call)
