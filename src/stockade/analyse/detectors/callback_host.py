"""Names a host that records whatever reaches it."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Module
from stockade.analyse.code.marks import Mark
from stockade.analyse.code.observe import hosts, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("callback-host", on=Module)
def callback_host(module: Module) -> Iterator[Evidence]:
    """Names a host that records whatever reaches it.

    What: a string with the address of a request or look-up recorder, as used in tests of security.
    Why: the owner sees each machine that runs the package; nothing else can be done with such an address.
    Benign twins: lists of disposable domains; documentation of webhooks.
    Blind spots: recorders under a domain of their own.
    """
    for literal, part in hosts(module, Mark.CALLBACK):
        yield seen("callback-host", literal, "names a callback host", part)
