"""What callers hand to it goes to an address that has to be decoded."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.detector import detector
from stockade.analyse.flows.tell import destination, told
from stockade.model.evidence import Evidence
from stockade.model.flow import Exposure


@detector("arguments-to-hidden-address", on=Exposure)
def arguments_to_hidden_address(exposure: Exposure) -> Iterator[Evidence]:
    """What callers hand to it goes to an address that has to be decoded.

    What: a parameter of any function or constructor, followed through calls, fields and returned values to a network
    call or look-up whose address is a constant that is stored reversed, encoded, in pieces or encrypted.
    Why: the helpers that stolen keys are handed to take them as a "date" or a "photo".
    Benign twins: clients whose address stands there or is their caller's.
    Blind spots: addresses that are computed from what is not known; values that are put into its fields or variables.
    """
    name, sink = exposure.port.name, exposure.sink
    if sink.hidden and sink.fixed and sink.kind != "process" and not name.startswith((".", "=")):
        message = f"sends what {exposure.port.callee} is given as {name} to {destination(exposure.sink)}"
        if exposure.sink.swallowed:
            message += ", dropping every error"
        yield told(
            "arguments-to-hidden-address", message, exposure.path[-1], exposure.sink.phase, exposure.path
        )
