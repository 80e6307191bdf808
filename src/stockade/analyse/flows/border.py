"""What others need to know of an artifact's flows: a Summary, small and bounded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol, TypeVar

from stockade import limits
from stockade.analyse.flows.arrivals import Traced
from stockade.analyse.flows.program import Program
from stockade.analyse.flows.raw import NONE, RawFunction
from stockade.analyse.flows.vocabulary import STDLIB
from stockade.model.evidence import Step
from stockade.model.flow import Summary


class _Told(Protocol):
    @property
    def path(self) -> tuple[Step, ...]: ...


T = TypeVar("T", bound=_Told)


def summary(program: Program, traced: Traced, size: int) -> Summary:
    """The border of an artifact with `size` bytes of Python source."""
    small = size <= limits.SMALL_DISTRIBUTION
    named = {one.port.callee for one in traced.exposures} | {one.port.callee for one in traced.passings}
    owners = {name.rpartition(".")[0] for name in named} | named
    bases = {
        name: tuple(program.known(one) for one in cls.bases)
        for name, cls in program.classes.items()
        if cls.bases and any(program.known(one) in owners for one in cls.bases)
    }
    aliases = {one: program.known(full) for one, full in program.aliases.items()}
    foreign = {
        one for one, full in aliases.items() if not program.own(full) and full.partition(".")[0] not in STDLIB
    }
    return Summary(
        modules=tuple(sorted(program.tops))[: limits.MAX_BORDER],
        aliases=_some(
            {one: full for one, full in aliases.items() if full in owners or (small and one in foreign)}
        ),
        bases=_some(bases),
        makes=_some(_makes(program, owners)),
        exposures=_fitting(traced.exposures),
        handovers=_fitting(traced.handovers),
        passings=_fitting(traced.passings),
    )


def _makes(program: Program, owners: set[str]) -> dict[str, str]:
    """The functions that give back an instance of a class that matters, or of what is derived from one."""
    classes = {name for name in program.classes if not owners.isdisjoint(program.above(name))}
    if not classes:
        return {}
    return {
        name: kind
        for name, function in program.functions.items()
        if (kind := min(_given(program, function) & classes, default=""))
    }


def _given(program: Program, function: RawFunction) -> frozenset[str]:
    """What a function may give back an instance of."""
    atoms = (atom for value, _ in function.returns for atom in value)
    return NONE.union(*(program.types(function, atom) for atom in atoms))


V = TypeVar("V")


def _some(found: Mapping[str, V]) -> dict[str, V]:
    return {
        name: value
        for name, value in list(found.items())[: limits.MAX_BORDER]
        if len(name) + len(str(value)) <= limits.MAX_PATH
    }


def _fitting(found: Iterable[T]) -> tuple[T, ...]:
    """As many as stay below a bound together: names and paths are an attacker's, and may be long."""
    room, kept = limits.MAX_BORDER_TEXT, []
    for one in found:
        room -= sum(len(step.what) + len(step.where.file) for step in one.path)
        if room < 0:
            break
        kept.append(one)
    return tuple(kept)
