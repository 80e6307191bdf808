"""Functions that are handed to what runs them: threads, pools, loops, what waits for the end."""

from __future__ import annotations

from dataclasses import replace

from stockade.analyse.flows.program import Program
from stockade.analyse.flows.raw import NONE, RawCall, RawFunction

#: Calls that run, sooner or later, a function that they are handed: where it stands, and where its arguments do.
_RUNNERS = {
    "threading.Thread": ("target", 1, "args"),
    "threading.Timer": ("function", 1, "args"),
    "multiprocessing.Process": ("target", 1, "args"),
    "atexit.register": ("func", 0, ""),
    "asyncio.to_thread": ("func", 0, ""),
    "_thread.start_new_thread": ("function", 0, "args"),
    "functools.partial": ("func", 0, ""),
    "weakref.finalize": ("func", 1, ""),
    "map": ("", 0, ""),
    "filter": ("", 0, ""),
}
#: The same as methods of executors, loops, pools, stacks and schedulers.
_RUNNING = {
    "submit": ("func", 0, ""),
    "run_in_executor": ("func", 1, ""),
    "call_soon": ("func", 0, ""),
    "call_later": ("func", 1, ""),
    "apply_async": ("func", 0, ""),
    "run_sync": ("func", 0, ""),
    "add_done_callback": ("func", 0, ""),
    "call_soon_threadsafe": ("func", 0, ""),
    "callback": ("func", 0, ""),
    "enter": ("action", 2, "argument"),
    "enterabs": ("action", 2, "argument"),
}


def hand_to_runners(program: Program, function: RawFunction, call: RawCall) -> None:
    """Tell the functions that `call` is handed, if it runs them, who calls them and with what."""
    runner = _RUNNERS.get(call.target) or _RUNNING.get(call.method)
    if runner is None:
        return
    keyword, position, bundle = runner
    what = call.keywords.get(keyword, call.args[position] if position < len(call.args) else NONE)
    rest = call.args[position + 1 :]
    if bundle:
        packed = call.keywords.get(bundle, rest[0] if rest else NONE)
        made = RawCall("", call.line, (), {"*": packed, "**": call.keywords.get("kwargs", NONE)})
    else:
        named = {name: value for name, value in call.keywords.items() if name != keyword}
        made = RawCall("", call.line, rest, named)
    made.swallowed = call.swallowed
    for atom in sorted(what):
        for callee in _named(program, function, atom):
            if program.spend():
                program.callers[callee].append((function, made))
        if atom.startswith("g:") and not program.own(known := program.known(atom[2:])) and program.spend():
            # Somebody else's function: the call stands here, as if it were made at once.
            function.calls.append(replace(made, target=known))


def _named(program: Program, function: RawFunction, atom: str) -> list[RawFunction]:
    kind, _, name = atom.partition(":")
    if kind == "f" and function.cls:
        found = program.method(function.cls, name)
        return [found] if found is not None else []
    return program.runs(name) if kind == "g" else []
