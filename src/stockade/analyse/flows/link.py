"""The summaries of a closure joined: secrets that one artifact hands out and another sends away.

Honest SDKs hand secrets to each other all day. What is odd about a way is told beside it, and detectors weigh it: the
destination is a constant of the recipient and had to be decoded, every error is swallowed, the recipient does not call
what it takes a secret, it happens while a client is merely made.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TypeVar

from stockade import limits
from stockade.analyse.flows.vocabulary import is_half, is_secret, is_variable
from stockade.model.evidence import Step
from stockade.model.flow import Exposure, Handover, Passing, Port, Sink, Source, Summary

T = TypeVar("T")
#: Artifacts that one secret goes through.
_DEEP = 6


class Oddity(StrEnum):
    """What honest code that passes a secret on does not do."""

    HIDDEN = "to an address that it decodes"
    QUIET = "dropping every error"
    RENAMED = "under a name that says nothing of a secret"
    MAKING = "as soon as a client is made"
    LOOKUP = "as a part of a host name"


#: How much each says; a way is told from 2 on, and from 3 on nothing honest is known to look like it.
_WEIGHT = {Oddity.HIDDEN: 2, Oddity.LOOKUP: 2, Oddity.QUIET: 1, Oddity.RENAMED: 1, Oddity.MAKING: 1}
TOLD, CERTAIN = 2, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One artifact of a closure: its file name, the project that it says it is, its flows. Parts with the same `owner`
    are not linked with each other."""

    name: str
    project: str
    summary: Summary
    owner: str

    @property
    def label(self) -> str:
        """What a person calls it."""
        return self.project or self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A secret's way from `giver` (an index among the parts) to the sink of `taker`, with what is odd about it.

    `given` and `taken` are what a person calls the two.
    """

    giver: int
    taker: int
    source: Source
    sink: Sink
    port: Port
    given: str
    taken: str
    path: tuple[Step, ...]
    left: Step
    oddities: tuple[Oddity, ...]

    @property
    def weight(self) -> int:
        """The sum over its oddities."""
        return sum(_WEIGHT[one] for one in self.oddities)


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """For detectors, on the artifact that hands the secrets out: all ways from it to one other artifact."""

    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """For detectors, on the artifact that sends the secrets away."""

    links: tuple[Link, ...]


@dataclass(slots=True)
class _Index:
    """Where a part's ways in are, by callable."""

    part: Part
    exposures: dict[str, list[Exposure]] = field(default_factory=dict)
    passings: dict[str, list[Passing]] = field(default_factory=dict)

    def callables(self, name: str) -> Iterator[str]:
        """The names under which this part may know what a caller calls `name`."""
        summary = self.part.summary
        name = _known(name, summary.aliases).removesuffix(".__init__")
        yield name
        owner, _, last = name.rpartition(".")
        owner = _known(owner, summary.aliases)
        made = summary.makes.get(owner, owner)
        for one in _above(made, summary.bases):
            yield f"{one}.{last}"
        yield from _above(name, summary.bases)

    def taking(self, port: Port) -> Iterator[Exposure | None]:
        """The ways to a sink that what is handed to `port` may take; None for each name and way that does not fit."""
        for callee in dict.fromkeys(self.callables(port.callee)):
            yield None
            yield from (one if _meets(port, one.port) else None for one in self.exposures.get(callee, ()))
        if port.name.startswith("."):
            # What is kept in an attribute from outside may be handed to a property's setter.
            for callee in dict.fromkeys(self.callables(port.callee + port.name)):
                yield None
                yield from (one if not one.port.position else None for one in self.exposures.get(callee, ()))

    def onwards(self, port: Port) -> Iterator[tuple[Port, tuple[Step, ...]] | None]:
        """Where what is handed to `port` is handed on to; None for each name and way that does not fit."""
        moved = _known(port.callee, self.part.summary.aliases)
        if moved.partition(".")[0] not in self.part.summary.modules:
            # It only gives another's callable another name.
            yield replace(port, callee=moved), ()
            return
        for callee in dict.fromkeys(self.callables(port.callee)):
            yield None
            for passing in self.passings.get(callee, ()):
                met = _meets(port, passing.port)
                yield (passing.onto, _named(passing.path, self.part)) if met else None


def _known(name: str, aliases: Mapping[str, str]) -> str:
    for _ in range(8):
        moved = aliases.get(name)
        if moved is None:
            owner, _, last = name.rpartition(".")
            held = aliases.get(owner)
            moved = f"{held}.{last}" if held is not None else None
        if moved is None or moved == name:
            return name
        name = moved
    return name


