"""Sends data somewhere without being called."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Call
from stockade.analyse.code.observe import UNASKED, networks, seen
from stockade.analyse.code.vocabulary import CHAT
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence

_SENDS = (".post", ".put", ".patch", ".sendmail", ".send_message", ".storbinary", ".sendto")
_BODY = ("data", "json", "files", "content", "body")


@detector("sends-unasked", on=Call, when=networks)
def sends_unasked(call: Call) -> Iterator[Evidence]:
    """Sends data somewhere without being called.

    What: a network call at install, start-up or import that carries a body, or that only ever sends.
    Why: a check for an update fetches; what is sent unasked is about whoever runs it.
    Benign twins: usage statistics of a few projects.
    Blind spots: data in the address itself.
    """
    if call.phase not in UNASKED:
        return
    body = any(name in call.keywords and call.keywords[name].const is not None for name in _BODY)
    carries = any(name in call.keywords for name in _BODY)
    if body or carries or call.target.endswith(_SENDS) or call.target in CHAT:
        yield seen("sends-unasked", call, "sends data")
