"""Expressions on the machine: what Python would compute, or Unfoldable."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from stockade.analyse.code import ops
from stockade.analyse.code.abstract import Abstract
from stockade.analyse.code.machine.core import Core
from stockade.analyse.code.machine.values import (
    ATOMS,
    CONTAINERS,
    Env,
    Function,
    Instance,
    Method,
    Ref,
    is_iterator,
)
from stockade.analyse.code.ops import FAILURES, Unfoldable

_Comp = ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp


class Expressions(Core):
    """Handlers by node type."""

    #: Handlers of the whole machine by node type, made once in run.py.
    handlers: Mapping[type[ast.expr], Callable[[Any, Any], Any]] = {}

    def ev(self, node: ast.expr) -> Any:
        """The value of an expression; raises Unfoldable."""
        self.left -= 1
        if self.left < 0:
            raise Unfoldable
        handler = self.handlers.get(type(node))
        if handler is None:
            raise Unfoldable
        return handler(self, node)

    def call(self, node: ast.Call) -> Any:
        """Overridden where calls are made."""
        raise NotImplementedError

    def constant_(self, node: ast.Constant) -> Any:
        """A literal."""
        value = node.value
        if isinstance(value, ATOMS):
            if isinstance(value, (str, bytes)) and len(value) > 32:
                self.feed(value)
            return value
        raise Unfoldable

    def name(self, node: ast.Name) -> Any:
        """A name."""
        return self.lookup(node.id)

    def attribute_(self, node: ast.Attribute) -> Any:
        """``value.attr``."""
        return self.attribute(self.ev(node.value), node.attr)

    def attribute(self, owner: Any, name: str) -> Any:
        """``owner.name``; raises Unfoldable."""
        if isinstance(owner, Instance):
            return Ref(owner.cls) if name == "__class__" else self.field(owner, name)
        if isinstance(owner, (Ref, Function)):
            target = owner.target if isinstance(owner, Ref) else self._target(owner)
            if name == "__name__":
                return target.rpartition(".")[2]
            found = self.reified(self.host.member(Abstract(target=target), name))
            return self.method(found, owner) if target in self.host.classes else found
        if name == "__class__":
            return Ref(type(owner).__name__)
        return Method(owner, name)

    def _target(self, function: Function) -> str:
        if isinstance(function.node, ast.Lambda) or function.env is not None:
            raise Unfoldable
        return (
            f"{function.scope.prefix}.{function.node.name}" if function.scope.prefix else function.node.name
        )

    def operate(self, kind: type[ast.operator], left: Any, right: Any) -> Any:
        """``left <op> right``; raises Unfoldable."""
        if kind is ast.BitXor:
            self.steps["xor"] = None
        if (
            isinstance(left, int)
            and isinstance(right, int)
            and kind is not ast.Pow
            and kind is not ast.LShift
        ):
            return ops.binary(kind, left, right)
        return self.counted(ops.binary(kind, self.constant(left), self.constant(right)))

    def binop(self, node: ast.BinOp) -> Any:
        """Chains of operators, however long, without recursion."""
        chain: list[ast.BinOp] = []
        left: ast.expr = node
        while isinstance(left, ast.BinOp):
            chain.append(left)
            left = left.left
        value = self.ev(left)
        for one in reversed(chain):
            value = self.operate(type(one.op), value, self.ev(one.right))
        return value

    def unaryop(self, node: ast.UnaryOp) -> Any:
        """``-x``, ``not x``, ``~x``."""
        value = self.ev(node.operand)
        if isinstance(node.op, ast.Not):
            return not self.truth(value)
        return ops.unary(type(node.op), self.constant(value))

    def truth(self, value: Any) -> bool:
        """Whether `value` counts as true; raises Unfoldable for iterators, of which that says nothing."""
        if isinstance(value, ATOMS + CONTAINERS):
            return bool(value)
        if is_iterator(value):
            raise Unfoldable
        return True

    def boolop(self, node: ast.BoolOp) -> Any:
        """``a or b``: what Python would pick."""
        stops = isinstance(node.op, ast.Or)
        value: Any = None
        for one in node.values:
            value = self.ev(one)
            if self.truth(value) is stops:
                break
        return value

    def compare(self, node: ast.Compare) -> Any:
        """``a < b < c``."""
        left = self.ev(node.left)
        for kind, one in zip(node.ops, node.comparators, strict=True):
            right = self.ev(one)
            if not self._holds(type(kind), left, right):
                return False
            left = right
        return True

    def _holds(self, kind: type[ast.cmpop], left: Any, right: Any) -> Any:
        if kind is ast.Is or kind is ast.IsNot:
            if isinstance(left, Ref) and isinstance(right, Ref):
                same = left.target == right.target
            elif any(one is None or isinstance(one, bool) for one in (left, right)):
                same = left is right
            else:
                raise Unfoldable
            return same is (kind is ast.Is)
        if isinstance(left, (str, bytes, list, tuple)) and isinstance(right, (str, bytes, list, tuple)):
            self.spend((len(left) + len(right)) >> 6)
        return ops.compare(kind, self.constant(left), self.constant(right))

    def ifexp(self, node: ast.IfExp) -> Any:
        """``a if c else b``."""
        return self.ev(node.body if self.truth(self.ev(node.test)) else node.orelse)

    def subscript(self, node: ast.Subscript) -> Any:
        """``value[key]``."""
        owner, key = self.ev(node.value), self.ev(node.slice)
        if isinstance(owner, Ref):
            return self._namespace(owner, key)
        return self.item(owner, key)

    def item(self, owner: Any, key: Any) -> Any:
        """``owner[key]``; raises Unfoldable."""
        value = ops.item(self.constant(owner), self.constant(key))
        if isinstance(key, slice):
            if key.step == -1:
                self.steps["reverse"] = None
            self.counted(value)
        elif isinstance(value, CONTAINERS) and id(owner) in self.borrowed:
            self.borrowed.add(id(value))
        return value

    def _namespace(self, owner: Ref, key: Any) -> Any:
        if not isinstance(key, str):
            raise Unfoldable
        if owner.target in {"globals", "locals", "vars"}:
            return self.lookup(key)
        if owner.target == "sys.modules":
            return Ref(key)
        if owner.target == "builtins" or owner.target.endswith(".__dict__"):
            return self.reified(self.host.member(Abstract(target=owner.target), key))
        raise Unfoldable

    def slice_(self, node: ast.Slice) -> slice:
        """``a:b:c``."""
        parts = (node.lower, node.upper, node.step)
        return slice(*(None if one is None else self.constant(self.ev(one)) for one in parts))

    def joinedstr(self, node: ast.JoinedStr) -> str:
        """An f-string."""
        texts: list[str] = []
        for one in node.values:
            if isinstance(one, ast.Constant):
                texts.append(str(one.value))
            elif isinstance(one, ast.FormattedValue):
                spec = "" if one.format_spec is None else self.ev(one.format_spec)
                texts.append(ops.formatted(self.constant(self.ev(one.value)), one.conversion, spec))
        text = "".join(texts)
        self.counted(ops.sized(text))
        return text

    # Displays.

    def elements(self, nodes: list[ast.expr]) -> list[Any]:
        """The values of a display or an argument list, starred ones opened."""
        made: list[Any] = []
        for one in nodes:
            if isinstance(one, ast.Starred):
                made += self.iterated(self.ev(one.value))
            else:
                value = self.ev(one)
                self.weigh(value)
                made.append(value)
        return made

    def list_(self, node: ast.List) -> list[Any]:
        """``[a, *b]``."""
        return self.elements(node.elts)

    def tuple_(self, node: ast.Tuple) -> tuple[Any, ...]:
        """``(a, *b)``."""
        return tuple(self.elements(node.elts))

    def set_(self, node: ast.Set) -> set[Any]:
        """``{a, *b}``."""
        try:
            return set(self.elements(node.elts))
        except TypeError:
            raise Unfoldable from None

    def dict_(self, node: ast.Dict) -> dict[Any, Any]:
        """``{a: b, **c}``."""
        made: dict[Any, Any] = {}
        try:
            for key, one in zip(node.keys, node.values, strict=True):
                value = self.ev(one)
                self.weigh(value)
                if key is None:
                    made.update(value)
                else:
                    made[self.ev(key)] = value
        except FAILURES:
            raise Unfoldable from None
        return made

    def namedexpr(self, node: ast.NamedExpr) -> Any:
        """``(x := value)``."""
        value = self.ev(node.value)
        self.assign(node.target.id, value)
        return value

    def lambda_(self, node: ast.Lambda) -> Function:
        """A lambda: a function of this run."""
        return Function(node, self.env.scope, self.env)

    # Comprehensions.

    def _rows(self, node: _Comp, depth: int) -> Iterator[Any]:
        if depth == len(node.generators):
            if isinstance(node, ast.DictComp):
                yield self.ev(node.key), self.ev(node.value)
            else:
                yield self.ev(node.elt)
            return
        generator = node.generators[depth]
        for one in self.iterated(self.ev(generator.iter)):
            self.bind(generator.target, one)
            if all(self.truth(self.ev(test)) for test in generator.ifs):
                yield from self._rows(node, depth + 1)

    def rows(self, node: _Comp) -> list[Any]:
        """All that a comprehension makes, in a namespace of its own."""
        outer = self.env
        self.env = Env(outer.scope, outer)
        made: list[Any] = []
        try:
            for row in self._rows(node, 0):
                self.weigh(row)
                made.append(row)
        finally:
            self.env = outer
        self.counted(made)
        return made

    def bind(self, target: ast.expr, value: Any) -> None:
        """Overridden where statements are run."""
        raise NotImplementedError

    def listcomp(self, node: ast.ListComp) -> list[Any]:
        """A list of all that it makes."""
        return self.rows(node)

    def generator(self, node: ast.GeneratorExp) -> Iterator[Any]:
        """An iterator over all that it makes, made at once."""
        return iter(self.rows(node))

    def setcomp(self, node: ast.SetComp) -> set[Any]:
        """A set of all that it makes."""
        try:
            return set(self.rows(node))
        except TypeError:
            raise Unfoldable from None

    def dictcomp(self, node: ast.DictComp) -> dict[Any, Any]:
        """A dict of all that it makes."""
        try:
            return dict(self.rows(node))
        except TypeError:
            raise Unfoldable from None

    def yield_(self, node: ast.Yield) -> None:
        """What a generator yields is kept until it ends."""
        self._give([None if node.value is None else self.ev(node.value)])

    def yield_from(self, node: ast.YieldFrom) -> None:
        """All that an iterable gives is yielded."""
        self._give(self.iterated(self.ev(node.value)))

    def _give(self, values: Any) -> None:
        if self.env.yields is None:
            self.env.yields = []
        for one in values:
            self.weigh(one)
            self.env.yields.append(one)
