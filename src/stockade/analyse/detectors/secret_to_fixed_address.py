"""A secret goes to a constant address and every error on the way is dropped."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.detector import detector
from stockade.analyse.flows.tell import destination, owned, told
from stockade.model.evidence import Evidence
from stockade.model.flow import Leak


@detector("secret-to-fixed-address", on=Leak)
def secret_to_fixed_address(leak: Leak) -> Iterator[Evidence]:
    """A secret goes to a constant address and every error on the way is dropped.

    What: as `secret-to-hidden-address`, with an address in the open, in a ``try`` whose handler does nothing.
    Why: a client reports that its log-in failed; only a thief does not care.
    Benign twins: telemetry and update checks, with keys that are meant to be public.
    Blind spots: handlers that pretend to do something.
    """
    if leak.sink.swallowed and leak.sink.fixed and not leak.sink.hidden and leak.sink.kind == "network":
        message = f"sends {owned([leak.source])} to {destination(leak.sink)}, dropping every error"
        yield told("secret-to-fixed-address", message, leak.path[-1], leak.sink.phase, leak.path)
