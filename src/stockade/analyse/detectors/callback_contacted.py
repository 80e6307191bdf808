"""Contacts a host that records whatever reaches it, or a tunnel to somebody's machine."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Call
from stockade.analyse.code.marks import Mark, mark
from stockade.analyse.code.observe import does, flat, idle, networks, seen
from stockade.analyse.code.vocabulary import LOOKUP
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("callback-contacted", on=Call, when=does)
def callback_contacted(call: Call) -> Iterator[Evidence]:
    """Contacts a host that records whatever reaches it, or a tunnel to somebody's machine.

    What: a network call or look-up whose arguments hold such an address.
    Why: unlike a list that names such hosts, this uses one.
    Benign twins: lists of hosts, documentation and settings; tests.
    Blind spots: an address that is put together outside of what can be folded.
    """
    if not networks(call) and (call.target not in LOOKUP or idle(call)):
        return
    for value in call.values:
        for text in flat(value):
            if part := mark(text, Mark.CALLBACK, Mark.TUNNEL):
                yield seen("callback-contacted", call, "contacts a host that records or forwards", part)
                return
