"""Connects out and gives a shell to the far end."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Call, Module
from stockade.analyse.code.marks import Mark, mark
from stockade.analyse.code.observe import first, from_network, seen, starts, telling
from stockade.analyse.code.vocabulary import SOCKET
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence

_HANDOVER = frozenset({"os.dup2", "pty.spawn"})
#: Whence the number of a standard stream may come, besides being written out.
_STANDARD = ("sys.", "open", "?.std")
_STREAMS = ("stdin", "stdout", "stderr")


@detector("reverse-shell", on=Module)
def reverse_shell(module: Module) -> Iterator[Evidence]:
    """Connects out and gives a shell to the far end.

    What: a socket whose descriptor becomes a program's input and output, a socket beside a spawned
    terminal, or a command line that does the same.
    Why: somebody else then types on this machine.
    Benign twins: terminal servers listen and do not connect; test tools for sockets start no shell, and put one socket
    in the place of another.
    Blind spots: shells by a loop of received commands (see fetched-command-started).
    """
    for literal in telling(module.literals):
        if part := mark(literal.text, Mark.REVERSE):
            yield seen("reverse-shell", literal, "carries the command line of a reverse shell", part)
            return
    if first(module, SOCKET) is None:
        return
    for call in module.calls:
        if _hands_over(call) or (starts(call) and _wired(call)):
            yield seen("reverse-shell", call, "connects a program to a socket")
            return


def _hands_over(call: Call) -> bool:
    """Whether a descriptor becomes a standard stream, or may; not where it takes the number of another open file."""
    onto = str(sorted(call.arg(1, "fd2").origins))
    if call.target == "os.dup2" and "fileno" in onto and not any(one in onto for one in _STANDARD):
        return False
    return call.target in _HANDOVER


def _wired(call: Call) -> bool:
    return any(
        name in call.keywords
        and (
            from_network(call.keywords[name].origins) or "fileno" in str(sorted(call.keywords[name].origins))
        )
        for name in _STREAMS
    )
