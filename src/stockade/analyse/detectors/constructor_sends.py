"""Sends what a constructor is given to a fixed address."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Call
from stockade.analyse.code.observe import flat, networks, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("constructor-sends", on=Call, when=networks)
def constructor_sends(call: Call) -> Iterator[Evidence]:
    """Sends what a constructor is given to a fixed address.

    What: a network call in `__init__` or `__new__` to a constant URL with arguments that depend on the
    constructor's parameters.
    Why: the keys that a client is made with leave before the client has done anything.
    Benign twins: clients that log in when they are made, mostly to an address that is a setting.
    Blind spots: a method that the constructor calls.
    """
    if not call.scope.endswith(("__init__", "__new__", "__post_init__")):
        return
    address = next(
        (text for value in call.values for text in flat(value) if text.startswith(("http://", "https://"))),
        "",
    )
    if address and any(origin.startswith("param:") and origin != "param:self" for origin in call.origins):
        yield seen("constructor-sends", call, "sends what a constructor is given to a fixed address", address)
