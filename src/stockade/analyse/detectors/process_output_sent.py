"""Sends away what a program printed."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Call
from stockade.analyse.code.observe import networks, seen
from stockade.analyse.code.vocabulary import PROCESS, touching
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence

_SENDS = frozenset({"socket.socket.send", "socket.socket.sendall", "ssl.wrap_socket.send"})


def _sends(call: Call) -> bool:
    return call.target in _SENDS or networks(call)


@detector("process-output-sent", on=Call, when=_sends)
def process_output_sent(call: Call) -> Iterator[Evidence]:
    """Sends away what a program printed.

    What: a network call whose arguments depend on a process's output.
    Why: `whoami`, `hostname`, `env` and remote shells send exactly this.
    Benign twins: CI reporters that send a commit's hash, when called.
    Blind spots: output kept in a file first.
    """
    if found := touching(call.origins, PROCESS):
        yield seen("process-output-sent", call, f"sends the output of {min(found)}")
