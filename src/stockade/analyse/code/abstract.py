"""What the visitor knows of an expression while it walks: a constant, where it came from, what it denotes."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile

from msgspec import Struct

from stockade.analyse.code.facts import Constant, Value

#: More origins than this say nothing more.
MAX_ORIGINS = 48
#: More steps than this say nothing more.
MAX_STEPS = 24
#: Elements that are kept of two lists, of which either may be meant.
_SHARED = 16
#: What stands for an unknown part inside a partly known text.
HOLE = "{}"

NOTHING: frozenset[str] = frozenset()
UNKNOWN_VALUE = Value()


class Abstract(Struct, eq=False):
    """An abstract value. `target` is the dotted name that it denotes or was made by ("" if neither).

    `made` tells a call's result (True) from the thing named (False). Where `known` is False `const` may
    still hold a partly known text (holes are ``{}``) or a container with None for unknown elements.
    """

    known: bool = False
    const: Constant = None
    steps: tuple[str, ...] = ()
    origins: frozenset[str] = NOTHING
    target: str = ""
    made: bool = False

    def sources(self) -> frozenset[str]:
        """The origins, and the thing itself where it is named rather than made."""
        if self.target and not self.made:
            return self.origins | {self.target}
        return self.origins

    def value(self) -> Value:
        """As a fact's Value."""
        origins = self.sources()
        if not self.known and self.const is None and not origins:
            return UNKNOWN_VALUE
        return Value(self.known, self.const, self.steps, origins)

    def text(self) -> str:
        """The constant, or its known part, as text; a hole where nothing is known."""
        const = self.const
        if isinstance(const, str):
            return const
        if isinstance(const, (bytes, bytearray)):
            return bytes(const).decode("latin-1")
        if self.known:
            return str(const) if isinstance(const, (int, float, bool)) else HOLE
        return HOLE


UNKNOWN = Abstract()


def known(const: Constant, steps: tuple[str, ...] = (), origins: frozenset[str] = NOTHING) -> Abstract:
    """A constant."""
    return Abstract(True, const, steps, origins)


def merge_steps(parts: Iterable[Abstract]) -> tuple[str, ...]:
    """The steps of operands that stand side by side, each once."""
    found: tuple[str, ...] = ()
    for part in parts:
        steps = part.steps
        if steps and steps is not found:
            found = steps if not found else (*found, *(step for step in steps if step not in found))
    return found[:MAX_STEPS]


def merge_origins(parts: Iterable[Abstract]) -> frozenset[str]:
    """All that the operands depend on."""
    found = NOTHING
    for part in parts:
        sources = part.sources()
        if sources:
            found = found | sources if found else sources
    return found if len(found) <= MAX_ORIGINS else frozenset(sorted(found)[:MAX_ORIGINS])


def derived(parts: Iterable[Abstract], const: Constant = None) -> Abstract:
    """Not known, but depending on `parts`; `const` is what is partly known."""
    parts = tuple(parts)
    origins = merge_origins(parts)
    if const is None and not origins:
        return UNKNOWN
    return Abstract(False, const, merge_steps(parts) if const is not None else (), origins)


def join(first: Abstract | None, second: Abstract | None) -> Abstract:
    """Either of two values: after a branch, ``a or b``, ``a if c else b``."""
    if first is None or first is UNKNOWN or first is second:
        return second if second is not None else UNKNOWN
    if second is None or second is UNKNOWN:
        return first
    same = first.known and second.known and type(first.const) is type(second.const)
    if same and first.const == second.const:
        return first
    origins = first.origins | second.origins
    target, made = (first.target, first.made) if first.target else (second.target, second.made)
    other = second.target if second.target != target else ""
    if other and not second.made:
        origins |= {other}
    shared = _shared(first.const, second.const)
    return Abstract(False, shared, first.steps if shared else (), origins, target, made)


def _shared(one: Constant, other: Constant) -> Constant:
    """The elements with which two lists both begin, and a None for what follows; None if there are none."""
    if not isinstance(one, list) or not isinstance(other, list):
        return None
    same = list(
        takewhile(lambda pair: pair[0] is not None and pair[0] == pair[1], zip(one, other, strict=False))
    )
    return [*(left for left, _ in same[:_SHARED]), None] if same else None
