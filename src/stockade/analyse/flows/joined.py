"""The files of an artifact joined: who calls whom, with the calls that follow from others."""

from __future__ import annotations

from collections.abc import Iterable

from stockade import limits
from stockade.analyse.flows.decorated import Decorators, patch
from stockade.analyse.flows.logs import Logs
from stockade.analyse.flows.program import Program
from stockade.analyse.flows.raw import RawModule
from stockade.analyse.flows.runners import hand_to_runners


def join(modules: Iterable[RawModule]) -> Program:
    """A program whose functions know their callers: those in the source, runners, decorators, and what logs."""
    program = Program(modules)
    patch(program)
    decorators, logs = Decorators(program), Logs(program)
    room = limits.MAX_FLOW_CALLERS
    for function in program.everything():
        for call in tuple(function.calls):
            callees = program.callees(function, call)
            room -= len(callees)
            if room < 0:
                program.complete = False
                return program
            for callee in callees:
                program.callers[callee].append((function, call))
            hand_to_runners(program, function, call)
            logs.note(function, call)
        decorators.functions(function)
    decorators.classes()
    logs.hand_on()
    return program
