"""Functions and classes: each a unit or a namespace of its own."""

from __future__ import annotations

import ast

from stockade.analyse.code.abstract import UNKNOWN, Abstract, known
from stockade.analyse.code.blocks import Blocks
from stockade.analyse.code.resolve import Arguments, Keywords
from stockade.analyse.code.scope import ClassInfo, Pending, Scope, Unit

_QUIET_DECORATORS = frozenset(
    {"property", "staticmethod", "classmethod", "typing.overload", "abc.abstractmethod"}
)
#: What offers a function to an agent, with its docstring as the description.
_TELLING_DECORATORS = frozenset({"tool", "prompt", "resource", "mcp_tool", "function_tool", "ai_function"})


class Definitions(Blocks):
    """Bodies of functions are walked when something calls them, or at the end."""

    def _function_def(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        scope = self.scope
        qualified = f"{scope.prefix}.{node.name}" if scope.prefix else node.name
        for default in (*node.args.defaults, *(one for one in node.args.kw_defaults if one is not None)):
            self.eval(default)
        unit = Unit(qualified.removeprefix(f"{self.module}."), qualified)
        self.units.append(unit)
        cls = scope.cls if scope.kind == "class" else None
        pending = Pending(node, scope, unit, cls, self.swallowed, self.layer, self.line)
        self.functions[qualified] = self.pending[qualified] = pending
        value = Abstract(target=qualified)
        self._documented(node, qualified)
        for decorator in reversed(node.decorator_list):
            made = self.eval(decorator)
            if made.target == "property":
                self.properties.add(qualified)
            if isinstance(decorator, ast.Call) or not made.target or made.target in _QUIET_DECORATORS:
                self.reached((made,))
            else:
                self.record_call(made.target, (value,), None, decorator)
            if made.target in {"atexit.register", "asyncio.run"}:
                self.reached((value,))
            if made.target.rpartition(".")[2] in _TELLING_DECORATORS:
                self._told(node)
        scope.bind(node.name, value)

    def _documented(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, name: str) -> None:
        self.docs |= documented(node.body, name)

    def _told(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        """The docstring of a function that is offered to an agent: its description, so a literal after all."""
        first = node.body[0]
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            self.record_literal(known(first.value.value), first.value)

    def walk_function(self, name: str, args: Arguments, keywords: Keywords, *, bare: bool = False) -> None:
        """Walk a function's body once; its parameters are the first caller's arguments, if there is one.

        `bare`: it is called on its class, which gives no object to its first parameter.
        """
        pending = self.pending.pop(name)
        scope = Scope("function", name, pending.scope)
        scope.cls = pending.cls or pending.scope.cls
        self._parameters(pending, scope, args, keywords, bare)
        before = (self.unit, self.scope, self.swallowed, self.layer, self.line)
        self.unit, self.scope, self.swallowed = pending.unit, scope, pending.swallowed
        self.layer, self.line = pending.layer, pending.line
        try:
            self.body(pending.node.body)
        finally:
            self.unit, self.scope, self.swallowed, self.layer, self.line = before
        self.summaries[name] = scope.returned or UNKNOWN

    def _parameters(
        self, pending: Pending, scope: Scope, args: Arguments, keywords: Keywords, bare: bool
    ) -> None:
        spec = pending.node.args
        names = [*spec.posonlyargs, *spec.args]
        if pending.cls is not None and names and not _static(pending.node):
            if not bare or names[0].arg in {"self", "cls"}:
                scope.self_name = names.pop(0).arg
                # Called on its class, a method is given its object in so many words.
                args = args[1:] if bare and scope.self_name == "self" else args
        elif pending.cls is None:
            scope.self_name = pending.scope.self_name
        given = keywords
        if args:
            given = {one.arg: value for one, value in zip(names, args, strict=False)} | keywords
        extra = [one for one in (spec.vararg, spec.kwarg) if one is not None]
        for one in (*names, *spec.kwonlyargs, *extra):
            origin = frozenset({f"param:{one.arg}"})
            value = given.get(one.arg)
            if value is None:
                annotated = self._annotated(one.annotation, pending.scope)
                scope.names[one.arg] = Abstract(origins=origin, target=annotated, made=True)
            else:
                scope.names[one.arg] = Abstract(
                    value.known, value.const, value.steps, value.origins | origin, value.target, value.made
                )

    def _annotated(self, annotation: ast.expr | None, scope: Scope) -> str:
        """The class that a parameter is declared as, where it is an imported name."""
        names: list[str] = []
        node = annotation
        while isinstance(node, ast.Attribute):
            names.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return ""
        found = scope.find(node.id)
        if found is None or not found.target or found.made or found.target.startswith(("typing.", "?.")):
            return ""
        return ".".join((found.target, *reversed(names)))

    def _class_def(self, node: ast.ClassDef) -> None:
        outer = self.scope
        qualified = f"{outer.prefix}.{node.name}" if outer.prefix else node.name
        bases = tuple(base.target for base in map(self.eval, node.bases) if base.target)
        for keyword in node.keywords:
            self.eval(keyword.value)
        for decorator in node.decorator_list:
            self.reached((self.eval(decorator),))
        cls = ClassInfo(qualified, bases)
        functions = (ast.FunctionDef, ast.AsyncFunctionDef)
        cls.methods = {one.name for one in node.body if isinstance(one, functions)}
        self.classes[qualified] = cls
        self._documented(node, qualified)
        scope = Scope("class", qualified, outer)
        scope.cls = cls
        self.scope = scope
        try:
            self.body(node.body)
        finally:
            self.scope = outer
        for name, value in scope.names.items():
            if name not in cls.methods:
                cls.attributes.setdefault(name, value)
        outer.bind(node.name, Abstract(target=qualified))


def _static(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(isinstance(one, ast.Name) and one.id == "staticmethod" for one in node.decorator_list)


def documented(body: list[ast.stmt], name: str) -> dict[str, str]:
    """The docstring of a body under `name`, {} if it has none."""
    first = body[0].value if body and isinstance(body[0], ast.Expr) else None
    text = first.value if isinstance(first, ast.Constant) else None
    return {name: text} if isinstance(text, str) else {}
