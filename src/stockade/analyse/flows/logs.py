"""What an artifact logs, on its way to the handlers and filters that it adds to its own loggers."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.flows.program import Place, Program
from stockade.analyse.flows.raw import NONE, RawCall, RawFunction
from stockade.analyse.flows.vocabulary import CONFIGURES, LOGS, TAKES


class Logs:
    """Calls that log, and calls that add a taker of logs."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._adding: list[Place] = []
        self._logging: list[Place] = []

    def note(self, function: RawFunction, call: RawCall) -> None:
        """Look at one call."""
        if call.method in TAKES or (call.target == CONFIGURES and "handlers" in call.keywords):
            self._adding.append((function, call))
        elif call.method in LOGS:
            self._logging.append((function, call))

    def hand_on(self) -> None:
        """Add, beside each call that logs, a call of each taker with what is logged.

        Only of takers that the same artifact adds: that a handler and a secret are in one closure says nothing yet.
        """
        program = self._program
        takers = list(dict.fromkeys(self._takers()))
        for function, call in self._logging if takers else ():
            value = call.every()
            if not value or not any(one.startswith("logging.") for one in program.targets(function, call)):
                continue
            for taker in takers:
                callees = program.runs(taker)
                if not program.spend(1 + len(callees)):
                    return
                made = RawCall(taker, call.line, (value,), {}, swallowed=call.swallowed, logged=True)
                function.calls.append(made)
                for callee in callees:
                    program.callers[callee].append((function, made))

    def _takers(self) -> Iterator[str]:
        for function, call in self._adding:
            for atom in sorted(call.keywords.get("handlers", call.args[0] if call.args else NONE)):
                for kind in sorted(self._program.types(function, atom)):
                    if "." in kind and not kind.startswith("logging."):
                        yield f"{kind}.{TAKES.get(call.method, 'emit')}"
