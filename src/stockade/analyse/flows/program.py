"""All files of an artifact together: which functions a call runs, what a field may hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from stockade import limits
from stockade.analyse.flows.classes import Classes
from stockade.analyse.flows.raw import Atoms, RawCall, RawFunction, RawModule, RawStore

#: Attributes of one class that count when an object is handed on as a whole.
_KEPT = 64
_SELF = frozenset({"s:"})
#: Methods that make an object.
MADE = ("__init__", "__new__", "__post_init__")
Place = tuple[RawFunction, RawCall]
Numbered = tuple[int, RawFunction, RawStore]


def _number(one: Numbered) -> int:
    return one[0]


class Program(Classes):
    """What the calls of an artifact mean; `join` tells it who calls whom."""

    def __init__(self, modules: Iterable[RawModule]) -> None:
        super().__init__(modules)
        self._types: dict[tuple[str, str], frozenset[str]] = {}
        self._runs: dict[str, list[RawFunction]] = {}
        self._given: dict[str, frozenset[str]] = {}
        self._stored: dict[tuple[str, str], list[tuple[RawFunction, RawStore]]] = {}
        #: Stores into attributes of ``self`` by class and then name, and into those of other objects by name, numbered
        #: in the order of the source.
        self._own_stores: dict[str, dict[str, list[Numbered]]] = defaultdict(lambda: defaultdict(list))
        self._other_stores: dict[str, list[Numbered]] = defaultdict(list)
        self._kept: dict[str, list[tuple[RawFunction, RawStore]]] = {}
        self.shared: dict[str, list[tuple[RawFunction, Atoms, int]]] = defaultdict(list)
        self.callers: dict[RawFunction, list[Place]] = defaultdict(list)
        #: Constructors that functions put into the classes that they are given, by the function.
        self.patches: dict[str, set[str]] = defaultdict(set)
        #: Whether of every value all that it may be an instance of is known.
        self.exact = True
        #: Whether every call that follows from another was joined.
        self.complete = all(one.complete for one in self.modules)
        self._room = limits.MAX_FLOW_IMPLIED
        self._index()

    def _index(self) -> None:
        number = 0
        for function in self.everything():
            for store in function.stores:
                number += 1
                if store.owner is not None:
                    self._other_stores[store.name].append((number, function, store))
                elif function.cls:
                    self._own_stores[function.cls][store.name].append((number, function, store))
            for name, value, line in function.globals:
                self.shared[name].append((function, value, line))

    def spend(self, steps: int = 1) -> bool:
        """Whether there is room for so many more calls that follow from others."""
        self._room -= steps
        if self._room < 0:
            self.complete = False
        return self._room >= 0

    def everything(self) -> Iterator[RawFunction]:
        """All functions, also those whose name another has."""
        return (function for module in self.modules for function in module.functions)

    # What is called.

    def targets(self, function: RawFunction, call: RawCall) -> frozenset[str]:
        """The dotted names that a call may reach."""
        if call.targets is None:
            call.targets = frozenset()
            call.targets = self._targets(function, call)
        return call.targets

    def _targets(self, function: RawFunction, call: RawCall) -> frozenset[str]:
        if call.receiver == _SELF and function.cls:
            return self._own_method(function, call.method)
        if call.target.startswith("super."):
            return frozenset(f"{base}.{call.method}" for base in self._bases_of(function.cls) if call.method)
        if call.target and not self._vague(call):
            known = self.known(call.target)
            return self._constructed(known) if known in self.classes else frozenset({known})
        found: set[str] = set()
        for atom in call.receiver:
            for kind in self.types(function, atom):
                found.add(f"{kind}.{call.method}" if call.method else kind)
        if not found and call.target:
            found.add(call.target)
        return frozenset(found)

    def _own_method(self, function: RawFunction, method: str) -> frozenset[str]:
        """What ``self.method()`` runs: a method of the class or above it, or what a field holds."""
        if not method or method == "__class__":
            return self._constructed(function.cls)
        for one in self.above(function.cls):
            if f"{one}.{method}" in self.functions or (
                one not in self.classes and not one.startswith("object")
            ):
                return frozenset({f"{one}.{method}"})
        return self.types(function, f"f:{method}")

    def _constructed(self, cls: str) -> frozenset[str]:
        """A class, and the foreign base that has the constructor if no own class above it has one."""
        if self.runs(cls):
            return frozenset({cls})
        foreign = next((one for one in self.above(cls) if one not in self.classes and "." in one), "")
        return frozenset({cls, foreign} if foreign else {cls})

    def _vague(self, call: RawCall) -> bool:
        """Whether the walk took an attribute of an own class for a name."""
        owner = call.target.rpartition(".")[0]
        return (
            owner in self.classes
            and call.target not in self.functions
            and self.method(owner, call.method) is None
        )

    def _bases_of(self, cls: str) -> tuple[str, ...]:
        held = self.classes.get(cls)
        return tuple(self.known(base) for base in held.bases) if held is not None else ()

    def callees(self, function: RawFunction, call: RawCall) -> list[RawFunction]:
        """The own functions that a call runs; a class stands for its constructor."""
        return [one for name in self.targets(function, call) for one in self.runs(name)]

    def runs(self, name: str) -> list[RawFunction]:
        """The own functions that a call of a dotted name runs."""
        found = self._runs.get(name)
        if found is None:
            found = self._runs[name] = self._run_by(name)
        return found

    def _run_by(self, name: str) -> list[RawFunction]:
        name = self.known(name)
        found = self.functions.get(name)
        if found is not None:
            return [found]
        if name in self.classes:
            return [made for method in MADE if (made := self.method(name, method)) is not None]
        owner, _, last = name.rpartition(".")
        owner = self.known(owner)
        if owner in self.classes:
            method = self.method(owner, last)
            return [method] if method is not None else []
        if last == "__call__":
            return [
                one
                for one in (self.functions.get(kind) for kind in sorted(self.given(owner)))
                if one is not None
            ]
        return []

    def given(self, name: str) -> frozenset[str]:
        """The own functions that a call of the function `name` gives back, by name."""
        if name not in self._given:
            self._given[name] = self._handed_out(name)
        return self._given[name]

    def _handed_out(self, name: str) -> frozenset[str]:
        function = self.functions.get(name)
        if function is None:
            return frozenset()
        names = {atom[2:] for value, _ in function.returns for atom in value if atom.startswith("g:")}
        # What a class made inside it derives from may be what it was given.
        made = {f"{one}.__init__" for one in names if one in self.classes and one.startswith(f"{name}.")}
        return frozenset(one for one in names | made if one in self.functions).union(
            self.patches.get(name, ())
        )

    def types(self, function: RawFunction, atom: str) -> frozenset[str]:
        """What an atom may be an instance of (a class, or the foreign call that made it), or the name that it is.

        Each place is looked at once, so that fields that hold each other cost no more than there are of them.
        """
        key = (function.name, atom)
        if key not in self._types:
            self._types[key] = frozenset()  # what asks for itself on the way sees nothing
            found: set[str] = set()
            waiting, met = [(function, atom)], {(function, atom)}
            while waiting and len(met) < limits.MAX_FLOW_NODES and len(found) < limits.MAX_FLOW_TYPES:
                for one in self._held(*waiting.pop()):
                    if isinstance(one, str):
                        found.add(one)
                    elif one not in met:
                        met.add(one)
                        waiting.append(one)
            self._types[key] = frozenset(found)
            if waiting:
                self.exact = False
        return self._types[key]

    def _held(self, function: RawFunction, atom: str) -> Iterator[str | tuple[RawFunction, str]]:
        """What an atom is, or the atoms that it may come from."""
        kind, _, name = atom.partition(":")
        if kind == "g":
            known = self.known(name)
            held = self.shared.get(known)
            if held is None or known in self.functions or known in self.classes:
                yield known
            else:
                yield from ((owner, one) for owner, value, _ in held for one in value)
        elif kind == "s" and function.cls:
            yield function.cls
        elif kind == "f" and function.cls:
            stores = self.stored(function.cls, name)
            yield from ((owner, one) for owner, store in stores for one in store.value)
        elif kind == "c":
            for target in self.targets(function, function.calls[int(name)]):
                made = self.functions.get(target)
                if made is None:
                    yield target
                else:
                    yield from ((made, one) for value, _ in made.returns for one in value)

    def stored(self, cls: str, name: str) -> list[tuple[RawFunction, RawStore]]:
        """The stores into an attribute that an object of this class may have seen."""
        key = (cls, name)
        if key not in self._stored:
            self._stored[key] = []  # what asks for itself on the way sees nothing
            family = self.related(cls)
            held = [one for kind in family for one in self._own_stores.get(kind, {}).get(name, ())]
            held += [one for one in self._other_stores.get(name, ()) if self._keeps(one, family)]
            self._stored[key] = [(owner, store) for _, owner, store in sorted(held, key=_number)]
        return self._stored[key]

    def _keeps(self, stored: Numbered, family: frozenset[str]) -> bool:
        _, owner, store = stored
        return any(kind in family for atom in store.owner or () for kind in self.types(owner, atom))

    def kept(self, cls: str) -> list[tuple[RawFunction, RawStore]]:
        """All stores into attributes of a class and its relatives, for when an object is handed on as a whole."""
        if cls not in self._kept:
            family = self.related(cls)
            every = [
                one for kind in family for held in self._own_stores.get(kind, {}).values() for one in held
            ]
            self._kept[cls] = [(owner, store) for _, owner, store in sorted(every, key=_number)[:_KEPT]]
        return self._kept[cls]
