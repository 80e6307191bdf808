"""Assignments, branches and loops: what names hold after each."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from stockade.analyse.code.abstract import UNKNOWN, Abstract, derived, join
from stockade.analyse.code.comprehensions import ITERATORS
from stockade.analyse.code.layers import Layers
from stockade.analyse.code.members import Content, Handle
from stockade.analyse.code.scope import Unit

#: Words after ``setup.py`` that its maintainer types, and no installer passes.
_RELEASE_WORDS = (
    "publish upload release tag testpublish register deploy coverage docs lint pypi testpypi version"
)
_RELEASE = frozenset(_RELEASE_WORDS.split())
#: A long option, which no interpreter leaves in ``sys.argv`` by itself.
_OPTION = re.compile(r"--[A-Za-z][\w-]+")


class Blocks(Layers):
    """Statements but for imports and definitions."""

    def bind_target(self, target: ast.expr, value: Abstract) -> None:
        if isinstance(target, ast.Name):
            self.scope.bind(target.id, value)
        elif isinstance(target, (ast.Tuple, ast.List)):
            self._unpack(target.elts, value)
        elif isinstance(target, ast.Starred):
            self.bind_target(target.value, derived((value,)))
        elif isinstance(target, ast.Attribute):
            self._bind_attribute(target, value)
        elif isinstance(target, ast.Subscript):
            self._bind_item(target, value)

    def _bind_item(self, target: ast.Subscript, value: Abstract) -> None:
        owner = self.eval(target.value)
        key = self.eval(target.slice)
        if value.target and not value.made and isinstance(key.const, str):
            self.choices.add((key.const, value.target))
        if owner.target == "globals" and key.known and isinstance(key.const, str):
            self.scope.module.bind(key.const, value)
        if owner.target and not owner.target.startswith("?."):
            self.record_call(f"{owner.target}.__setitem__", (key, value), None, target)
        elif isinstance(target.value, ast.Name):
            held = self.scope.find(target.value.id) or UNKNOWN
            made = self.stored(held, key, value)
            if made is None:
                made = derived((held, key, value), held.const if not held.known else None)
            self.scope.bind(target.value.id, made)

    def _unpack(self, targets: list[ast.expr], value: Abstract) -> None:
        const = value.const
        star = next((n for n, one in enumerate(targets) if isinstance(one, ast.Starred)), -1)
        if star >= 0 and isinstance(const, (list, tuple)) and len(const) >= len(targets) - 1:
            end = len(const) - (len(targets) - star - 1)
            const = [*const[:star], list(const[star:end]), *const[end:]]
            targets = [one.value if isinstance(one, ast.Starred) else one for one in targets]
        exact = isinstance(const, (list, tuple)) and len(const) == len(targets)
        for position, one in enumerate(targets):
            if exact and const[position] is not None and not isinstance(one, ast.Starred):
                self.bind_target(one, Abstract(value.known, const[position], value.steps, value.origins))
            else:
                self.bind_target(one, derived((value,)))

    def _bind_attribute(self, target: ast.Attribute, value: Abstract) -> None:
        scope = self.scope
        if target.attr == "__code__":
            # Whoever calls the function runs that code.
            self.record_call("types.FunctionType", (value,), {}, target)
            self.enter_layer("types.FunctionType", (value,), {}, target)
        if isinstance(target.value, ast.Name):
            base = target.value.id
            if base == scope.self_name and scope.cls is not None:
                attributes = scope.cls.attributes
                attributes[target.attr] = join(attributes.get(target.attr), value)
            else:
                scope.bind(f"{base}.{target.attr}", value)
            return
        self.eval(target.value)

    def _expr(self, node: ast.Expr) -> None:
        value = node.value
        if not (isinstance(value, ast.Constant) and isinstance(value.value, (str, bytes))):
            self.eval(value)
            if self.records and self.records[-1].key == id(value):
                self.records[-1].dropped = True

    def _assign(self, node: ast.Assign) -> None:
        if isinstance(node.value, (ast.Tuple, ast.List)) and self._parallel(node):
            return
        value = self.eval(node.value)
        for target in node.targets:
            self.bind_target(target, value)

    def _parallel(self, node: ast.Assign) -> bool:
        target = node.targets[0]
        if not isinstance(target, ast.Tuple) or len(node.targets) > 1:
            return False
        assert isinstance(node.value, (ast.Tuple, ast.List))
        sides = (*target.elts, *node.value.elts)
        if len(target.elts) != len(node.value.elts) or any(isinstance(one, ast.Starred) for one in sides):
            return False
        values = [self.eval(one) for one in node.value.elts]
        for one, value in zip(target.elts, values, strict=True):
            self.bind_target(one, value)
        return True

    def _augassign(self, node: ast.AugAssign) -> None:
        value = self.eval(node.value)
        if isinstance(node.target, ast.Name):
            held = self.scope.find(node.target.id) or UNKNOWN
            made = self.operate(type(node.op), held, value)
            if made.known:
                self.record_literal(made, node)
            self.scope.bind(node.target.id, made)
        elif isinstance(node.target, ast.Attribute):
            held = self.eval(node.target)
            self._bind_attribute(node.target, derived((held, value)))
        else:
            held = self.eval(node.target)
            self.bind_target(node.target, self.operate(type(node.op), held, value) if held.known else value)

    def _annassign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.bind_target(node.target, self.eval(node.value))

    def _return(self, node: ast.Return) -> None:
        if node.value is not None:
            self.scope.returned = join(self.scope.returned, self.eval(node.value))

    def _delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            if isinstance(target, ast.Subscript):
                owner, key = self.eval(target.value), self.eval(target.slice)
                if isinstance(owner.const, (list, dict)) and isinstance(target.value, ast.Name):
                    self.bind_target(target.value, self.removed(owner, key))
                if owner.target and not owner.target.startswith("?."):
                    self.record_call(f"{owner.target}.__delitem__", (key,), None, target)

    def _raise(self, node: ast.Raise) -> None:
        for one in (node.exc, node.cause):
            if one is not None:
                self.eval(one)

    def _assert(self, node: ast.Assert) -> None:
        self.eval(node.test)
        if node.msg is not None:
            self.eval(node.msg)

    def _global(self, node: ast.Global) -> None:
        self.scope.globals.update(node.names)

    # Branches and loops.

    def branch(self, statements: list[ast.stmt]) -> dict[str, Abstract]:
        """Walk a block that may not run; names are as before afterwards, what it bound is returned."""
        undo: dict[str, Abstract | None] = {}
        scope = self.scope
        scope.undo.append(undo)
        try:
            self.body(statements)
        finally:
            scope.undo.pop()
        bound: dict[str, Abstract] = {}
        for name, before in undo.items():
            home = scope.module if name in scope.globals else scope
            bound[name] = home.names.get(name, UNKNOWN)
            if before is None:
                home.names.pop(name, None)
            else:
                home.names[name] = before
        return bound

    def merge(self, *branches: dict[str, Abstract], exhaustive: bool = False) -> None:
        """Bind what any of several branches bound; one of them ran if `exhaustive`."""
        scope = self.scope
        for name in dict.fromkeys(name for one in branches for name in one):
            home = scope.module if name in scope.globals else scope
            before = home.names.get(name)
            value: Abstract | None = None
            for one in branches:
                value = join(value, one[name]) if name in one else join(value, before)
            scope.bind(name, value if exhaustive and value is not None else join(value, before))

    def _if(self, node: ast.If) -> None:
        if self.scope.kind == "module" and self.unit is self.level:
            if _is_main(node.test):
                self._apart(node, "__main__")
                return
            if self.module == "setup" and self._is_release(node.test):
                self._apart(node, "__release__")
                return
            if self.module != "setup" and self._is_option(node.test):
                self._apart(node, "__main__")
                return
        test = self.eval(node.test)
        bound, otherwise = self.branch(node.body), self.branch(node.orelse)
        if test.known and not any(isinstance(part, (ast.Name, ast.Call)) for part in ast.walk(node.test)):
            # A riddle of constants, which has one answer.
            self.merge(bound if test.const else otherwise, exhaustive=True)
        else:
            self.merge(bound, otherwise, exhaustive=True)

    def _is_release(self, test: ast.expr) -> bool:
        """Whether setup.py asks here if its maintainer typed a word that no installer passes."""
        if not isinstance(test, ast.Compare) or len(test.ops) != 1:
            return False
        if not isinstance(test.ops[0], (ast.Eq, ast.In)):
            return False
        given, words = test.left, test.comparators[0]
        if isinstance(given, ast.Constant):
            given, words = words, given
        listed = words.elts if isinstance(words, (ast.Tuple, ast.List, ast.Set)) else [words]
        if not all(isinstance(one, ast.Constant) and one.value in _RELEASE for one in listed):
            return False
        return self._typed(given) in {"sys.argv", "sys.argv.__getitem__"}

    def _is_option(self, test: ast.expr) -> bool:
        """Whether a module asks here if somebody typed an option of its command: ``"--gui" in sys.argv``."""
        if not isinstance(test, ast.Compare) or len(test.ops) != 1 or not isinstance(test.ops[0], ast.In):
            return False
        word = test.left.value if isinstance(test.left, ast.Constant) else None
        option = isinstance(word, str) and _OPTION.fullmatch(word) is not None
        return option and self._typed(test.comparators[0]) == "sys.argv"

    def _typed(self, given: ast.expr) -> str:
        """What `given` names; "" where the file changes the list of what was typed, and could put a word there."""
        changed = any(
            one.target.startswith("sys.argv.") and "getitem" not in one.target for one in self.records
        )
        return "" if changed else self.eval(given).target

    def _apart(self, node: ast.If, name: str) -> None:
        """Walk what a condition keeps out of the module's level: a unit of its own."""
        self.eval(node.test)
        unit = Unit("", f"{self.module}.{name}")
        self.units.append(unit)
        self.unit = unit
        try:
            self.body(node.body)
        finally:
            self.unit = self.level
        self.body(node.orelse)

    def _for(self, node: ast.For | ast.AsyncFor) -> None:
        iterable = self.eval(node.iter)
        constant = iterable.known or iterable.target in ITERATORS or isinstance(iterable, (Content, Handle))
        ran = self.ran(node) if constant and isinstance(node, ast.For) else {}
        self.bind_target(node.target, self.element(iterable))
        self._loop(node.body)
        self.body(node.orelse)
        for name, value in ran.items():
            self.scope.bind(name, value)

    def _loop(self, body: list[ast.stmt]) -> None:
        bound = self.branch(body)
        for name, value in bound.items():
            before = self.scope.names.get(name)
            self.scope.bind(
                name, derived((value,)) if value.known and before is not None else join(before, value)
            )

    def _while(self, node: ast.While) -> None:
        ran = self.ran(node)
        self.eval(node.test)
        self._loop(node.body)
        self.body(node.orelse)
        for name, value in ran.items():
            self.scope.bind(name, value)

    def _with(self, node: ast.With | ast.AsyncWith) -> None:
        before = self.swallowed
        for one in node.items:
            value = self.eval(one.context_expr)
            if value.target == "contextlib.suppress":
                self.swallowed = True
            if one.optional_vars is not None:
                self.bind_target(one.optional_vars, value)
        self.body(node.body)
        self.swallowed = before

    def _try(self, node: ast.Try | ast.TryStar) -> None:
        before = self.swallowed
        self.swallowed = before or any(_silent(handler.body) for handler in node.handlers)
        bound = self.branch(node.body)
        self.swallowed = before
        handled = []
        for handler in node.handlers:
            if handler.type is not None:
                self.eval(handler.type)
            if handler.name:
                self.scope.bind(handler.name, UNKNOWN)
            handled.append(self.branch(handler.body))
        self.merge(bound, *handled, exhaustive=True)
        self.body(node.orelse)
        self.body(node.finalbody)

    def _match(self, node: ast.Match) -> None:
        subject = self.eval(node.subject)
        branches = []
        for case in node.cases:
            for part in ast.walk(case.pattern):
                name = getattr(part, "name", None) or getattr(part, "rest", None)
                if isinstance(name, str):
                    self.scope.bind(name, derived((subject,)))
                if isinstance(part, ast.MatchValue):
                    self.eval(part.value)
            if case.guard is not None:
                self.eval(case.guard)
            branches.append(self.branch(case.body))
        self.merge(*branches)


def _is_main(test: ast.expr) -> bool:
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        return any(map(_is_main, test.values))
    if not isinstance(test, ast.Compare) or len(test.ops) != 1 or not isinstance(test.ops[0], ast.Eq):
        return False
    sides = (test.left, test.comparators[0])
    return any(isinstance(one, ast.Name) and one.id == "__name__" for one in sides) and any(
        isinstance(one, ast.Constant) and one.value == "__main__" for one in sides
    )


def _silent(body: Iterable[ast.stmt]) -> bool:
    for one in body:
        if isinstance(one, (ast.Pass, ast.Continue, ast.Break)):
            continue
        if isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant):
            continue
        if isinstance(one, ast.Return) and (one.value is None or isinstance(one.value, ast.Constant)):
            continue
        return False
    return True
