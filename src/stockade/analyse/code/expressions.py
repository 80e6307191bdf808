"""Expressions other than calls: one walk records their facts and folds their constants."""

from __future__ import annotations

import ast
import re
from typing import Any

from stockade.analyse.code import ops
from stockade.analyse.code.abstract import (
    HOLE,
    UNKNOWN,
    Abstract,
    derived,
    join,
    known,
    merge_origins,
    merge_steps,
)
from stockade.analyse.code.members import Content
from stockade.analyse.code.ops import Unfoldable
from stockade.analyse.code.recorder import MIN_LITERAL
from stockade.analyse.code.subscripts import Subscripts

_PERCENT = re.compile(r"%[-#0 +]*\d*(?:\.\d+)?[a-zA-Z]|%\(\w+\)[a-zA-Z]")
#: What gives paths that are joined by a slash.
PATHS = ("pathlib.", "importlib.resources.files", "importlib_resources.files")


class Expressions(Subscripts):
    """Handlers by node type; each returns an Abstract."""

    def constant(self, node: ast.Constant) -> Abstract:
        """A literal."""
        const: Any = node.value
        kind = type(const)
        if (kind is str or kind is bytes) and len(const) >= MIN_LITERAL:
            value = known(const)
            self._note("literal", "", (value,), None, node)
            return value
        if const is Ellipsis or kind is complex:
            return UNKNOWN
        return known(const)

    def binop(self, node: ast.BinOp) -> Abstract:
        """Chains of operators, however long, without recursion."""
        chain: list[ast.BinOp] = []
        left: ast.expr = node
        while isinstance(left, ast.BinOp):
            chain.append(left)
            left = left.left
        value = self.eval(left)
        grown = False
        for one in reversed(chain):
            right = self.eval(one.right)
            value = self.operate(type(one.op), value, right)
            grown = grown or value.known
        if grown or value.const is not None:
            self.record_literal(value, node)
        return value

    def operate(self, kind: type[ast.operator], left: Abstract, right: Abstract) -> Abstract:
        """One operator on two values."""
        if left.known and right.known:
            try:
                const = ops.binary(kind, left.const, right.const)
                steps = merge_steps((left, right))
                if kind is ast.BitXor and "xor" not in steps:
                    steps = (*steps, "xor")
                return self.made(const, (left, right), steps)
            except Unfoldable:
                return derived((left, right))
        content = isinstance(left, Content) or isinstance(right, Content)
        if content and not isinstance(left.const, str) and not isinstance(right.const, str):
            measured = self.measured(kind, left, right)
            if measured is not None:
                return measured
        if kind is ast.Add:
            return self._partial_sum(left, right)
        if kind is ast.Mod and isinstance(left.const, str) and left.known:
            parts = iter(right.const) if isinstance(right.const, tuple) else iter(())
            text = _PERCENT.sub(
                lambda _: one if isinstance(one := next(parts, HOLE), str) else HOLE, left.const
            )
            return derived((left, right), text[: 1 << 16])
        if kind is ast.Div and left.target.startswith(PATHS):
            path = left.text() if left.const is not None else HOLE
            part = derived((left, right), f"{path}/{right.text()}")
            return Abstract(False, part.const, part.steps, part.origins, "pathlib.Path", made=True)
        if kind is ast.BitXor:
            # A cipher written by hand; whoever executes or calls what comes of it is told so.
            return Abstract(origins=merge_origins((left, right)) | {"operator.xor"})
        return derived((left, right))

    def _partial_sum(self, left: Abstract, right: Abstract) -> Abstract:
        if isinstance(left.const, (str, bytes)) or isinstance(right.const, (str, bytes)):
            text = left.text() + right.text()
            if len(text) <= 1 << 16:
                return derived((left, right), text)
        if isinstance(left.const, list) and isinstance(right.const, list):
            return derived((left, right), [*left.const, *right.const][:4096])
        return derived((left, right))

    def unaryop(self, node: ast.UnaryOp) -> Abstract:
        """``-x``, ``not x``, ``~x``."""
        operand = self.eval(node.operand)
        if operand.known:
            try:
                return self.made(ops.unary(type(node.op), operand.const), (operand,), operand.steps)
            except Unfoldable:
                pass
        return derived((operand,))

    def boolop(self, node: ast.BoolOp) -> Abstract:
        """``a or b``: the one that constants pick, else any of them."""
        stops = isinstance(node.op, ast.Or)
        value: Abstract | None = None
        done = False
        for one in node.values:
            right = self.eval(one)
            if done:
                continue
            if value is not None and value.known and bool(value.const) is not stops:
                value = right
            else:
                value = join(value, right)
            done = value.known and bool(value.const) is stops
        return value if value is not None else UNKNOWN

    def compare(self, node: ast.Compare) -> Abstract:
        """A comparison; folded where it has two constant sides."""
        left = self.eval(node.left)
        rights = [self.eval(one) for one in node.comparators]
        if left.known and all(right.known for right in rights):
            sides = [left.const, *(right.const for right in rights)]
            try:
                pairs = zip(node.ops, sides, sides[1:], strict=False)
                return self.made(all(ops.compare(type(kind), one, two) for kind, one, two in pairs), (), ())
            except Unfoldable:
                pass
        return derived((left, *rights))

    def ifexp(self, node: ast.IfExp) -> Abstract:
        """``a if c else b``: the one that a constant condition picks, else either."""
        test = self.eval(node.test)
        body, orelse = self.eval(node.body), self.eval(node.orelse)
        if test.known:
            return body if test.const else orelse
        return join(body, orelse)

    def measured(self, kind: type[ast.operator], left: Abstract, right: Abstract) -> Abstract | None:
        """Overridden where members are read."""
        raise NotImplementedError

    def joinedstr(self, node: ast.JoinedStr) -> Abstract:
        """An f-string: whole if known, with holes if not."""
        texts: list[str] = []
        parts: list[Abstract] = []
        complete = True
        for one in node.values:
            if isinstance(one, ast.Constant):
                texts.append(str(one.value))
                continue
            value, text, whole = self._field(one)
            parts.append(value)
            texts.append(text)
            complete = complete and whole
        text = "".join(texts)
        try:
            if complete:
                value = self.made(ops.sized(text), parts, merge_steps(parts))
            else:
                value = derived(parts, text) if len(text) <= 1 << 16 else derived(parts)
        except Unfoldable:
            value = derived(parts)
        if value is UNKNOWN:
            value = Abstract(False, text)
        self.record_literal(value, node)
        return value

    def _field(self, node: ast.expr) -> tuple[Abstract, str, bool]:
        if not isinstance(node, ast.FormattedValue):
            return UNKNOWN, HOLE, False
        value = self.eval(node.value)
        spec = self.joined_spec(node.format_spec)
        if not value.known or spec is None:
            return value, value.text() if isinstance(value.const, str) else HOLE, False
        try:
            return value, ops.formatted(value.const, node.conversion, spec), True
        except Unfoldable:
            return value, HOLE, False

    def joined_spec(self, node: ast.expr | None) -> str | None:
        """A format spec's text; None if it is not constant."""
        if node is None:
            return ""
        if isinstance(node, ast.JoinedStr) and all(isinstance(one, ast.Constant) for one in node.values):
            return "".join(str(one.value) for one in node.values if isinstance(one, ast.Constant))
        if isinstance(node, ast.JoinedStr):
            for one in node.values:
                if isinstance(one, ast.FormattedValue):
                    self.eval(one.value)
        return None

    def formattedvalue(self, node: ast.FormattedValue) -> Abstract:
        """Only met inside f-strings, but harmless alone."""
        return derived((self.eval(node.value),))

    def through(self, node: ast.Starred | ast.Await) -> Abstract:
        """``*x`` and ``await x`` are what they hold."""
        return self.eval(node.value)

    def yielded(self, node: ast.Yield | ast.YieldFrom) -> Abstract:
        """What a generator yields counts as what it returns."""
        if node.value is not None:
            self.scope.returned = join(self.scope.returned, self.eval(node.value))
        return UNKNOWN

    def namedexpr(self, node: ast.NamedExpr) -> Abstract:
        """``(x := value)``."""
        value = self.eval(node.value)
        self.scope.bind(node.target.id, value)
        return value

    def slice_(self, node: ast.Slice) -> Abstract:
        """A slice inside a tuple of slices."""
        return derived(self.eval(one) for one in (node.lower, node.upper, node.step) if one is not None)
