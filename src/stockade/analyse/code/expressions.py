"""Expressions other than calls: one walk records their facts and folds their constants."""

from __future__ import annotations

import ast
import re
import string
from typing import Any

from stockade.analyse.code import ops
from stockade.analyse.code.abstract import (
    HOLE,
    MAX_STEPS,
    UNKNOWN,
    Abstract,
    derived,
    join,
    known,
    merge_origins,
    merge_steps,
)
from stockade.analyse.code.containers import Containers
from stockade.analyse.code.members import Content
from stockade.analyse.code.ops import Unfoldable
from stockade.analyse.code.recorder import MIN_LITERAL
from stockade.analyse.code.scope import BUILTINS, MEANT, family

_PERCENT = re.compile(r"%[-#0 +]*\d*(?:\.\d+)?[a-zA-Z]|%\(\w+\)[a-zA-Z]")
_CONSTANTS: dict[str, Any] = {
    f"string.{name}": getattr(string, name) for name in string.__all__ if name.islower()
}
_CONSTANTS = {name: const for name, const in _CONSTANTS.items() if isinstance(const, str)}
_CONSTANTS |= {"os.sep": "/", "os.path.sep": "/", "os.linesep": "\n", "os.pathsep": ":", "os.curdir": "."}
_NAMESPACES = frozenset({"globals", "locals", "vars", "builtins", "sys.modules"})
#: What gives paths that are joined by a slash.
PATHS = ("pathlib.", "importlib.resources.files", "importlib_resources.files")
_QUIET = ("typing.", "typing_extensions.", "collections.abc.")


def dotted(target: str, name: str) -> str:
    """The target of attribute `name` on `target`, builtins bare."""
    if target.startswith("?."):
        return f"?.{name}"
    if name == "__dict__":
        return f"{target}.__dict__"
    if target in {"builtins", "builtins.__dict__", "__builtin__"}:
        return name
    return f"{target.removesuffix('.__dict__')}.{name}"


