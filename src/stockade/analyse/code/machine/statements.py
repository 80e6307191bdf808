"""Statements on the machine."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any

from stockade.analyse.code.machine.library import Library
from stockade.analyse.code.machine.values import (
    BREAK,
    CONTINUE,
    Function,
    Instance,
    Opened,
    Ref,
    Returned,
    Signal,
)
from stockade.analyse.code.ops import FAILURES, Unfoldable


class Statements(Library):
    """Blocks; each returns why it was left, None if it ran to its end."""

    def run(self, body: list[ast.stmt]) -> Signal | None:
        """Run a block; raises Unfoldable at the first statement that is more than arithmetic."""
        for statement in body:
            self.left -= 1
            if self.left < 0:
                raise Unfoldable
            signal = self.step(statement)
            if signal is not None:
                return signal
        return None

    #: Handlers by node type, made once in run.py.
    steppers: Mapping[type[ast.stmt], Callable[[Any, Any], Signal | None]] = {}

    def step(self, node: ast.stmt) -> Signal | None:
        """Run one statement."""
        handler = self.steppers.get(type(node))
        if handler is None:
            raise Unfoldable
        return handler(self, node)

    def expr(self, node: ast.Expr) -> None:
        """An expression for what it does to a container."""
        self.ev(node.value)

    def assign_(self, node: ast.Assign) -> None:
        """``a = b = c``."""
        value = self.ev(node.value)
        for target in node.targets:
            self.bind(target, value)

    def annassign(self, node: ast.AnnAssign) -> None:
        """``a: int = b``."""
        if node.value is not None:
            self.bind(node.target, self.ev(node.value))

    def if_(self, node: ast.If) -> Signal | None:
        """The branch that its condition picks."""
        return self.run(node.body if self.truth(self.ev(node.test)) else node.orelse)

    def return_(self, node: ast.Return) -> Signal:
        """``return a``."""
        return Returned(None if node.value is None else self.ev(node.value))

    def break_(self, node: ast.Break) -> Signal:
        """``break``."""
        return BREAK

    def continue_(self, node: ast.Continue) -> Signal:
        """``continue``."""
        return CONTINUE

    def pass_(self, node: ast.Pass) -> None:
        """Nothing."""

    def try_(self, node: ast.Try) -> Signal | None:
        """What fails here fails the whole run, so that no handler is ever needed."""
        return self.run(node.body) or self.run(node.orelse) or self.run(node.finalbody)

    def with_(self, node: ast.With) -> Signal | None:
        """An open member; whatever else wants to be entered ends the run."""
        for one in node.items:
            value = self.ev(one.context_expr)
            if not isinstance(value, Opened):
                raise Unfoldable
            if one.optional_vars is not None:
                self.bind(one.optional_vars, value)
        return self.run(node.body)

    def global_(self, node: ast.Global) -> None:
        """``global a``."""
        self.env.globals.update(node.names)

    def nonlocal_(self, node: ast.Nonlocal) -> None:
        """``nonlocal a``."""
        self.env.nonlocals.update(node.names)

    def assert_(self, node: ast.Assert) -> None:
        """An assertion that holds."""
        if not self.truth(self.ev(node.test)):
            raise Unfoldable

    def delete(self, node: ast.Delete) -> None:
        """``del a, b[c]``."""
        for target in node.targets:
            self._delete(target)

    def import_(self, node: ast.Import) -> None:
        """A module is known by its name alone."""
        for alias in node.names:
            name = alias.asname or alias.name.partition(".")[0]
            self.assign(name, Ref(alias.name if alias.asname else name))

    def import_from(self, node: ast.ImportFrom) -> None:
        """``from a import b``, where that is absolute."""
        if node.level or any(alias.name == "*" for alias in node.names):
            raise Unfoldable
        for alias in node.names:
            target = alias.name if node.module == "builtins" else f"{node.module}.{alias.name}"
            self.assign(alias.asname or alias.name, self.named(target))

    def define(self, node: ast.FunctionDef) -> None:
        """A function of this run, decorated."""
        value: Any = Function(node, self.env.scope, self.env)
        for decorator in reversed(node.decorator_list):
            value = self.apply(self.ev(decorator), (value,), {})
        self.assign(node.name, value)

    def for_(self, node: ast.For) -> Signal | None:
        """A loop over what can be iterated."""
        for one in self.iterated(self.ev(node.iter)):
            self.bind(node.target, one)
            signal = self.run(node.body)
            if signal is BREAK:
                return None
            if isinstance(signal, Returned):
                return signal
        return self.run(node.orelse)

    def while_(self, node: ast.While) -> Signal | None:
        """A loop until its condition fails, or the budget ends."""
        while self.truth(self.ev(node.test)):
            signal = self.run(node.body)
            if signal is BREAK:
                return None
            if isinstance(signal, Returned):
                return signal
        return self.run(node.orelse)

    def bind(self, target: ast.expr, value: Any) -> None:
        """Assign to a name, an item, an attribute or a tuple of such."""
        if isinstance(target, ast.Name):
            self.assign(target.id, value)
        elif isinstance(target, (ast.Tuple, ast.List)):
            self._unpack(target.elts, value)
        elif isinstance(target, ast.Subscript):
            self.weigh(value)
            key = self.ev(target.slice)
            owner = self.changed(target.value)
            try:
                owner[key] = value
            except FAILURES:
                raise Unfoldable from None
        elif isinstance(target, ast.Attribute):
            owner = self.ev(target.value)
            if not isinstance(owner, Instance):
                raise Unfoldable
            self.weigh(value)
            owner.fields[target.attr] = value
        else:
            raise Unfoldable

    def _unpack(self, targets: list[ast.expr], value: Any) -> None:
        values = list(self.iterated(value))
        star = next((n for n, one in enumerate(targets) if isinstance(one, ast.Starred)), None)
        if star is not None:
            after = len(targets) - star - 1
            if len(values) < len(targets) - 1:
                raise Unfoldable
            end = len(values) - after
            values = [*values[:star], values[star:end], *values[end:]]
        if len(values) != len(targets):
            raise Unfoldable
        for one, part in zip(targets, values, strict=True):
            self.bind(one.value if isinstance(one, ast.Starred) else one, part)

    def augassign(self, node: ast.AugAssign) -> None:
        """``a += b``."""
        target = node.target
        if isinstance(target, ast.Name):
            self.assign(target.id, self.operate(type(node.op), self.lookup(target.id), self.ev(node.value)))
            return
        if isinstance(target, ast.Subscript):
            owner, key = self.changed(target.value), self.ev(target.slice)
            made = self.operate(type(node.op), self.item(owner, key), self.ev(node.value))
            try:
                owner[key] = made
            except FAILURES:
                raise Unfoldable from None
            return
        held = self.operate(type(node.op), self.ev(target), self.ev(node.value))
        self.bind(target, held)

    def _delete(self, target: ast.expr) -> None:
        if isinstance(target, ast.Name) and target.id in self.env.names:
            del self.env.names[target.id]
        elif isinstance(target, ast.Subscript):
            owner = self.changed(target.value)
            try:
                del owner[self.ev(target.slice)]
            except FAILURES:
                raise Unfoldable from None
        else:
            raise Unfoldable
