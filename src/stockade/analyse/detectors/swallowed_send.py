"""Sends its caller's data to a fixed address in passing, and drops every failure."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Call
from stockade.analyse.code.handing import handed_over
from stockade.analyse.code.observe import UNASKED, flat, networks, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("swallowed-send", on=Call, when=networks)
def swallowed_send(call: Call) -> Iterator[Evidence]:
    """Sends its caller's data to a fixed address in passing, and drops every failure.

    What: in a function that is called, a network call to a constant URL whose other arguments depend on
    the function's parameters or on credentials, within a `try` whose handler does nothing.
    Why: trojaned clones of SDKs do this in a constructor; the caller notices neither success nor failure.
    Benign twins: usage statistics. A question to a fixed address (`get` with parameters beside it) is silent.
    Blind spots: handlers that log; addresses kept in a settings object.
    """
    if not call.swallowed or call.phase in UNASKED:
        return
    address = next(
        (text for value in call.values for text in flat(value) if text.startswith(("http://", "https://"))),
        "",
    )
    if address == call.arg(0, "url").text and call.target.endswith(".get"):
        return
    if address and any(origin.startswith("param:") or "credential" in origin for origin in handed_over(call)):
        yield seen("swallowed-send", call, "sends data to a fixed address and drops every failure", address)
