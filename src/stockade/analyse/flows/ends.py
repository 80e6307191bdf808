"""Where values end: calls that let them leave the machine, and calls of what is not this artifact's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from stockade.analyse.code.scope import Unit
from stockade.analyse.code.vocabulary import NETWORK
from stockade.analyse.flows.address import NAMES, NOWHERE, Address, address_of, command_of, first, read
from stockade.analyse.flows.names import first_text
from stockade.analyse.flows.program import Program
from stockade.analyse.flows.raw import Atoms, RawCall, RawFunction
from stockade.analyse.flows.vocabulary import (
    KEYED,
    SENDS,
    SETS_VARIABLE,
    is_variable,
    sink_of,
    variable_of,
)
from stockade.model.evidence import Phase
from stockade.model.flow import Port, Sink

#: Fields and makers that an address is looked for in, one behind the other; stores of a field that are looked at.
_DEEP, _STORES = 3, 8


@dataclass(slots=True, eq=False)
class Effect:
    """What becomes of values that end in one place: a sink, an argument of a foreign call, or a key of a signature."""

    sink: Sink | None = None
    onto: Port | None = None
    keyed: bool = False


@dataclass(slots=True, eq=False)
class End:
    """Values of one function that end in one place."""

    function: RawFunction
    atoms: Atoms
    effect: Effect
    what: str
    line: int
    swallowed: bool = False


class Ends:
    """All ends of an artifact; of what other distributions are handed only what is `wanted`, and nothing of what those
    are whose modules are `passed` over."""

    def __init__(
        self,
        program: Program,
        phases: Mapping[Unit, Phase],
        wanted: Callable[[RawFunction, str], bool],
        passed: frozenset[str],
    ) -> None:
        self._program = program
        self._phases = phases
        self._wanted = wanted
        self._passed = passed
        self._known: dict[str, bool] = {}

    def __iter__(self) -> Iterator[End]:
        for module in self._program.modules:
            for function in module.functions:
                for call in function.calls:
                    yield from self._of(function, call)
                yield from self._inherited(function)
                yield from self._put(function)

    def _of(self, function: RawFunction, call: RawCall) -> Iterator[End]:
        for target in sorted(self._program.targets(function, call)):
            if target in SETS_VARIABLE:
                yield from self._exported(function, call)
            elif target in KEYED and call.args:
                yield End(function, call.args[0], Effect(keyed=True), "is used as a key", call.line)
            elif kind := sink_of(target):
                yield from self._sunk(function, call, target, kind)
            elif self._foreign(target):
                yield from self._handed(function, call, target)
            else:
                continue
            return

    def _sunk(self, function: RawFunction, call: RawCall, target: str, kind: str) -> Iterator[End]:
        place = self._command(function, call) if kind == "process" else self._address(function, call, target)
        if not place.fixed and not place.hidden:
            return  # what goes where the caller says is the caller's affair
        unit = call.record.unit if call.record is not None else None
        sink = Sink(
            kind=kind,
            target=target,
            address=place.text,
            fixed=place.fixed,
            hidden=place.hidden,
            swallowed=call.swallowed,
            phase=self._phases.get(unit, Phase.CALL) if unit is not None else Phase.CALL,
        )
        where = f" to {place.text}" if place.text else ""
        what = {
            "network": f"is sent{where} by {target}",
            "lookup": f"is looked up as a part of the host name {place.text} by {target}",
            "process": f"is put into a command that {target} starts",
        }[kind]
        atoms = call.every() | call.receiver
        yield End(function, atoms, Effect(sink=sink), what, call.line, call.swallowed)

    def _command(self, function: RawFunction, call: RawCall) -> Address:
        """The address in the command of a call, or of the program that a value is handed to."""
        made = (
            function.calls[int(atom[2:])].record for atom in sorted(call.receiver) if atom.startswith("c:")
        )
        return first(command_of(one) for one in (call.record, *made))

    def _address(self, function: RawFunction, call: RawCall, target: str) -> Address:
        """The address of a call, or of what it is a method of, or of the request that it is handed.

        What goes over something that is open already is no address, however it was decoded.
        """
        found = address_of(call.record)
        if found.fixed:
            return found
        if call.method in SENDS:
            # A socket is told where to in another call.
            same = (
                one
                for one in function.calls
                if one.method.startswith("connect") and one.receiver == call.receiver
            )
            found = first(address_of(one.record) for one in same)
            if found.fixed:
                return found
        named = [call.keywords[name] for name in NAMES if name in call.keywords]
        told = call.args[:2] if target in NETWORK else call.args[1:2]
        atoms = sorted({*call.receiver, *(one for value in (*told, *named) for one in value)})
        return first([*(self._place(function, atom, 0) for atom in atoms), found])

    def _place(self, function: RawFunction, atom: str, depth: int) -> Address:
        """The address that a value holds: a constant of another file, or what a connection was made with."""
        kind, _, name = atom.partition(":")
        program = self._program
        if kind == "g":
            held = program.constants.get(program.known(name)) or program.constants.get(name)
            return read(held) if held is not None else NOWHERE
        if kind == "c":
            made = function.calls[int(name)]
            for target in sorted(program.targets(function, made)):
                if target in program.constants:
                    return read(program.constants[target])
            found = address_of(made.record)
            if found is not NOWHERE or depth >= _DEEP:
                return found
            return first(self._place(function, one, depth + 1) for one in sorted(made.receiver))
        if kind == "f" and function.cls and depth < _DEEP:
            stores = program.stored(function.cls, name)[:_STORES]
            values = [(owner, one) for owner, store in stores for one in sorted(store.value)]
            return first([self._place(owner, one, depth + 1) for owner, one in values])
        return NOWHERE

    def _exported(self, function: RawFunction, call: RawCall) -> Iterator[End]:
        """A variable of the environment that is set by a call."""
        name = variable_of(first_text(call))
        if name and len(call.args) > 1 and call.args[1]:
            effect = Effect(onto=Port(callee=name, name="="))
            yield End(function, call.args[1], effect, f"is put into {name}", call.line)

    def _foreign(self, target: str) -> bool:
        top, dot, _ = target.partition(".")
        found = self._known.get(top)
        if found is None:
            named = top.isidentifier() and top not in self._passed
            found = self._known[top] = named and not self._program.own(top)
        return found and bool(dot)

    def _handed(self, function: RawFunction, call: RawCall, target: str) -> Iterator[End]:
        given: list[tuple[str, int, Atoms]] = [("", number, value) for number, value in enumerate(call.args)]
        given += [("*" if name.startswith("*") else name, -1, value) for name, value in call.keywords.items()]
        for name, at, value in given:
            told = frozenset(atom for atom in value if self._wanted(function, atom))
            if told:
                what = f"is handed to {target}"
                port = Port(callee=target, name=name, position=at, logged=call.logged)
                yield End(function, told, Effect(onto=port), what, call.line, call.swallowed)

    def _put(self, function: RawFunction) -> Iterator[End]:
        """Values that are put into another distribution's variables and objects from outside."""
        for name, value, line in function.globals:
            owner = self._program.known(name)
            if value and "." in owner and (self._foreign(owner) or is_variable(owner)):
                effect = Effect(onto=Port(callee=owner, name="="))
                yield End(function, value, effect, f"is put into {owner}", line)
        for store in function.stores:
            for atom in sorted(store.owner or ()):
                for kind in sorted(self._program.types(function, atom)):
                    if self._foreign(kind):
                        effect = Effect(onto=Port(callee=kind, name=f".{store.name}"))
                        what = f"is put into the field {store.name} of {kind}"
                        yield End(function, store.value, effect, what, store.line)

    def _inherited(self, function: RawFunction) -> Iterator[End]:
        """Fields that the methods of a foreign base class can read."""
        above = self._program.above(function.cls) if function.cls else ()
        base = next((one for one in above if self._foreign(one)), "")
        for store in function.stores if base else ():
            if store.owner is None and store.value:
                what = f"is kept in the field {store.name}, where {base} can read it"
                effect = Effect(onto=Port(callee=base, name=f".{store.name}"))
                yield End(function, store.value, effect, what, store.line)
