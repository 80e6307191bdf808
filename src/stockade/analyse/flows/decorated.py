"""What decorators make of functions and of classes, and what goes through that."""

from __future__ import annotations

from stockade.analyse.flows.program import MADE, Program
from stockade.analyse.flows.raw import RawCall, RawFunction, RawStore


def patch(program: Program) -> None:
    """``cls.__init__ = made``, in a function that is given a class, makes a constructor of the inner function `made`.

    This has to be known before anything is joined, for it takes ``self`` from the parameters of `made`.
    """
    for function in program.everything():
        for store in function.stores:
            if store.owner is not None and store.name in MADE:
                _patched(program, function, store)


def _patched(program: Program, function: RawFunction, store: RawStore) -> None:
    if not any(atom.startswith("p:") for atom in store.owner or ()):
        return
    for atom in store.value:
        made = program.functions.get(atom[2:]) if atom.startswith("g:") else None
        if made is not None and made.outer is function and not made.method and made.params:
            made.params, made.method = made.params[1:], True
            program.patches[function.name].add(made.name)


class Decorators:
    """Remembers what each decorator hands out."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._handed: dict[str, list[RawFunction]] = {}

    def functions(self, function: RawFunction) -> None:
        """What a decorated function is given goes through what its decorators give back."""
        for decorator in function.decorators:
            self._decorated(function, decorator)

    def classes(self) -> None:
        """What a decorated class is made with goes through what its decorators make of it."""
        program = self._program
        for name, cls in program.classes.items():
            made = program.method(name, "__init__") if cls.decorators else None
            if made is not None:
                for decorator in cls.decorators:
                    self._decorated(made, decorator)

    def _decorated(self, function: RawFunction, decorator: str) -> None:
        program = self._program
        known = program.known(decorator)
        handed = self._hands_out(known)
        if not program.spend(1 + len(handed)):
            return
        passed = tuple(frozenset({f"p:{name}"}) for name in function.params)
        call = RawCall(f"{known}.__call__", function.line, passed, {})
        function.calls.append(call)
        for one in handed:
            program.callers[one].append((function, call))

    def _hands_out(self, decorator: str) -> list[RawFunction]:
        """What a decorator gives back, and what that gives back where it is asked for with arguments."""
        if decorator not in self._handed:
            program = self._program
            given = program.given(decorator)
            found = set(given)
            for one in sorted(given):
                inner = program.given(one)
                if not program.spend(len(inner)):
                    break
                found |= inner
            self._handed[decorator] = [program.functions[name] for name in sorted(found)]
        return self._handed[decorator]