class Expressions(Containers):
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

    def name(self, node: ast.Name) -> Abstract:
        """A name, by the scopes, then the builtins."""
        name = node.id
        found = self.scope.find(name)
        if found is not None:
            return found
        return self.unbound(name)

    def unbound(self, name: str) -> Abstract:
        """A name that no scope binds."""
        if name == "__name__" and self.module:
            return known(self.module)
        if name == "__doc__" and self.module in self.docs:
            return known(self.docs[self.module])
        if name in BUILTINS:
            return Abstract(target=name)
        if name in {"__builtins__", "__builtin__"}:
            return Abstract(target="builtins")
        if name in MEANT:
            return Abstract(target=name)
        if len(self.stars) == 1 and not name.startswith("__"):
            return Abstract(target=f"{self.stars[0]}.{name}")
        return Abstract(target=f"?.{name}", made=True)

    def attribute(self, node: ast.Attribute) -> Abstract:
        """``value.attr``."""
        owner = self.eval(node.value)
        found = self.member(owner, node.attr, node.value)
        return self.property_(found, owner, node) if found.target in self.properties else found

    def property_(self, found: Abstract, owner: Abstract, node: ast.Attribute) -> Abstract:
        """Overridden where functions are run."""
        raise NotImplementedError

    def member(self, owner: Abstract, name: str, node: ast.expr | None = None) -> Abstract:
        """The attribute `name` of `owner`; `node` is the expression that gave it, for ``self`` and locals."""
        if isinstance(node, ast.Name):
            held = self._held(node.id, name)
            if held is not None:
                return held
        target = owner.target
        if not target:
            return Abstract(False, None, (), owner.origins, f"?.{name}", made=True)
        if target in self.classes:
            found = self.field_of(owner, name) or self.class_attribute(target, name)
            if found is not None:
                return found
        full = dotted(target, name)
        if full in _CONSTANTS:
            return known(_CONSTANTS[full])
        if name == "__doc__" and target in self.docs:
            return known(self.docs[target])
        if name == "__name__" and not owner.made and (target in BUILTINS or target in self.functions):
            return known(target.rpartition(".")[2])
        return Abstract(False, None, (), owner.origins, full, owner.made)

    def field_of(self, owner: Abstract, name: str) -> Abstract | None:
        """Overridden where the file's own objects are made."""
        raise NotImplementedError

    def _held(self, base: str, name: str) -> Abstract | None:
        scope = self.scope
        if scope.self_name == base and scope.cls is not None:
            cls = scope.cls
            if name in cls.methods:
                return Abstract(target=f"{cls.qualified}.{name}")
            found = self.class_attribute(cls.qualified, name)
            if found is not None:
                return found
            if any(base in self.classes for base in cls.bases):
                return Abstract(target=f"{cls.qualified}.{name}", made=True)
            if cls.bases:
                return Abstract(target=f"{cls.bases[0]}.{name}", made=True)
            return Abstract(target=f"?.{name}", made=True)
        return scope.find(f"{base}.{name}")

    def class_attribute(self, qualified: str, name: str) -> Abstract | None:
        """What an own class (or an own base of it) holds under `name`, None if nothing is known."""
        for _, cls in family(qualified, self.classes, {}):
            if cls is not None and name in cls.attributes:
                return cls.attributes[name]
            if cls is not None and name in cls.methods:
                return Abstract(target=f"{cls.qualified}.{name}")
        return None

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

    def subscript(self, node: ast.Subscript) -> Abstract:
        """``value[key]``."""
        owner = self.eval(node.value)
        if isinstance(node.slice, ast.Slice):
            return self._sliced(owner, node.slice)
        key = self.eval(node.slice)
        found = self._element(owner, key)
        if found is not None:
            return found
        taken = self._subscripted(owner, key, node)
        return self.taken(owner, key.const, taken) if isinstance(owner, Content) and key.known else taken

    def taken(self, owner: Content, key: Any, like: Abstract) -> Abstract:
        """Overridden where members are read."""
        raise NotImplementedError

    def part(self, owner: Content, ends: tuple[Abstract, ...], like: Abstract) -> Abstract:
        """Overridden where members are read."""
        raise NotImplementedError

    def measured(self, kind: type[ast.operator], left: Abstract, right: Abstract) -> Abstract | None:
        """Overridden where members are read."""
        raise NotImplementedError

    def _subscripted(self, owner: Abstract, key: Abstract, node: ast.Subscript) -> Abstract:
        target = owner.target
        if not target or target.startswith("?."):
            return derived((owner, key))
        if target in _NAMESPACES or target.endswith(".__dict__"):
            named = self.namespace(target, key, owner)
            if named is not None:
                return named
        if not target.startswith(_QUIET):
            self.record_call(f"{target}.__getitem__", (key,), None, node)
        origins = owner.sources() | {f"{target}.__getitem__"}
        return Abstract(False, None, (), origins, f"{target}.__getitem__", made=True)

    def namespace(self, target: str, key: Abstract, owner: Abstract) -> Abstract | None:
        """``globals()["f"]``, ``sys.modules["os"]``, ``os.__dict__["system"]``."""
        name = key.const
        if not key.known or not isinstance(name, str):
            return None
        if target == "sys.modules":
            return Abstract(target=name)
        if target in {"globals", "locals"} or (target == "vars" and not owner.steps):
            return self.scope.find(name) or self.unbound(name)
        return self.member(Abstract(target=target), name)

    def _element(self, owner: Abstract, key: Abstract) -> Abstract | None:
        const = owner.const
        if const is None or not key.known:
            return None
        try:
            found = ops.item(const, key.const)
        except Unfoldable:
            return None
        if not owner.known and (found is None or isinstance(const, str)):
            return derived((owner, key))
        steps = owner.steps
        if isinstance(const, (str, bytes)) and "slice" not in steps:
            steps = (*steps, "slice")
        try:
            return self.made(found, (owner, key), steps)
        except Unfoldable:
            return None

    def _sliced(self, owner: Abstract, node: ast.Slice) -> Abstract:
        parts = [
            known(None) if one is None else self.eval(one) for one in (node.lower, node.upper, node.step)
        ]
        if isinstance(owner, Content) and all(part.known or isinstance(part, Content) for part in parts):
            return self.part(
                owner, tuple(parts), Abstract(origins=owner.origins, target=owner.target, made=True)
            )
        if not owner.known or not all(part.known for part in parts):
            return Abstract(False, None, (), derived((owner, *parts)).origins, owner.target, made=True)
        try:
            const = ops.item(owner.const, slice(*(part.const for part in parts)))
            step = "reverse" if parts[2].const == -1 else "slice"
            value = self.made(const, (owner,), (*owner.steps, step)[-MAX_STEPS:])
        except Unfoldable:
            return derived((owner,))
        self.record_literal(value, node)
        return value

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