def _above(name: str, bases: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """A class and its bases, each once."""
    waiting, seen = [name], {name}
    while waiting:
        one = waiting.pop()
        yield one
        fresh = [base for base in bases.get(one, ()) if base not in seen][: limits.MAX_BORDER]
        seen.update(fresh)
        waiting += reversed(fresh)


@dataclass(slots=True)
class Linked:
    """All odd ways, and the parts whose secrets could not all be followed."""

    links: list[Link] = field(default_factory=list)
    unfinished: set[int] = field(default_factory=set)


class _Spent(Exception):
    """One part's share of the work is used up."""


def link(parts: Sequence[Part]) -> Linked:
    """The odd ways of secrets across `parts`.

    The summaries are hostile: each part's secrets get a share of the work of their own, so that no part can use up
    what another needs, and of the ways between two parts the oddest are kept.
    """
    linker = _Linker(parts)
    made = Linked()
    for number, part in enumerate(parts):
        best: dict[int, list[Link]] = {}
        linker.room = limits.MAX_LINK_STEPS
        try:
            for handover in part.summary.handovers:
                for one in linker.ways(number, handover):
                    best.setdefault(one.taker, []).append(one)
        except _Spent:
            made.unfinished.add(number)
        for links in best.values():
            made.links += sorted(links, key=lambda one: -one.weight)[: limits.MAX_FLOW_LINKS]
    return made


@dataclass(frozen=True, slots=True)
class _At:
    """A secret that was handed to `port`; `via` are the parts that it has been in."""

    port: Port
    path: tuple[Step, ...]
    via: tuple[int, ...]


class _Linker:
    """All parts, by the modules that they install; `room` is how many more ways in may be looked at."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self.room = 0
        self._indices = [_index(part) for part in parts]
        self._by_module: dict[str, list[int]] = {}
        for number, part in enumerate(parts):
            if part.summary.exposures or part.summary.passings or part.summary.aliases:
                shared = any(is_variable(one.port.callee) for one in part.summary.exposures)
                for module in dict.fromkeys((*part.summary.modules, *(("os",) if shared else ()))):
                    self._by_module.setdefault(module, []).append(number)

    def ways(self, giver: int, handover: Handover) -> Iterator[Link]:
        """The odd ways of one secret; raises _Spent when there is no room left."""
        whose = self._indices[giver].part
        waiting = deque([_At(handover.port, _named(handover.path, whose), (giver,))])
        seen = {handover.port}
        while waiting:
            at = waiting.popleft()
            for number in self._by_module.get(at.port.callee.partition(".")[0], ()):
                self._spend()
                one = self._indices[number]
                if one.part.owner == whose.owner or number in at.via or len(at.via) > _DEEP:
                    continue
                for exposure in self._counted(one.taking(at.port)):
                    made = _link((giver, number), handover, exposure, at, (whose, one.part))
                    if made.weight >= TOLD:
                        yield made
                for port, path in self._counted(one.onwards(at.port)):
                    if port not in seen:
                        seen.add(port)
                        waiting.append(_At(port, (*at.path, *path), (*at.via, number)))

    def _spend(self) -> None:
        self.room -= 1
        if self.room < 0:
            raise _Spent

    def _counted(self, found: Iterable[T | None]) -> Iterator[T]:
        """What was found among what was looked at; None stands for what does not fit."""
        for one in found:
            self._spend()
            if one is not None:
                yield one


def _index(part: Part) -> _Index:
    made = _Index(part)
    for exposure in part.summary.exposures:
        made.exposures.setdefault(exposure.port.callee, []).append(exposure)
    for passing in part.summary.passings:
        made.passings.setdefault(passing.port.callee, []).append(passing)
    return made


def _meets(given: Port, wanted: Port) -> bool:
    """Whether an argument may be what a parameter takes."""
    if given.name.startswith((".", "=")) or wanted.name.startswith((".", "=")):
        return given.name == wanted.name
    if "*" in (given.name, wanted.name):
        return True
    if given.name:
        return given.name == wanted.name
    return given.position == wanted.position


def _named(path: Iterable[Step], part: Part) -> tuple[Step, ...]:
    return tuple(replace(step, artifact=part.name) for step in path)


def _link(
    ends: tuple[int, int],
    handover: Handover,
    exposure: Exposure,
    at: _At,
    parts: tuple[Part, Part],
) -> Link:
    path = (*at.path, *_named(exposure.path, parts[1]))
    last = handover.path[-1]
    return Link(
        giver=ends[0],
        taker=ends[1],
        source=handover.source,
        sink=exposure.sink,
        port=exposure.port,
        given=parts[0].label,
        taken=parts[1].label,
        path=path if len(path) <= limits.MAX_STEPS else (*path[: limits.MAX_STEPS - 4], *path[-4:]),
        left=replace(last, artifact=at.path[0].artifact),
        oddities=tuple(_oddities(handover, exposure, logged=at.port.logged)),
    )


def _oddities(handover: Handover, exposure: Exposure, *, logged: bool) -> Iterator[Oddity]:
    """`logged`: what takes the secret takes all that is logged, in a parameter whose name is Python's choice."""
    sink, source = exposure.sink, handover.source
    if sink.hidden:
        yield Oddity.HIDDEN
    if sink.kind == "lookup":
        yield Oddity.LOOKUP
    if sink.swallowed:
        yield Oddity.QUIET
    port = exposure.port
    named = port.callee.rpartition(".")[2] if is_variable(port.callee) else port.name.lstrip(".=")
    if source.kind != "store" and not is_secret(named) and not logged:
        yield Oddity.RENAMED
    if source.making:
        yield Oddity.MAKING


def plainest(links: Iterable[Link]) -> Link:
    """The link that shows best what happens: the oddest one, of the secret rather than of its public half."""
    return max(
        links, key=lambda one: (one.weight, one.source.making, not is_half(one.source.name), -len(one.path))
    )


def departures(links: Sequence[Link]) -> dict[int, list[Departure]]:
    """The links by the part that hands the secret out, and in it by the one that takes it."""
    return {
        part: [Departure(links=one) for one in groups]
        for part, groups in _grouped(links, "giver", "taker").items()
    }


def arrivals(links: Sequence[Link]) -> dict[int, list[Arrival]]:
    """The links by the part that sends the secret away, and in it by the one that it is from."""
    return {
        part: [Arrival(links=one) for one in groups]
        for part, groups in _grouped(links, "taker", "giver").items()
    }


def _grouped(links: Sequence[Link], end: str, other: str) -> dict[int, list[tuple[Link, ...]]]:
    found: dict[int, dict[int, list[Link]]] = {}
    for one in links:
        found.setdefault(getattr(one, end), {}).setdefault(getattr(one, other), []).append(one)
    return {part: [tuple(one) for one in groups.values()] for part, groups in found.items()}
