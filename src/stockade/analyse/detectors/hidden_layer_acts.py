"""Has code in a string constant that contacts the network, starts programs or executes more code."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Call
from stockade.analyse.code.observe import executes, networks, seen, starts
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("hidden-layer-acts", on=Call)
def hidden_layer_acts(call: Call) -> Iterator[Evidence]:
    """Has code in a string constant that contacts the network, starts programs or executes more code.

    What: such a call in a layer that exists only after a constant has been executed.
    Why: text handed to exec is out of sight of readers, linters and most scanners.
    Benign twins: generated namedtuples, argument parsers and wrappers, which do none of these.
    Blind spots: code that is written to a file and started as a script (see program-in-string).
    """
    if call.where.layer and (networks(call) or starts(call) or executes(call)):
        yield seen("hidden-layer-acts", call, f"calls {call.target} from code kept in a string")
