"""What the machine computes with besides Python's own constants."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from stockade.analyse.code.abstract import Abstract
from stockade.analyse.code.scope import Scope

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
#: Constants that are no containers.
ATOMS = (str, bytes, bytearray, int, float, type(None), slice)
CONTAINERS = (list, tuple, dict, set, frozenset)
_PLAIN = frozenset({str, bytes, bytearray, int, float, bool, type(None)})


class Env:
    """One namespace of a run; what it does not hold is looked up in `parent`, then in the walk's `scope`."""

    __slots__ = ("globals", "names", "nonlocals", "parent", "scope", "yields")

    def __init__(self, scope: Scope, parent: Env | None = None) -> None:
        self.scope = scope
        self.parent = parent
        self.names: dict[str, Any] = {}
        self.globals: set[str] = set()
        self.nonlocals: set[str] = set()
        self.yields: list[Any] | None = None


@dataclass(slots=True, eq=False)
class Function:
    """A function or a lambda with where its free names are looked up; `bound` holds what it is a method of."""

    node: Definition
    scope: Scope
    env: Env | None = None
    owner: str = ""
    bound: tuple[Any, ...] = ()


@dataclass(slots=True, eq=False)
class Instance:
    """An object of an own class."""

    cls: str
    fields: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Ref:
    """A thing that is known by its name alone: a module, a builtin, an own class."""

    target: str


@dataclass(slots=True, eq=False)
class Method:
    """A method of a constant, not called yet."""

    owner: Any
    name: str


@dataclass(slots=True, eq=False)
class Code:
    """What ``compile`` gives, and what evaluating it gave in the walk."""

    text: str | bytes
    value: Abstract | None = None


@dataclass(slots=True, eq=False)
class Opened:
    """An open member of the artifact."""

    data: Any


@dataclass(slots=True, eq=False)
class Picker:
    """``operator.itemgetter`` or ``methodcaller``: what it does to the one argument that it will get."""

    kind: str
    args: tuple[Any, ...]
    named: dict[str, Any] = field(default_factory=dict)


class Held(Abstract):
    """An abstract value behind which stands one of the machine's own."""

    what: object = None

    @classmethod
    def of(cls, what: object, target: str, origins: frozenset[str]) -> Held:
        """What was made by `target` of `origins`."""
        return cls(False, None, (), origins, target, True, what)


@dataclass(slots=True)
class Effect:
    """Code that a run handed to exec, eval, compile or an unmarshaller, and where."""

    target: str
    code: str | bytes
    node: ast.Call


class Signal:
    """Why a block was left: `BREAK`, `CONTINUE`, or a `Returned`."""

    __slots__ = ()


BREAK, CONTINUE = Signal(), Signal()


class Returned(Signal):
    """A ``return`` with its value."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value = value


def is_iterator(value: object) -> bool:
    """Whether `value` is one of Python's own iterators, which the machine consumes step by step."""
    return isinstance(value, Iterator)


def plain(value: object, left: int = 1 << 12) -> bool:
    """Whether `value` is a constant through and through; of a large container the first elements are asked."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        kind = type(one)
        if kind in _PLAIN:
            continue
        if kind is dict:
            waiting += list(one.values())[:left]  # type: ignore[attr-defined]
        elif kind is list or kind is tuple or kind is set or kind is frozenset:
            waiting += list(one)[:left]  # type: ignore[call-overload]
        else:
            return False
        left -= len(waiting)
        if left < 0:
            return True
    return True
