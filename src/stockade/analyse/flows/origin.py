"""Whether a value may come from a secret: one question to many nodes, each looked at once."""

from __future__ import annotations

from collections.abc import Iterator

from stockade import limits
from stockade.analyse.flows.names import given
from stockade.analyse.flows.program import Program
from stockade.analyse.flows.raw import RawFunction
from stockade.analyse.flows.vocabulary import cleans, is_secret, source_of

Node = tuple[RawFunction, str]


class Origins:
    """Remembers what it was asked."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._known: dict[Node, bool] = {}

    def secret(self, function: RawFunction, atom: str) -> bool:
        """Whether the value of `atom` may come from a secret; what goes in circles is none."""
        key = (function, atom)
        known = self._known.get(key)
        if known is not None:
            return known
        waiting: list[Node] = [key]
        met: dict[Node, Node | None] = {key: None}  # and what each was met on the way back from
        while waiting and len(met) < limits.MAX_FLOW_NODES:
            here = waiting.pop()
            for one in self._before(*here):
                if one is None or self._known.get(one):
                    after: Node | None = here
                    while after is not None:
                        self._known[after] = True
                        after = met[after]
                    return True
                if one not in met and one not in self._known:
                    met[one] = here
                    waiting.append(one)
        # Where the bound was hit nothing is known of what was met on the way, and this one may be a secret.
        if waiting:
            self._known[key] = True
            return True
        self._known.update(dict.fromkeys(met, False))
        return False

    def _before(self, function: RawFunction, atom: str) -> Iterator[Node | None]:
        """Where a value may come from, one step back; None for a secret."""
        kind, _, name = atom.partition(":")
        program = self._program
        if kind == "a" or (kind == "p" and is_secret(name)) or (kind == "g" and source_of(name)):
            yield None
        elif kind == "p":
            for caller, call in program.callers.get(function, ()):
                for value in given(function, call, name):
                    yield from ((caller, one) for one in value)
        elif kind == "f" and function.cls:
            stores = program.stored(function.cls, name)
            yield from ((owner, one) for owner, kept in stores for one in kept.value)
        elif kind == "s" and function.cls:
            kept_all = program.kept(function.cls)
            yield from ((owner, one) for owner, kept in kept_all for one in kept.value if one != "s:")
        elif kind == "g":
            yield from ((owner, one) for owner, value, _ in program.shared.get(name, ()) for one in value)
        elif kind == "c":
            yield from self._made(function, int(name))

    def _made(self, function: RawFunction, number: int) -> Iterator[Node | None]:
        call = function.calls[number]
        targets = self._program.targets(function, call)
        own = [one for target in targets for one in self._program.runs(target)]
        for one in own:
            yield from ((one, atom) for value, _ in one.returns for atom in value)
        if any(source_of(target) for target in targets):
            yield None
        elif own or not cleans(min(targets, default=""), call.method):
            yield from ((function, one) for one in call.every() | call.receiver)
