"""All files of an artifact joined: which functions a call runs, what a field may hold, who calls whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from stockade import limits
from stockade.analyse.code.abstract import Abstract
from stockade.analyse.flows.raw import NONE, Atoms, RawCall, RawClass, RawFunction, RawModule, RawStore
from stockade.analyse.flows.vocabulary import CONFIGURES, LOGS, TAKES

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
#: Classes of one family that are looked at.
_RELATIVES = 400
#: Attributes of one class that count when an object is handed on as a whole.
_KEPT = 64
_SELF = frozenset({"s:"})
_MADE = ("__init__", "__new__", "__post_init__")
Place = tuple[RawFunction, RawCall]
Numbered = tuple[int, RawFunction, RawStore]


def _number(one: Numbered) -> int:
    return one[0]


class Program:
    """An artifact's functions by name, and what their calls mean."""

    def __init__(self, modules: Iterable[RawModule]) -> None:
        self.modules = list(modules)
        self.functions: dict[str, RawFunction] = {}
        self.classes: dict[str, RawClass] = {}
        self.aliases: dict[str, str] = {}
        self._types: dict[tuple[str, str], frozenset[str]] = {}
        self._names: dict[str, str] = {}
        self._above: dict[str, tuple[str, ...]] = {}
        self._families: dict[str, frozenset[str]] = {}
        self._runs: dict[str, list[RawFunction]] = {}
        self._stored: dict[tuple[str, str], list[tuple[RawFunction, RawStore]]] = {}
        self.constants: dict[str, Abstract] = {}
        for module in self.modules:
            self.classes.update(module.classes)
            self.aliases.update(module.aliases)
            self.constants.update(module.constants)
            for function in module.functions:
                self.functions.setdefault(function.name, function)
        self._expand()
        self.tops = frozenset(one.name.partition(".")[0] for one in self.modules if one.name)
        #: Stores into attributes of ``self`` by class and then name, and into those of other objects by name, numbered
        #: in the order of the source.
        self._own_stores: dict[str, dict[str, list[Numbered]]] = defaultdict(lambda: defaultdict(list))
        self._other_stores: dict[str, list[Numbered]] = defaultdict(list)
        self.shared: dict[str, list[tuple[RawFunction, Atoms, int]]] = defaultdict(list)
        self.callers: dict[RawFunction, list[Place]] = defaultdict(list)
        self._below: dict[str, list[str]] = defaultdict(list)
        self._kept: dict[str, list[tuple[RawFunction, RawStore]]] = {}
        self.adding: list[Place] = []
        self.logging: list[Place] = []
        self._patches: dict[str, set[str]] = defaultdict(set)
        self._index()

    def _expand(self) -> None:
        """``from .core import *`` gives all names of the one module to the other."""
        stars = [(one.name, star) for one in self.modules for star in one.stars]
        if stars:
            public: dict[str, list[str]] = defaultdict(list)
            for name in (*self.functions, *self.classes):
                owner, _, last = name.rpartition(".")
                public[owner].append(last)
            for module, star in stars:
                for last in public.get(star, ()):
                    self.aliases.setdefault(f"{module}.{last}", f"{star}.{last}")

    def _index(self) -> None:
        for name, cls in self.classes.items():
            for base in cls.bases:
                self._below[self.known(base)].append(name)
        everything = [function for module in self.modules for function in module.functions]
        number = 0
        for function in everything:
            for store in function.stores:
                number += 1
                if store.owner is not None:
                    if store.name in _MADE:
                        self._patched(function, store)
                    self._other_stores[store.name].append((number, function, store))
                elif function.cls:
                    self._own_stores[function.cls][store.name].append((number, function, store))
            for name, value, line in function.globals:
                self.shared[name].append((function, value, line))
        for function in everything:
            self._joined(function)
        self._classes_decorated()

    def _classes_decorated(self) -> None:
        """What a decorated class is made with goes through what its decorator makes of it."""
        for name, cls in self.classes.items():
            made = self.method(name, "__init__") if cls.decorators else None
            if made is not None:
                for decorator in cls.decorators:
                    self._decorated(made, decorator)

    def _patched(self, function: RawFunction, store: RawStore) -> None:
        """``cls.__init__ = made``: the inner function `made` is a constructor, and the outer one hands it out."""
        if not any(atom.startswith("p:") for atom in store.owner or ()):
            return
        for atom in store.value:
            made = self.functions.get(atom[2:]) if atom.startswith("g:") else None
            if made is not None and made.outer is function and not made.method and made.params:
                made.params, made.method = made.params[1:], True
                self._patches[function.name].add(made.name)

    def _joined(self, function: RawFunction) -> None:
        """Tell the functions that `function` calls who calls them."""
        for call in tuple(function.calls):
            for callee in self.callees(function, call):
                self.callers[callee].append((function, call))
            self._handed(function, call)
            if call.method in TAKES or (call.target == CONFIGURES and "handlers" in call.keywords):
                self.adding.append((function, call))
            elif call.method in LOGS:
                self.logging.append((function, call))
        for decorator in function.decorators:
            self._decorated(function, decorator)

    # Names.

    def known(self, name: str) -> str:
        """`name` without the detours of imports from one own module by another."""
        found = self._names.get(name)
        if found is None:
            found = self._names[name] = self._follow(name)
        return found

    def _follow(self, name: str) -> str:
        for _ in range(8):
            if name in self.functions or name in self.classes:
                return name
            moved = self.aliases.get(name)
            if moved is None:
                owner, _, last = name.rpartition(".")
                held = self.aliases.get(owner)
                moved = f"{held}.{last}" if held is not None else None
            if moved is None or moved == name:
                return name
            name = moved
        return name

    def own(self, name: str) -> bool:
        """Whether a dotted name lies in this artifact."""
        return name.partition(".")[0] in self.tops

    def above(self, name: str) -> tuple[str, ...]:
        """A class and its bases, each once; names of other artifacts' classes included."""
        if name not in self._above:
            found, waiting = {name: None}, [name]
            while waiting and len(found) < _RELATIVES:
                cls = self.classes.get(waiting.pop())
                bases = [
                    base
                    for one in (cls.bases if cls is not None else ())
                    if (base := self.known(one)) not in found
                ]
                found.update(dict.fromkeys(bases))
                waiting += reversed(bases)
            self._above[name] = tuple(found)
        return self._above[name]

    def related(self, name: str) -> frozenset[str]:
        """A class, its bases and what is derived from it: those that share the attributes of one object."""
        if name not in self._families:
            self._families[name] = self._family(name)
        return self._families[name]

    def _family(self, name: str) -> frozenset[str]:
        found = set(self.above(name))
        waiting = [name]
        while waiting and len(found) < _RELATIVES:
            for below in self._below.get(waiting.pop(), ()):
                if below not in found:
                    found.add(below)
                    waiting.append(below)
        return frozenset(found)

    def method(self, name: str, method: str) -> RawFunction | None:
        """The method of a class or of its nearest base that has it."""
        for one in self.above(name):
            found = self.functions.get(f"{one}.{method}")
            if found is not None:
                return found
        return None

    def is_property(self, cls: str, name: str) -> bool:
        """Whether reading the attribute `name` of a class runs a method."""
        held = (self.classes[one] for one in self.above(cls) if one in self.classes)
        return any(name in one.properties for one in held)

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
            return [made for method in _MADE if (made := self.method(name, method)) is not None]
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
        function = self.functions.get(name)
        if function is None:
            return frozenset()
        names = {atom[2:] for value, _ in function.returns for atom in value if atom.startswith("g:")}
        # What a class made inside it derives from may be what it was given.
        made = {f"{one}.__init__" for one in names if one in self.classes and one.startswith(f"{name}.")}
        return frozenset(one for one in names | made if one in self.functions) | self._patches.get(
            name, frozenset()
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
            while waiting and len(met) < limits.MAX_FLOW_NODES:
                for one in self._held(*waiting.pop()):
                    if isinstance(one, str):
                        found.add(one)
                    elif one not in met:
                        met.add(one)
                        waiting.append(one)
            self._types[key] = frozenset(found)
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

    # Functions that are handed to what runs them.

    def _handed(self, function: RawFunction, call: RawCall) -> None:
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
            for callee in self._named(function, atom):
                self.callers[callee].append((function, made))
            if atom.startswith("g:") and not self.own(known := self.known(atom[2:])):
                # Somebody else's function: the call stands here, as if it were made at once.
                made.target = known
                function.calls.append(made)

    def _named(self, function: RawFunction, atom: str) -> list[RawFunction]:
        kind, _, name = atom.partition(":")
        if kind == "f" and function.cls:
            found = self.method(function.cls, name)
            return [found] if found is not None else []
        if kind == "g":
            return self.runs(name)
        return []

    def _decorated(self, function: RawFunction, decorator: str) -> None:
        """What is given to a decorated function goes through what its decorator gives back."""
        passed = tuple(frozenset({f"p:{name}"}) for name in function.params)
        call = RawCall(f"{self.known(decorator)}.__call__", function.line, passed, {})
        function.calls.append(call)
        given = self.given(self.known(decorator))
        for name in sorted(given.union(*map(self.given, given))):
            self.callers[self.functions[name]].append((function, call))
