"""A secret goes, over however many functions, to an address that has to be decoded."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.detector import detector
from stockade.analyse.flows.tell import destination, owned, told
from stockade.model.evidence import Evidence
from stockade.model.flow import Leak


@detector("secret-to-hidden-address", on=Leak)
def secret_to_hidden_address(leak: Leak) -> Iterator[Evidence]:
    """A secret goes, over however many functions, to an address that has to be decoded.

    What: a parameter, field or store that holds a secret, followed through calls, fields and returned values to a
    network call whose address is a constant that is stored reversed, encoded, in pieces or encrypted.
    Why: who has a reason to send a secret has none to hide where to.
    Benign twins: clients of an API, whose address stands there.
    Blind spots: secrets under innocent names; values that go through files, queues or other processes.
    """
    # The environment is in much of what a program computes; it counts where the address could be read.
    certain = leak.sink.fixed or leak.source.kind == "parameter"
    if leak.sink.hidden and leak.sink.kind == "network" and certain:
        message = f"sends {owned([leak.source])} to {destination(leak.sink)}"
        if leak.sink.swallowed:
            message += ", dropping every error"
        yield told("secret-to-hidden-address", message, leak.path[-1], leak.sink.phase, leak.path)
