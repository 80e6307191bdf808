"""From each end backwards to what reaches it: secrets of this artifact, and what others hand to it.

Sets are walked in order, so that the same bytes give the same evidence.

A node is a place where a value waits: a parameter, a field of a class, a shared name. Breadth first, so that the way
told is a short one.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Mapping

from stockade import limits
from stockade.analyse.code.known_modules_generated import KNOWN_MODULES
from stockade.analyse.code.scope import BUILTINS, Unit
from stockade.analyse.flows.arrivals import Arrivals, Item, Traced
from stockade.analyse.flows.ends import Effect, End, Ends
from stockade.analyse.flows.names import first_text, given, short
from stockade.analyse.flows.origin import Origins
from stockade.analyse.flows.program import Program
from stockade.analyse.flows.raw import NONE, Atoms, RawCall, RawFunction
from stockade.analyse.flows.vocabulary import (
    READS_VARIABLE,
    STDLIB,
    cleans,
    is_secret,
    is_variable,
    source_of,
    variable_of,
)
from stockade.model.evidence import Phase
from stockade.model.flow import Source

#: Methods that give back the same value in another form.
_SAME = frozenset({"encode", "strip", "decode"})
#: Calls inside a function that gives something back, looked through for what they were given.
_DEEP = 4
#: Parameters and fields between a signature and the key that it is made with.
_KEYED_DEEP = 5


def trace(program: Program, phases: Mapping[Unit, Phase], size: int, *, trusted: bool = False) -> Traced:
    """Every flow that ends in a sink or leaves the artifact; `size` is its Python source in bytes.

    Only of a small distribution is it told what it hands on of all that it is given: a large one that hands secrets
    on knows them by their names; and where none but well-known projects can be behind well-known modules (`trusted`),
    it hands these nothing that matters.
    """
    small = size <= limits.SMALL_DISTRIBUTION
    return Tracer(
        program, phases, small=small, known=KNOWN_MODULES if trusted and not small else frozenset()
    ).run()


class Tracer:
    """One search over an artifact."""

    def __init__(
        self, program: Program, phases: Mapping[Unit, Phase], *, small: bool, known: frozenset[str]
    ) -> None:
        self.program = program
        self.phases = phases
        self.small = small
        self.known = known
        self.origins = Origins(program)
        self.queue: deque[Item] = deque()
        self.seen: set[tuple[RawFunction | str, str]] = set()
        self.leaves: dict[tuple[RawFunction, Atoms], tuple[str, ...]] = {}
        self.arrivals = Arrivals(program, small=small)
        self.found = self.arrivals.found

    def run(self) -> Traced:
        """The whole search: what leaves the machine first, then what others are handed, the rarest of them first."""
        ends = list(Ends(self.program, self.phases, self._tells, STDLIB | BUILTINS | self.known))
        budget = limits.MAX_FLOW_STEPS
        for group in _ordered(ends):
            self.seen.clear()
            for end in group:
                for atom in sorted(end.atoms):
                    if self._wanted(end.function, atom, end.effect):
                        self._push(
                            end.function, atom, end.effect, end.what, end.line, None, swallowed=end.swallowed
                        )
            leaves = bool(group) and group[0].effect.sink is not None
            room = budget if leaves else min(budget, limits.MAX_FLOW_REACH)
            spent = self._search(room)
            budget -= spent
            if leaves:
                self.found.complete &= spent < room
            else:
                self.found.handed &= spent < room
        self.found.complete &= self.program.complete
        self.found.handed &= self.program.exact
        self.arrivals.report()
        return self.found

    def _search(self, room: int) -> int:
        """Follow what waits, `room` steps at most; how many it took."""
        spent = 0
        while self.queue and spent < room:
            spent += 1
            self._follow(self.queue.popleft())
        self.queue.clear()
        return spent

    def _tells(self, function: RawFunction, atom: str) -> bool:
        """Whether it matters that another distribution is handed this value."""
        return self.small or self.origins.secret(function, atom)

    def _wanted(self, function: RawFunction, atom: str, effect: Effect) -> bool:
        return effect.onto is None or self._tells(function, atom)

    def _push_all(
        self,
        item: Item,
        function: RawFunction,
        atoms: Iterable[str],
        what: str,
        call: RawCall,
        after: Item | None,
    ) -> None:
        for atom in sorted(atoms):
            # Most were met before, and need not be asked about again.
            if (function, atom) not in self.seen and self._wanted(function, atom, item.effect):
                self._push(function, atom, item.effect, what, call.line, after, swallowed=call.swallowed)

    def _push(
        self,
        function: RawFunction,
        atom: str,
        effect: Effect,
        what: str,
        line: int,
        after: Item | None,
        *,
        swallowed: bool = False,
    ) -> None:
        key = (function, atom)
        depth = after.depth + 1 if after is not None else 0
        if key in self.seen or depth > (_KEYED_DEEP if effect.keyed else limits.MAX_FLOW_DEPTH):
            return
        self.seen.add(key)
        silent = swallowed or (after is not None and after.swallowed)
        self.queue.append(Item(function, atom, effect, what, line, after, depth, silent))

    # The way back.

    def _follow(self, item: Item) -> None:
        kind, _, name = item.atom.partition(":")
        if kind == "p":
            self._parameter(item, name)
        elif kind == "f":
            self._field(item, name)
        elif kind == "c":
            self._result(item, item.function.calls[int(name)])
        elif kind == "g":
            self._name(item, name)
        elif kind == "s":
            self._whole(item)
        elif kind == "a":
            self.arrivals.arrive(item, Source(kind="attribute", name=name))

    def _parameter(self, item: Item, name: str) -> None:
        function = item.function
        self.arrivals.at(item, name)
        what = f"is given as {name} to {short(function.name)}"
        for caller, call in self.program.callers.get(function, ()):
            for value in given(function, call, name):
                self._push_all(item, caller, value, what, call, item)

    def _field(self, item: Item, name: str) -> None:
        cls = item.function.cls
        node = (cls, f"f:{name}")
        if not cls or node in self.seen:
            return
        self.seen.add(node)
        stores = self.program.stored(cls, name)
        for owner, store in stores:
            for atom in sorted(store.value):
                what = f"is kept in the field {name} of {short(cls)}"
                self._push(owner, atom, item.effect, what, store.line, item)
        made = self.program.method(cls, name)
        if made is not None and self.program.is_property(cls, name):
            self._returned(item, made, None)
        if is_secret(name) and not stores:
            self.arrivals.arrive(item, Source(kind="attribute", name=name))
        if item.effect.sink is not None:
            # What derives from this class elsewhere can fill the field as well.
            self.arrivals.at(item, f".{name}")

    def _whole(self, item: Item) -> None:
        """An object as a whole: of what it keeps, the secrets; in a small distribution all."""
        for owner, store in self.program.kept(item.function.cls) if item.function.cls else ():
            for atom in sorted(store.value):
                if atom != "s:" and (self.small or self.origins.secret(owner, atom)):
                    what = f"is kept in the field {store.name} of {short(item.function.cls)}"
                    self._push(owner, atom, item.effect, what, store.line, item)

    def _result(self, item: Item, call: RawCall) -> None:
        if item.effect.keyed and call.method not in _SAME:
            return  # what a key is computed from, or looked up by, need be no secret
        targets = self.program.targets(item.function, call)
        for target in sorted(targets):
            kind = source_of(target)
            if kind:
                self.arrivals.arrive(item, Source(kind="store", name=kind))
            if target in READS_VARIABLE:
                self._variable(item, variable_of(first_text(call)))
        own = [one for target in sorted(targets) for one in self.program.runs(target)]
        if own and self.program.classes.keys().isdisjoint(targets):
            for callee in own:
                self._returned(item, callee, call)
        elif own or not cleans(min(targets, default=""), call.method):
            values = call.every() | call.receiver
            self._push_all(item, item.function, values, item.what, call, item.after)

    def _returned(self, item: Item, callee: RawFunction, call: RawCall | None) -> None:
        """What a function gives back depends on its own values, and on the arguments of this very call."""
        for value, line in callee.returns:
            for atom in self._leaves(callee, value):
                if atom.startswith("p:") and call is not None:
                    for passed in given(callee, call, atom[2:]):
                        self._push_all(item, item.function, passed, item.what, call, item.after)
                else:
                    what = f"is given back by {short(callee.name)}"
                    self._push(callee, atom, item.effect, what, line, item)

    def _leaves(self, callee: RawFunction, value: Atoms) -> tuple[str, ...]:
        """What a returned value is made of, seen through calls of which only their arguments are known."""
        key = (callee, value)
        if key not in self.leaves:
            found: dict[str, None] = {}
            level, met = sorted(value), set(value)
            for _ in range(_DEEP):
                inside: set[str] = set()
                for atom in level:
                    through = self._through(callee, atom)
                    if through is None:
                        found[atom] = None
                    else:
                        inside |= through
                level = sorted(inside - met)
                met |= inside
            found.update(dict.fromkeys(level))
            self.leaves[key] = tuple(found)
        return self.leaves[key]

    def _through(self, callee: RawFunction, atom: str) -> Atoms | None:
        """The atoms that the result of a call depends on; None for what has to be followed itself."""
        if not atom.startswith("c:"):
            return None
        inner = callee.calls[int(atom[2:])]
        targets = self.program.targets(callee, inner)
        if any(self.program.runs(target) or source_of(target) for target in targets):
            return None
        return NONE if cleans(min(targets, default=""), inner.method) else inner.every() | inner.receiver

    def _name(self, item: Item, name: str) -> None:
        kind = source_of(name)
        if kind:
            self.arrivals.arrive(item, Source(kind="store", name=kind))
            self._variable(item, name)
            return
        if item.effect.sink is not None and self.program.own(name) and name not in self.program.constants:
            self.arrivals.at(item, f"={name}")
        for owner, value, line in self.program.shared.get(name, ()):
            for atom in sorted(value):
                self._push(owner, atom, item.effect, f"is kept in {short(name)}", line, item)

    def _variable(self, item: Item, name: str) -> None:
        """One variable of the environment: whoever is loaded beside this artifact may have set it."""
        if is_variable(name):
            if item.effect.sink is not None:
                self.arrivals.at(item, f"={name}")
            for owner, value, line in self.program.shared.get(name, ()):
                for atom in sorted(value):
                    self._push(owner, atom, item.effect, f"is kept in {short(name)}", line, item)


def _ordered(ends: list[End]) -> list[list[End]]:
    """Ends of one kind together: hidden addresses, others, then the foreign names that are called most seldom."""
    groups: dict[object, list[End]] = {}
    used: Counter[str] = Counter()
    for end in ends:
        onto = end.effect.onto
        key = id(end.effect) if onto is None else onto
        group = groups.setdefault(key, [])
        end.effect = group[0].effect if group else end.effect
        group.append(end)
        if onto is not None:
            used[onto.callee.partition(".")[0]] += 1

    def rank(group: list[End]) -> tuple[int, int]:
        sink, onto = group[0].effect.sink, group[0].effect.onto
        if onto is not None:
            return 2, used[onto.callee.partition(".")[0]]
        return (0 if sink is not None and sink.hidden else 1), 0

    return sorted(groups.values(), key=rank)
