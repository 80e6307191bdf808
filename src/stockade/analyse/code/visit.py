"""Statements: the walk over one file that notes what it imports, calls and holds, and in which unit."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable, Iterable
from typing import Any

from stockade import limits
from stockade.analyse.code.abstract import UNKNOWN, Abstract, derived, join, known
from stockade.analyse.code.calls import Arguments, Calls, Keywords
from stockade.analyse.code.ops import Unfoldable
from stockade.analyse.code.parse import parse_text
from stockade.analyse.code.recorder import Recorder
from stockade.analyse.code.scope import ClassInfo, Layer, Pending, Scope, Unit

_QUIET_DECORATORS = frozenset(
    {"property", "staticmethod", "classmethod", "typing.overload", "abc.abstractmethod"}
)


class Visitor(Calls):
    """One walk. `walk()` fills `records`, `units` and `truncated`."""

    def __init__(self, text: str, module: str, *, package: bool) -> None:
        super().__init__(text, module, package=package)
        self.table = {
            ast.Constant: self.constant,
            ast.Name: self.name,
            ast.Attribute: self.attribute,
            ast.Call: self.call,
            ast.BinOp: self.binop,
            ast.UnaryOp: self.unaryop,
            ast.BoolOp: self.boolop,
            ast.Compare: self.compare,
            ast.IfExp: self.ifexp,
            ast.Subscript: self.subscript,
            ast.JoinedStr: self.joinedstr,
            ast.FormattedValue: self.formattedvalue,
            ast.List: self.sequence,
            ast.Tuple: self.sequence,
            ast.Set: self.sequence,
            ast.Dict: self.dict_,
            ast.Starred: self.through,
            ast.Await: self.through,
            ast.Yield: self.yielded,
            ast.YieldFrom: self.yielded,
            ast.NamedExpr: self.namedexpr,
            ast.Slice: self.slice_,
            ast.Lambda: self.lambda_,
            ast.ListComp: self.comprehension,
            ast.SetComp: self.comprehension,
            ast.GeneratorExp: self.comprehension,
            ast.DictComp: self.comprehension,
        }
        self.statements: dict[type[ast.stmt], Callable[[Any], None]] = {
            ast.Expr: self._expr,
            ast.Assign: self._assign,
            ast.AugAssign: self._augassign,
            ast.AnnAssign: self._annassign,
            ast.Return: self._return,
            ast.If: self._if,
            ast.For: self._for,
            ast.AsyncFor: self._for,
            ast.While: self._while,
            ast.With: self._with,
            ast.AsyncWith: self._with,
            ast.Try: self._try,
            ast.TryStar: self._try,
            ast.Raise: self._raise,
            ast.Assert: self._assert,
            ast.Delete: self._delete,
            ast.Import: self._import_,
            ast.ImportFrom: self._import_from,
            ast.Global: self._global,
            ast.FunctionDef: self._function_def,
            ast.AsyncFunctionDef: self._function_def,
            ast.ClassDef: self._class_def,
            ast.Match: self._match,
        }

    def walk(self, tree: ast.Module) -> None:
        """The whole file: module level first, then the functions that nothing reached on the way."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.body(tree.body)
            while self.pending:
                self.walk_function(next(iter(self.pending)), (), {}, free=True)
        self.records.sort(key=lambda record: record.line)

    def body(self, statements: list[ast.stmt]) -> None:
        """A block, statement by statement."""
        for statement in statements:
            handler = self.statements.get(type(statement))
            if handler is None:
                continue
            try:
                handler(statement)
            except RecursionError:
                self.truncated.add("code is nested too deeply to be followed")

    # Names and values.

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
            owner = self.eval(target.value)
            key = self.eval(target.slice)
            if owner.target and not owner.target.startswith("?."):
                self.record_call(f"{owner.target}.__setitem__", (key, value), None, target)
            elif isinstance(target.value, ast.Name):
                held = self.scope.find(target.value.id) or UNKNOWN
                self.scope.bind(
                    target.value.id, derived((held, key, value), held.const if not held.known else None)
                )

    def _unpack(self, targets: list[ast.expr], value: Abstract) -> None:
        const = value.const
        exact = isinstance(const, (list, tuple)) and len(const) == len(targets)
        for position, one in enumerate(targets):
            if exact and const[position] is not None and not isinstance(one, ast.Starred):
                self.bind_target(one, Abstract(value.known, const[position], value.steps, value.origins))
            else:
                self.bind_target(one, derived((value,)))

    def _bind_attribute(self, target: ast.Attribute, value: Abstract) -> None:
        scope = self.scope
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
            self.bind_target(node.target, value)

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
        if self.scope.kind == "module" and _is_main(node.test) and self.unit is self.level:
            self._main(node)
            return
        self.eval(node.test)
        self.merge(self.branch(node.body), self.branch(node.orelse), exhaustive=True)

    def _main(self, node: ast.If) -> None:
        unit = Unit("", f"{self.module}.__main__")
        self.units.append(unit)
        self.unit = unit
        try:
            self.body(node.body)
        finally:
            self.unit = self.level
        self.body(node.orelse)

    def _for(self, node: ast.For | ast.AsyncFor) -> None:
        iterable = self.eval(node.iter)
        ran = self._ran(node, iterable) if isinstance(node, ast.For) else None
        self.bind_target(node.target, self.element(iterable))
        self._loop(node.body)
        self.body(node.orelse)
        if ran is not None:
            for name, value in ran.items():
                self.scope.bind(name, value)

    def _ran(self, node: ast.For, iterable: Abstract) -> dict[str, Abstract] | None:
        """What a loop over a constant leaves bound, if it is simple enough to be run; None if not."""
        if not iterable.known or len(node.body) > 12 or self.muted:
            return None
        scope = Scope("function", self.scope.prefix, self.scope)
        scope.cls, scope.self_name = self.scope.cls, self.scope.self_name
        try:
            with self.within(scope, muted=True):
                self.run([node])
        except (Unfoldable, RecursionError):
            return None
        return scope.names

    def _loop(self, body: list[ast.stmt]) -> None:
        bound = self.branch(body)
        for name, value in bound.items():
            before = self.scope.names.get(name)
            self.scope.bind(
                name, derived((value,)) if value.known and before is not None else join(before, value)
            )

    def _while(self, node: ast.While) -> None:
        self.eval(node.test)
        self._loop(node.body)
        self.body(node.orelse)

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

    # Imports.

    def _import_(self, node: ast.Import) -> None:
        for alias in node.names:
            self.record_import(alias.name, (), node)
            if alias.asname:
                self.scope.bind(alias.asname, Abstract(target=alias.name))
            else:
                top = alias.name.partition(".")[0]
                self.scope.bind(top, Abstract(target=top))

    def _import_from(self, node: ast.ImportFrom) -> None:
        module = self.absolute(node.module or "", node.level)
        names = tuple(alias.name for alias in node.names)
        self.record_import(module, names, node)
        for alias in node.names:
            if alias.name == "*":
                self.stars.append(module)
                continue
            target = f"{module}.{alias.name}" if module != "builtins" else alias.name
            self.scope.bind(alias.asname or alias.name, Abstract(target=target))

    def absolute(self, module: str, level: int) -> str:
        """A relative import's module as an absolute name."""
        if not level:
            return module
        parts = self.module.split(".") if self.module else []
        drop = level - 1 if self.package else level
        base = parts[: len(parts) - drop] if drop else parts
        return ".".join((*base, module)) if module else ".".join(base)

    # Definitions.

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
        for decorator in reversed(node.decorator_list):
            made = self.eval(decorator)
            if isinstance(decorator, ast.Call) or not made.target or made.target in _QUIET_DECORATORS:
                self.reached((made,))
            else:
                self.record_call(made.target, (value,), None, decorator)
            if made.target in {"atexit.register", "asyncio.run"}:
                self.reached((value,))
        scope.bind(node.name, value)

    def walk_function(self, name: str, args: Arguments, keywords: Keywords, *, free: bool = False) -> None:
        """Walk a function's body once; its parameters are the first caller's arguments, if there is one."""
        pending = self.pending.pop(name)
        scope = Scope("function", name, pending.scope)
        scope.cls = pending.cls or pending.scope.cls
        self._parameters(pending, scope, args, keywords)
        before = (self.unit, self.scope, self.swallowed, self.layer, self.line)
        self.unit, self.scope, self.swallowed = pending.unit, scope, pending.swallowed
        self.layer, self.line = pending.layer, pending.line
        try:
            self.body(pending.node.body)
        finally:
            self.unit, self.scope, self.swallowed, self.layer, self.line = before
        self.summaries[name] = scope.returned or UNKNOWN

    def _parameters(self, pending: Pending, scope: Scope, args: Arguments, keywords: Keywords) -> None:
        spec = pending.node.args
        names = [*spec.posonlyargs, *spec.args]
        static = any(
            isinstance(one, ast.Name) and one.id == "staticmethod" for one in pending.node.decorator_list
        )
        if pending.cls is not None and names and not static:
            scope.self_name = names.pop(0).arg
        elif pending.cls is None:
            scope.self_name = pending.scope.self_name
        given = dict(zip((one.arg for one in names), args, strict=False))
        given.update((name, value) for name, value in keywords.items() if name != "**")
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

    # Layers.

    def enter_layer(self, target: str, args: Arguments, keywords: Keywords, node: ast.Call) -> None:
        """``exec`` of a constant: its code is walked as if it stood there."""
        code = args[0] if args else keywords.get("source", UNKNOWN)
        if self.muted or not code.known or not isinstance(code.const, (str, bytes)) or not code.const:
            return
        self.peel(code, node)

    def peel(self, code: Abstract, node: ast.Call) -> None:
        """Walk a constant as code one layer down."""
        depth = self.layers[self.layer].depth + 1
        if depth > limits.MAX_LAYERS or len(self.layers) > limits.MAX_LAYERS_PER_FILE:
            self.truncated.add(f"more than {limits.MAX_LAYERS} layers of code inside code")
            return
        text = code.const if isinstance(code.const, str) else code.const.decode("utf-8", "replace")
        try:
            tree = parse_text(text.strip("\ufeff \t\n"))
        except (SyntaxError, ValueError):
            return
        except (RecursionError, MemoryError):
            self.truncated.add("code inside code is nested too deeply to be parsed")
            return
        before = (self.layer, self.line)
        self.line = self.line if self.layer else node.lineno
        self.layers.append(Layer(text.strip("\ufeff \t\n"), depth))
        self.layer = len(self.layers) - 1
        try:
            self.body(tree.body)
        finally:
            self.layer, self.line = before


def _is_main(test: ast.expr) -> bool:
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


__all__ = ["Recorder", "Visitor", "known"]
