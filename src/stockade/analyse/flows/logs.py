"""What an artifact logs, on its way to the handlers and filters that it adds to its own loggers."""

from __future__ import annotations

from stockade.analyse.flows.program import Program
from stockade.analyse.flows.raw import NONE, RawCall
from stockade.analyse.flows.vocabulary import TAKES

#: Takers of logs, and calls that log, that are looked at.
_HANDLERS, _LOGGED = 8, 4_000


def hand_to_takers(program: Program) -> None:
    """Add, beside each call that logs, a call of each taker with what is logged.

    Only of takers that the same artifact adds: that a handler and a secret are in one closure says nothing yet.
    """
    takers = [
        f"{kind}.{TAKES.get(call.method, 'emit')}"
        for function, call in program.adding[:_LOGGED]
        for atom in sorted(call.keywords.get("handlers", call.args[0] if call.args else NONE))
        for kind in sorted(program.types(function, atom))
        if "." in kind and not kind.startswith("logging.")
    ]
    takers = list(dict.fromkeys(takers))[:_HANDLERS]
    for function, call in program.logging[:_LOGGED] if takers else ():
        value = call.every()
        if not value or not any(one.startswith("logging.") for one in program.targets(function, call)):
            continue
        for taker in takers:
            made = RawCall(taker, call.line, (value,), {}, swallowed=call.swallowed)
            function.calls.append(made)
            for callee in program.runs(taker):
                program.callers[callee].append((function, made))
