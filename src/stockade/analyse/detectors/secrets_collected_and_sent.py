"""Looks for secrets of other programs and contacts the network, in one module."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.chains import OUTLETS, STORES, marked, sender
from stockade.analyse.code.facts import Module
from stockade.analyse.code.marks import Mark
from stockade.analyse.code.observe import first, idle, seen
from stockade.analyse.code.vocabulary import UNPROTECT
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("secrets-collected-and-sent", on=Module)
def secrets_collected_and_sent(module: Module) -> Iterator[Evidence]:
    """Looks for secrets of other programs and contacts the network, in one module.

    What: a browser's, wallet's, chat client's or game's store (or the call that unprotects one) and a network
    call; a credential file only beside a chat channel, recorder, tunnel, drop or bare address.
    Why: collecting and sending in one place is the whole theft, in whatever phase.
    Benign twins: forensic tools read and do not send; cloud clients know one file and their own service.
    Blind spots: theft that is split over modules.
    """
    call = sender(module)
    if call is None:
        return
    store = marked(module, *STORES)
    unprotected = first(module, UNPROTECT)
    if store is None and unprotected is not None and not idle(unprotected):
        yield seen("secrets-collected-and-sent", call, f"sends beside a call of {unprotected.target}")
        return
    if store is None and marked(module, *OUTLETS) is not None:
        store = marked(module, Mark.CREDENTIAL_FILE)
    if store is not None:
        yield seen("secrets-collected-and-sent", call, "sends beside the places of secrets", store.excerpt)
