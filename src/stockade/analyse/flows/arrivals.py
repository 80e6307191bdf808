"""What the way back arrives at: secrets that leave, and ways in that others may use."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from stockade import limits
from stockade.analyse.flows.ends import Effect
from stockade.analyse.flows.names import position, short
from stockade.analyse.flows.program import MADE, Program
from stockade.analyse.flows.raw import RawFunction
from stockade.analyse.flows.vocabulary import is_secret
from stockade.model.evidence import Location, Step
from stockade.model.flow import Exposure, Handover, Leak, Passing, Port, Sink, Source


@dataclass(slots=True, eq=False)
class Item:
    """A value on its way to an effect; `after` is the next stretch of the way."""

    function: RawFunction
    atom: str
    effect: Effect
    what: str
    line: int
    after: Item | None
    depth: int = 0
    swallowed: bool = False


@dataclass(slots=True)
class Traced:
    """What was found in one artifact. `complete` is False where a bound was hit on the way back from what leaves the
    machine, `handed` where one was on the way back from what other distributions are handed, or where a value may be of
    more classes than are told apart (of a thousand honest artifacts one has such values)."""

    leaks: list[Leak] = field(default_factory=list)
    exposures: list[Exposure] = field(default_factory=list)
    handovers: list[Handover] = field(default_factory=list)
    passings: list[Passing] = field(default_factory=list)
    complete: bool = True
    handed: bool = True


class Arrivals:
    """Gathers what the search arrives at, and tells it when the search is done."""

    def __init__(self, program: Program, *, small: bool) -> None:
        self._program = program
        self._small = small
        self._keys: set[tuple[str, str]] = set()
        self._waiting: list[tuple[Item, RawFunction, str]] = []
        self._kept: set[tuple[str, str, Port | Effect]] = set()
        self.found = Traced()

    def at(self, item: Item, name: str) -> None:
        """At a parameter, or at what others may fill: a field (``.name``), a shared name (``=name``)."""
        self._waiting.append((item, item.function, name))
        if item.effect.keyed:
            self._keys.add((item.function.name, name))

    def arrive(self, item: Item, source: Source) -> None:
        effect, found = item.effect, self.found
        # Of many calls of the same foreign name the first tells enough.
        key = (source.kind, source.name, effect.onto or effect)
        if key in self._kept or effect.keyed:
            return
        self._kept.add(key)
        if effect.sink is not None and len(found.leaks) < limits.MAX_BORDER:
            found.leaks.append(Leak(source=source, sink=_sunk(effect.sink, item), path=_from(source, item)))
        elif effect.onto is not None and len(found.handovers) < limits.MAX_BORDER:
            found.handovers.append(Handover(source=source, port=effect.onto, path=_from(source, item)))
        elif effect.onto is not None:
            found.handed = False

    def report(self) -> None:
        """Parameters that values arrived from: secrets by name or by use, and ways in for others."""
        # A constructor's parameter is what a caller sees; of several the nearest, whose way is followed best.
        ordered = sorted(self._waiting, key=lambda one: (not one[1].name.endswith(MADE), one[0].depth))
        for item, function, name in ordered:
            if not name.startswith((".", "=")) and (is_secret(name) or (function.name, name) in self._keys):
                making = function.name.endswith(MADE)
                self.arrive(item, Source(kind="parameter", name=name, making=making))
        for item, function, name in sorted(self._waiting, key=lambda one: (_plain(one[0]), one[0].depth)):
            if item.effect.sink is not None or self._small:
                self._tell(item, function, name)

    def _tell(self, item: Item, function: RawFunction, name: str) -> None:
        callee = self._callee(function, name)
        effect, found = item.effect, self.found
        key = (callee, name, effect.onto or effect)
        if not callee or key in self._kept or effect.keyed:
            return
        self._kept.add(key)
        spread = name in (function.star, function.stars)
        shown = "*" if spread else name if not name.startswith("=") else "="
        port = Port(callee=callee, name=shown, position=position(function, name))
        if effect.sink is not None and len(found.exposures) < limits.MAX_BORDER:
            found.exposures.append(Exposure(port=port, sink=_sunk(effect.sink, item), path=_way(item)))
        elif effect.onto is not None and len(found.passings) < limits.MAX_BORDER:
            found.passings.append(Passing(port=port, onto=effect.onto, path=_way(item)))

    def _callee(self, function: RawFunction, name: str) -> str:
        """How others call it: a constructor by its class, what a decorator gives back by ``__call__``."""
        if name.startswith("."):
            return function.cls
        if name.startswith("="):
            return name[1:]
        outer: RawFunction | None = function.outer
        inner, made = function.name, ""
        while outer is not None and inner in self._program.given(outer.name):
            # What asks for a decorator is called first, and then what it gives back.
            inner, made = outer.name, f"{outer.name}.__call__"
            outer = outer.outer
        if made:
            return made
        owner, _, last = function.name.rpartition(".")
        return owner if last in MADE else function.name


def _plain(item: Item) -> bool:
    """Whether a value goes where everybody can read; what hides is told first, so that nothing crowds it out."""
    return item.effect.sink is not None and not item.effect.sink.hidden


def _sunk(sink: Sink, item: Item) -> Sink:
    return replace(sink, swallowed=True) if item.swallowed and not sink.swallowed else sink


def _from(source: Source, item: Item) -> tuple[Step, ...]:
    """The way of a secret, with where a caller hands it in."""
    if source.kind != "parameter":
        return _way(item)
    function = item.function
    what = f"comes in as {source.name} of {short(function.name)}"
    return (Step(where=Location(file=function.path, line=function.line), what=what), *_way(item))


def _way(item: Item | None) -> tuple[Step, ...]:
    steps: list[Step] = []
    while item is not None:
        step = Step(where=Location(file=item.function.path, line=item.line), what=item.what)
        if not steps or steps[-1] != step:
            steps.append(step)
        item = item.after
    if len(steps) > limits.MAX_STEPS // 2:
        half = limits.MAX_STEPS // 4
        steps = [*steps[:half], *steps[-half:]]
    return tuple(steps)
