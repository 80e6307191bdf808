"""Starts commands that it receives and sends back what they print."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Call, Module
from stockade.analyse.code.observe import executes, from_network, idle, seen, starts
from stockade.analyse.code.vocabulary import PROCESS, touching
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence

_SENDS = ("send", "sendall", "post", "sendto", "write", "send_message", "sendmail")


@detector("remote-shell", on=Module)
def remote_shell(module: Module) -> Iterator[Evidence]:
    """Starts commands that it receives and sends back what they print.

    What: a process or exec whose argument came over a connection, and a call that sends with a process among
    its origins or beside it in the same function.
    Why: a door for somebody else, whoever opened the connection.
    Benign twins: servers that start a fixed program with a received argument.
    Blind spots: commands and answers in different modules.
    """
    for start in module.calls:
        received = (starts(start) or (executes(start) and not idle(start))) and start.args
        if received and from_network(start.args[0].origins) and _answers(module, start):
            yield seen("remote-shell", start, "starts what it receives and answers with what that prints")
            return


def _answers(module: Module, start: Call) -> bool:
    return any(
        call.target.rpartition(".")[2] in _SENDS and touching(call.origins, PROCESS)
        for call in module.calls
        if call.scope == start.scope
    )
