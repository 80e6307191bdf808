"""Code that is run by us on constants: comprehensions, lambdas, and simple functions of the file itself.

Running is meant literally but narrowly: assignments, loops and conditions over constants, each step
counted against the file's budget, nothing else.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager

from stockade.analyse.code import decoders, ops
from stockade.analyse.code.abstract import MAX_STEPS, Abstract, derived, known, merge_steps
from stockade.analyse.code.expressions import Expressions
from stockade.analyse.code.facts import Constant
from stockade.analyse.code.ops import Unfoldable
from stockade.analyse.code.scope import LambdaInfo, Pending, Scope

_Comp = ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp


class Returned(Exception):
    """A ``return`` met while running a function on constants."""

    def __init__(self, value: Abstract) -> None:
        super().__init__()
        self.value = value


class Comprehensions(Expressions):
    """Handlers that evaluate a body several times: the first time noting facts, then silently."""

    @contextmanager
    def within(self, scope: Scope, *, muted: bool) -> Iterator[None]:
        """Names looked up in `scope`; nothing noted if `muted`."""
        before, was = self.scope, self.muted
        outermost = muted and not was
        if outermost:
            given = self.allowance = min(self.each_run, self.runs)
        self.scope, self.muted = scope, muted or was
        try:
            yield
        finally:
            self.scope, self.muted = before, was
            if outermost:
                self.runs -= given - self.allowance

    # Comprehensions.

    def comprehension(self, node: _Comp) -> Abstract:
        """``[f(x) for x in …]``: element by element where all is constant."""
        scope = Scope("comprehension", self.scope.prefix, self.scope)
        scope.cls, scope.self_name = self.scope.cls, self.scope.self_name
        with self.within(scope, muted=False):
            sources = []
            for generator in node.generators:
                iterable = self.eval(generator.iter)
                sources.append(iterable)
                self.bind_target(generator.target, self.element(iterable))
                for test in generator.ifs:
                    self.eval(test)
            body = self._body(node)
            simple = len(node.generators) == 1 and sources[0].known
            if not (simple or (self._folds(node, sources))):
                return derived((*sources, body))
            try:
                rows = list(self._rows(node, 0))
            except Unfoldable:
                return derived((*sources, body))
        return self._collected(node, sources, rows)

    def _folds(self, node: _Comp, sources: list[Abstract]) -> bool:
        return bool(sources) and sources[0].known

    def _body(self, node: _Comp) -> Abstract:
        if isinstance(node, ast.DictComp):
            return derived((self.eval(node.key), self.eval(node.value)))
        return self.eval(node.elt)

    def _rows(self, node: _Comp, depth: int) -> Iterator[tuple[Abstract, ...]]:
        if depth == len(node.generators):
            parts = (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,)
            row = tuple(self.eval(part) for part in parts)
            if not all(one.known for one in row):
                raise Unfoldable
            yield row
            return
        generator = node.generators[depth]
        with self.within(self.scope, muted=True):
            iterable = self.eval(generator.iter)
            for one in self.elements(iterable):
                self.spend(1)
                self.bind_target(generator.target, known(one, iterable.steps))
                tests = [self.eval(test) for test in generator.ifs]
                if not all(test.known for test in tests):
                    raise Unfoldable
                if all(test.const for test in tests):
                    yield from self._rows(node, depth + 1)

    def _collected(self, node: _Comp, sources: list[Abstract], rows: list[tuple[Abstract, ...]]) -> Abstract:
        if len(rows) > ops.MAX_ELEMENTS:
            return derived(sources)
        steps = merge_steps((*sources, *(one for row in rows[:8] for one in row)))
        origins = derived(sources).origins
        try:
            if isinstance(node, ast.DictComp):
                return Abstract(
                    True, ops.sized({key.const: value.const for key, value in rows}), steps, origins
                )
            return Abstract(True, ops.sized([row[0].const for row in rows]), steps, origins)
        except (TypeError, Unfoldable):
            return derived(sources)

    def elements(self, iterable: Abstract) -> Iterator[Constant]:
        """What iterating over a constant gives; raises Unfoldable."""
        if not iterable.known or not isinstance(iterable.const, (str, bytes, bytearray, list, tuple, dict)):
            raise Unfoldable
        if len(iterable.const) > ops.MAX_ELEMENTS:
            raise Unfoldable
        return iter(list(iterable.const))

    def element(self, iterable: Abstract) -> Abstract:
        """Any one element of an iterable."""
        const = iterable.const
        if iterable.known and isinstance(const, (list, tuple)) and len(const) == 1:
            return known(const[0], iterable.steps, iterable.origins)
        return derived((iterable,))

    def bind_target(self, target: ast.expr, value: Abstract) -> None:
        """Assign to a name, an attribute, an item or a tuple of such."""
        raise NotImplementedError

    # Lambdas.

    def lambda_(self, node: ast.Lambda) -> Abstract:
        """A lambda: its body is walked once where it stands."""
        key = f"<lambda>:{node.lineno}:{node.col_offset}:{self.layer}:{len(self.layers)}"
        if key in self.lambdas and self.muted:
            return Abstract(target=key, made=True)
        scope = self._lambda_scope(node, (), unknown=True)
        with self.within(scope, muted=False):
            result = self.eval(node.body)
        self.lambdas[key] = LambdaInfo(node, self.scope, result)
        return Abstract(False, None, (), frozenset(), key, made=True)

    def applied(self, node: ast.Lambda, args: tuple[Abstract, ...]) -> Abstract:
        """A lambda called where it stands: its parameters are the arguments."""
        scope = self._lambda_scope(node, args, unknown=False)
        with self.within(scope, muted=False):
            return self.eval(node.body)

    def _lambda_scope(self, node: ast.Lambda, args: tuple[Abstract, ...], *, unknown: bool) -> Scope:
        scope = Scope("function", self.scope.prefix, self.scope)
        scope.cls, scope.self_name = self.scope.cls, self.scope.self_name
        names = [arg.arg for arg in (*node.args.posonlyargs, *node.args.args)]
        defaults = [self.eval(one) for one in node.args.defaults]
        for name, default in zip(reversed(names), reversed(defaults), strict=False):
            scope.names[name] = default
        for arg in (*node.args.kwonlyargs, *(one for one in (node.args.vararg, node.args.kwarg) if one)):
            scope.names[arg.arg] = derived(())
        for position, name in enumerate(names):
            if position < len(args):
                scope.names[name] = args[position]
            elif unknown and name not in scope.names:
                scope.names[name] = Abstract(origins=frozenset({f"param:{name}"}))
        return scope

    def apply(self, function: Abstract, args: tuple[Abstract, ...]) -> Abstract:
        """A function value on constants, silently; raises Unfoldable."""
        self.spend(1)
        target = function.target
        info = self.lambdas.get(target)
        if info is not None:
            if self.depth > 12:
                raise Unfoldable
            self.depth += 1
            try:
                with self.within(info.scope, muted=True):
                    scope = self._lambda_scope(info.node, args, unknown=False)
                    with self.within(scope, muted=True):
                        value = self.eval(info.node.body)
            finally:
                self.depth -= 1
        elif target in self.functions:
            value = self.run_own(self.functions[target], args, {})
        else:
            const, step = decoders.call(target, tuple(one.const for one in args), {})
            value = known(const, (*merge_steps(args), step)[:MAX_STEPS] if step else merge_steps(args))
        if not value.known:
            raise Unfoldable
        return value

    # Simple functions and loops.

    def run_own(
        self, function: Pending, args: tuple[Abstract, ...], keywords: dict[str, Abstract]
    ) -> Abstract:
        """An own function of simple statements on constants; raises Unfoldable."""
        node = function.node
        if (
            self.depth > 8
            or isinstance(node, ast.AsyncFunctionDef)
            or node.decorator_list
            or len(node.body) > 40
        ):
            raise Unfoldable
        spec = node.args
        names = [arg.arg for arg in (*spec.posonlyargs, *spec.args)]
        if (
            spec.vararg
            or spec.kwarg
            or spec.kwonlyargs
            or len(args) > len(names)
            or not keywords.keys() <= set(names)
        ):
            raise Unfoldable
        scope = Scope("function", function.scope.prefix, function.scope)
        defaults = dict(zip(reversed(names), reversed(spec.defaults), strict=False))
        given = dict(zip(names, args, strict=False)) | keywords
        self.depth += 1
        try:
            with self.within(scope, muted=True):
                for name in names:
                    if name not in given and name not in defaults:
                        raise Unfoldable
                    scope.names[name] = given[name] if name in given else self.eval(defaults[name])
                self.run(node.body)
        except Returned as returned:
            if not returned.value.known:
                raise Unfoldable from None
            return returned.value
        finally:
            self.depth -= 1
        raise Unfoldable

    def run(self, body: list[ast.stmt]) -> None:
        """Run simple statements on constants in the present scope; raises Unfoldable or Returned."""
        for statement in body:
            self.spend(1)
            self._run_one(statement)

    def _run_one(self, node: ast.stmt) -> None:
        if isinstance(node, ast.Return):
            raise Returned(self._sure(node.value) if node.value is not None else known(None))
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            self._run_assign(node.targets[0], self._sure(node.value))
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            value = self.operate(
                type(node.op), self._sure(ast.Name(node.target.id, ast.Load())), self._sure(node.value)
            )
            if not value.known:
                raise Unfoldable
            self.scope.bind(node.target.id, value)
        elif isinstance(node, ast.For) and not node.orelse:
            iterable = self._sure(node.iter)
            for one in self.elements(iterable):
                self._run_assign(node.target, known(one, iterable.steps, iterable.origins))
                self.run(node.body)
        elif isinstance(node, ast.If):
            self.run(node.body if self._sure(node.test).const else node.orelse)
        elif isinstance(node, ast.Expr):
            self._run_expression(node.value)
        elif not isinstance(node, ast.Pass):
            raise Unfoldable

    def _run_expression(self, node: ast.expr) -> None:
        if isinstance(node, ast.Constant):
            return
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            raise Unfoldable
        name, method = node.func.value, node.func.attr
        if not isinstance(name, ast.Name) or method not in {"append", "extend", "insert"} or node.keywords:
            raise Unfoldable
        held = self._sure(name)
        args = [self._sure(one) for one in node.args]
        if not isinstance(held.const, (list, bytearray)) or len(held.const) >= ops.MAX_ELEMENTS:
            raise Unfoldable
        self.spend(1 + (len(held.const) >> 6))
        grown = held.const[:]
        try:
            getattr(grown, method)(*(one.const for one in args))
            if any(isinstance(one.const, (list, tuple, dict)) for one in args):
                ops.sized(grown)
        except ops.FAILURES:
            raise Unfoldable from None
        self.scope.bind(name.id, known(grown, merge_steps((held, *args)), derived((held, *args)).origins))

    def _run_assign(self, target: ast.expr, value: Abstract) -> None:
        if isinstance(target, ast.Name):
            self.scope.bind(target.id, value)
            return
        if isinstance(target, ast.Tuple) and isinstance(value.const, (list, tuple)):
            if len(target.elts) != len(value.const):
                raise Unfoldable
            for one, const in zip(target.elts, value.const, strict=True):
                self._run_assign(one, known(const, value.steps, value.origins))
            return
        raise Unfoldable

    def _sure(self, node: ast.expr) -> Abstract:
        value = self.eval(node)
        if not value.known:
            raise Unfoldable
        return value
