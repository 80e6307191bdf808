"""Bounded arithmetic on constants: operators, subscripts and formatting, as Python does them.

Each function returns the constant or raises Unfoldable; none runs code of the analysed file, none makes
more than limits.MAX_FOLDED of anything.
"""

from __future__ import annotations

import ast
import operator
import re
import struct
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from stockade import limits
from stockade.analyse.code.facts import Constant

#: Bits of the largest integer; obfuscators use a few thousand at most.
MAX_BITS = 1 << 16
#: Elements of the largest list or range.
MAX_ELEMENTS = 1 << 18
#: What a failing operation on constants raises; the same failure would meet the program itself.
FAILURES = (
    ArithmeticError,
    AttributeError,
    BufferError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RecursionError,
    SyntaxError,
    TypeError,
    ValueError,
    re.error,
    struct.error,
)
_CONTAINERS = (list, tuple, dict, set)
_WIDTH = re.compile(r"\d{5}|\*")
_SPEC = re.compile(r"\d{5}")


class Unfoldable(Exception):
    """The value is not known, or not worth its cost."""


def sized(const: Constant) -> Constant:
    """`const` if it is within bounds; raises Unfoldable otherwise."""
    kind = type(const)
    if kind is str or kind is bytes or kind is bytearray:
        if len(const) > limits.MAX_FOLDED:
            raise Unfoldable
    elif kind is int:
        if const.bit_length() > MAX_BITS:
            raise Unfoldable
    elif (kind is list or kind is tuple or kind is dict or kind is set) and not light(const):
        raise Unfoldable
    return const


def light(const: Constant) -> bool:
    """Whether a container holds at most MAX_ELEMENTS, those of the containers inside it included.

    One list twice inside another counts twice: to print or compare it costs as much as it looks.
    """
    count = 0
    waiting = [const]
    while waiting:
        one = waiting.pop()
        parts = one.values() if isinstance(one, dict) else one
        count += len(parts) + 1
        if count > MAX_ELEMENTS:
            return False
        # Nearly all hold plain values alone, and thousands of them have few types.
        if any(issubclass(kind, _CONTAINERS) for kind in set(map(type, parts))):
            waiting += [part for part in parts if isinstance(part, _CONTAINERS)]
    return True


def _multiply(left: Any, right: Any) -> Constant:
    for text, count in ((left, right), (right, left)):
        if isinstance(text, (str, bytes, bytearray, list, tuple)):
            if not isinstance(count, int) or len(text) * max(count, 0) > limits.MAX_FOLDED:
                raise Unfoldable
            if isinstance(text, (list, tuple)) and len(text) * max(count, 0) > MAX_ELEMENTS:
                raise Unfoldable
            return text * count
    return left * right


def _power(left: Any, right: Any) -> Constant:
    if (
        isinstance(left, int)
        and isinstance(right, int)
        and right > 1
        and left.bit_length() * right > MAX_BITS
    ):
        raise Unfoldable
    result = left**right
    if isinstance(result, complex):
        raise Unfoldable
    return result


def _shift(left: Any, right: Any) -> Constant:
    if not isinstance(right, int) or right > MAX_BITS:
        raise Unfoldable
    return left << right


def _modulo(left: Any, right: Any) -> Constant:
    if isinstance(left, (str, bytes, bytearray)):
        pattern = left if isinstance(left, str) else bytes(left).decode("latin-1")
        if _WIDTH.search(pattern):
            raise Unfoldable
        parts = right if isinstance(right, tuple) else right.values() if isinstance(right, dict) else (right,)
        if pattern.count("%") * sum(_length(part) for part in parts) > limits.MAX_FOLDED:
            raise Unfoldable
    return left % right


def _length(const: Constant) -> int:
    if isinstance(const, (str, bytes, bytearray)):
        return len(const)
    if isinstance(const, int):
        return const.bit_length() + 1
    if isinstance(const, (list, tuple, set)):
        return sum(map(_length, const)) + 4 * len(const)
    if isinstance(const, dict):
        return sum(_length(key) + _length(item) + 4 for key, item in const.items())
    return 32


_BINARY: Mapping[type[ast.operator], Callable[[Any, Any], Constant]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: _multiply,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: _modulo,
    ast.Pow: _power,
    ast.LShift: _shift,
    ast.RShift: operator.rshift,
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
    ast.BitXor: operator.xor,
}
_UNARY: Mapping[type[ast.unaryop], Callable[[Any], Constant]] = {
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Invert: operator.invert,
    ast.Not: operator.not_,
}
_COMPARE: Mapping[type[ast.cmpop], Callable[[Any, Any], Constant]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda left, right: left in right,
    ast.NotIn: lambda left, right: left not in right,
}


def binary(kind: type[ast.operator], left: Constant, right: Constant) -> Constant:
    """``left <op> right``."""
    act = _BINARY.get(kind)
    if act is None:
        raise Unfoldable
    try:
        return sized(act(left, right))
    except FAILURES:
        raise Unfoldable from None


def unary(kind: type[ast.unaryop], operand: Constant) -> Constant:
    """``<op> operand``."""
    try:
        return sized(_UNARY[kind](operand))
    except FAILURES:
        raise Unfoldable from None


def compare(kind: type[ast.cmpop], left: Constant, right: Constant) -> Constant:
    """``left <op> right`` for comparisons; identity is not folded."""
    act = _COMPARE.get(kind)
    if act is None:
        raise Unfoldable
    try:
        return act(left, right)
    except FAILURES:
        raise Unfoldable from None


def item(container: Constant, key: Constant) -> Constant:
    """``container[key]``, `key` being an index, a dict's key or a slice."""
    try:
        return container[key]
    except FAILURES:
        raise Unfoldable from None


def formatted(const: Constant, conversion: int, spec: str) -> str:
    """One replacement field of an f-string: ``{const!r:spec}``."""
    if _SPEC.search(spec):
        raise Unfoldable
    try:
        if conversion == 114:
            const = repr(const)
        elif conversion == 115:
            const = str(const)
        elif conversion == 97:
            const = ascii(const)
        return str(sized(format(const, spec)))
    except FAILURES:
        raise Unfoldable from None


def checked_format(pattern: str, args: Sequence[Constant], named: Mapping[str, Constant]) -> str:
    """``pattern.format(*args, **named)``; attribute access in fields is refused."""
    if _SPEC.search(pattern) or re.search(r"\{[^{}]*[.\[]", pattern) or re.search(r":[^{}:]*\{", pattern):
        raise Unfoldable
    if (
        pattern.count("{") * (1 + sum(map(_length, args)) + sum(map(_length, named.values())))
        > limits.MAX_FOLDED
    ):
        raise Unfoldable
    return pattern.format(*args, **named)


def cost(const: Constant) -> int:
    """Steps that making `const` is counted as."""
    kind = type(const)
    if kind is str or kind is bytes or kind is list or kind is tuple or kind is bytearray:
        return 1 + (len(const) >> 8)
    return 1
