"""Where values go in an artifact's code, as far as others can hand values in or are handed them: what linking needs.

A *callable* is a dotted name as its caller would write it; a class stands for its constructor. Positions count from 0
without ``self``; -1 where an argument goes by keyword, or stands for any.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from stockade.model.evidence import Phase, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Port:
    """One parameter of a callable, or one argument of a call of it; `name` is "" where only the position is known,
    "*" where any parameter may be meant. `logged`: what stands there was logged, and ``logging`` makes the call."""

    callee: str
    name: str = ""
    position: int = -1
    logged: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sink:
    """A call that lets a value leave. `kind`: network, lookup, process. `address` is the destination as far as it is
    known ("" if not); `fixed`: its host is a constant of this code, not its caller's choice; `hidden` are the steps
    that were undone to read it; `swallowed`: every failure is silently dropped. `phase`: when it would run."""

    kind: str
    target: str
    address: str = ""
    fixed: bool = False
    hidden: tuple[str, ...] = ()
    swallowed: bool = False
    phase: Phase = Phase.CALL


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a secret comes from: a parameter that is named or used as one, or a store of secrets. `name` is what it is
    called, `making`: it is a parameter of a constructor."""

    kind: str
    name: str
    making: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Leak:
    """A secret that reaches a sink inside one artifact."""

    source: Source
    sink: Sink
    path: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """What is handed to `port` reaches a sink."""

    port: Port
    sink: Sink
    path: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """A secret is handed to a callable that is not this artifact's."""

    source: Source
    port: Port
    path: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Passing:
    """What is handed to `port` is handed on to `onto`, which is not this artifact's."""

    port: Port
    onto: Port
    path: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """An artifact's flows at its border. `modules` are its own top-level modules, `aliases` other names of its
    callables, `bases` the bases of its classes, `makes` the class that a function returns an instance of."""

    modules: tuple[str, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    bases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    makes: Mapping[str, str] = field(default_factory=dict)
    exposures: tuple[Exposure, ...] = ()
    handovers: tuple[Handover, ...] = ()
    passings: tuple[Passing, ...] = ()
