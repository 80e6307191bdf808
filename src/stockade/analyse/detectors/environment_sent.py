"""Sends the environment's variables away."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Call
from stockade.analyse.code.observe import networks, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence

_SINGLE = frozenset({"os.environ.get", "os.environ.__getitem__", "os.environ.pop", "os.environ.setdefault"})
_LOOPS = frozenset({"os.environ.items", "os.environ.copy", "os.environ.values", "os.environ.keys"})


@detector("environment-sent", on=Call, when=networks)
def environment_sent(call: Call) -> Iterator[Evidence]:
    """Sends the environment's variables away.

    What: a network call whose arguments depend on `os.environ` as a whole.
    Why: in build machines and containers the environment is where the secrets are.
    Benign twins: single variables used as an address or a token are silent; crash reporters choose
    variables by name.
    Blind spots: variables collected into a file or an object first.
    """
    if any(_whole(value.origins) for value in call.values):
        yield seen("environment-sent", call, "sends the environment's variables")


def _whole(origins: frozenset[str]) -> bool:
    if origins & _LOOPS or "os.environb" in origins:
        return True
    return "os.environ" in origins and not origins & _SINGLE
