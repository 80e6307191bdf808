"""Comprehensions and lambdas: walked once for their facts, and run where what they go over is constant."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager

from stockade.analyse.code.abstract import Abstract, derived, known
from stockade.analyse.code.members import Content, Handle
from stockade.analyse.code.running import Running
from stockade.analyse.code.scope import LambdaInfo, Scope

_Comp = ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp
#: Calls that give iterators; what goes over one may be constant although the walk does not hold it as such.
_ITERATOR_NAMES = (
    "zip enumerate map filter reversed range iter itertools.cycle itertools.chain itertools.count"
)
ITERATORS = frozenset(_ITERATOR_NAMES.split())


class Comprehensions(Running):
    """Handlers of comprehensions and lambdas."""

    @contextmanager
    def within(self, scope: Scope) -> Iterator[None]:
        """Names looked up in `scope`."""
        before, self.scope = self.scope, scope
        try:
            yield
        finally:
            self.scope = before

    def comprehension(self, node: _Comp) -> Abstract:
        """``[f(x) for x in …]``: what it makes where all is constant."""
        scope = Scope("comprehension", self.scope.prefix, self.scope)
        scope.cls, scope.self_name = self.scope.cls, self.scope.self_name
        with self.within(scope):
            sources = []
            for generator in node.generators:
                iterable = self.eval(generator.iter)
                sources.append(iterable)
                self.bind_target(generator.target, self.element(iterable))
                for test in generator.ifs:
                    self.eval(test)
            body = self._body(node)
        if sources[0].known or sources[0].target in ITERATORS or isinstance(sources[0], (Content, Handle)):
            made = self.attempt(lambda machine: machine.expression(node), node)
            if made is not None and (made.known or isinstance(made, Content)):
                return made
        return derived((*sources, body))

    def _body(self, node: _Comp) -> Abstract:
        if isinstance(node, ast.DictComp):
            return derived((self.eval(node.key), self.eval(node.value)))
        return self.eval(node.elt)

    def element(self, iterable: Abstract) -> Abstract:
        """Any one element of an iterable."""
        const = iterable.const
        if iterable.known and isinstance(const, (list, tuple)) and len(const) == 1:
            return known(const[0], iterable.steps, iterable.origins)
        return derived((iterable,))

    def lambda_(self, node: ast.Lambda) -> Abstract:
        """A lambda: its body is walked once where it stands."""
        key = f"<lambda>:{node.lineno}:{node.col_offset}:{self.layer}:{len(self.layers)}"
        with self.within(self._lambda_scope(node, (), unknown=True)):
            result = self.eval(node.body)
        self.lambdas[key] = LambdaInfo(node, self.scope, result)
        return Abstract(False, None, (), frozenset(), key, made=True)

    def applied(self, node: ast.Lambda, args: tuple[Abstract, ...]) -> Abstract:
        """A lambda called where it stands: its parameters are the arguments."""
        with self.within(self._lambda_scope(node, args, unknown=False)):
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
