"""One file's syntax tree -> RawModule: statements. Names of calls come from the walk that was made before."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from stockade import limits
from stockade.analyse.code.scope import Record
from stockade.analyse.code.walked import Walked
from stockade.analyse.flows.raw import Atoms, RawCall, RawClass, RawFunction, RawModule, RawStore
from stockade.analyse.flows.values import Frame, Values

#: What makes a constructor of declared fields: dataclasses, attrs, pydantic, named tuples.
_DECLARING = frozenset({"dataclass", "define", "frozen", "attrs", "BaseModel", "NamedTuple", "Struct"})
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def read(tree: ast.Module, walked: Walked) -> RawModule:
    """The raw flows of one file that was just walked; its tree must be the one that was walked, still alive."""
    records: dict[int, Record] = {}
    for one in walked.records:
        if not one.layer and (one.key not in records or records[one.key].target.startswith("?.")):
            records[one.key] = one
    made = RawModule(walked.place.qualified, walked.path, aliases=walked.exports, constants=walked.constants)
    Reader(made, records).module(tree)
    return made


class Reader(Values):
    """Statements of one file."""

    def __init__(self, module: RawModule, records: Mapping[int, Record]) -> None:
        super().__init__(module, records)
        self.handlers: dict[type[ast.stmt], Callable[[Any], None]] = {
            ast.Expr: self._expr,
            ast.Assign: self._assign,
            ast.AugAssign: self._augassign,
            ast.AnnAssign: self._annassign,
            ast.Return: self._return,
            ast.If: self._branches,
            ast.While: self._branches,
            ast.For: self._for,
            ast.AsyncFor: self._for,
            ast.With: self._with,
            ast.AsyncWith: self._with,
            ast.Try: self._try,
            ast.TryStar: self._try,
            ast.Raise: self._raise,
            ast.Import: self._import,
            ast.ImportFrom: self._import_from,
            ast.Global: self._global,
            ast.Nonlocal: self._nonlocal,
            ast.FunctionDef: self._function,
            ast.AsyncFunctionDef: self._function,
            ast.ClassDef: self._class,
            ast.Match: self._match,
        }

    def module(self, tree: ast.Module) -> None:
        """The whole file."""
        level = RawFunction(self.made.name, self.made.path, 1)
        self.made.functions.append(level)
        self.frame = self.level = Frame(level)
        self._declare(tree.body, self.made.name)
        self.body(tree.body)
        while self.waiting:
            node, function, outer = self.waiting.pop()
            self._walk(node, function, outer)
        # What refers to itself would stay until a collection.
        self.handlers.clear()
        self.table.clear()

    def body(self, statements: Iterable[ast.stmt]) -> None:
        """A block."""
        for one in statements:
            handler = self.handlers.get(type(one))
            if handler is not None:
                handler(one)

    def _inside(self, statements: Iterable[ast.stmt]) -> None:
        """A block that may not run: what it binds joins what was there."""
        self.frame.weak += 1
        self.body(statements)
        self.frame.weak -= 1

    def _declare(self, statements: Iterable[ast.stmt], prefix: str) -> None:
        """Functions and classes are known before the level runs: calls inside functions come later anyway."""
        for one in statements:
            if isinstance(one, (*_FUNCTIONS, ast.ClassDef)):
                self.frame.names[one.name] = frozenset(
                    {f"g:{prefix}.{one.name}" if prefix else f"g:{one.name}"}
                )

    # Simple statements.

    def _expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):
            self.eval(node.value)

    def _assign(self, node: ast.Assign) -> None:
        if self._parallel(node.targets[0], node.value):
            return
        value = self.eval(node.value)
        for target in node.targets:
            self.bind(target, value)

    def _parallel(self, target: ast.expr, value: ast.expr) -> bool:
        """``a, b = c, d`` keeps each apart."""
        if not (isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple)):
            return False
        if len(target.elts) != len(value.elts):
            return False
        values = [self.eval(one) for one in value.elts]
        for one, held in zip(target.elts, values, strict=True):
            self.bind(one, held)
        return True

    def _augassign(self, node: ast.AugAssign) -> None:
        if isinstance(node.value, ast.Dict) and self.is_environment(self.eval(node.target)):
            self.exported(node.value)
            return
        value = self.eval(node.value)
        self.frame.weak += 1
        self.bind(node.target, value)
        self.frame.weak -= 1

    def _annassign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.bind(node.target, self.eval(node.value))

    def _return(self, node: ast.Return) -> None:
        if node.value is not None:
            self.give(self.eval(node.value), node.lineno)

    def _raise(self, node: ast.Raise) -> None:
        if node.exc is not None:
            self.eval(node.exc)

    def _global(self, node: ast.Global) -> None:
        self.frame.declared.update((name, f"{self.made.name}.{name}") for name in node.names)

    def _nonlocal(self, node: ast.Nonlocal) -> None:
        for name in node.names:
            self.frame.declared[name] = self.captured(name) or f"{self.frame.function.name}.{name}"

    # Blocks.

    def _branches(self, node: ast.If | ast.While) -> None:
        self.eval(node.test)
        self._inside(node.body)
        self._inside(node.orelse)

    def _for(self, node: ast.For | ast.AsyncFor) -> None:
        self.bind(node.target, self.eval(node.iter))
        self._inside(node.body)
        self._inside(node.orelse)

    def _with(self, node: ast.With | ast.AsyncWith) -> None:
        for one in node.items:
            value = self.eval(one.context_expr)
            if one.optional_vars is not None:
                self.bind(one.optional_vars, value)
        self.body(node.body)

    def _try(self, node: ast.Try | ast.TryStar) -> None:
        self._inside(node.body)
        for handler in node.handlers:
            self._inside(handler.body)
        self._inside(node.orelse)
        self.body(node.finalbody)

    def _match(self, node: ast.Match) -> None:
        subject = self.eval(node.subject)
        for case in node.cases:
            for part in ast.walk(case.pattern):
                name = getattr(part, "name", None) or getattr(part, "rest", None)
                if isinstance(name, str):
                    self.frame.names[name] = subject
            self._inside(case.body)

    # Names.

    def _import(self, node: ast.Import) -> None:
        for alias in node.names:
            top = alias.name if alias.asname else alias.name.partition(".")[0]
            self.frame.names[alias.asname or top] = frozenset({f"g:{top}"})

    def _import_from(self, node: ast.ImportFrom) -> None:
        record = self.records.get(id(node))
        base = record.target if record is not None else node.module or ""
        for alias in node.names:
            if alias.name == "*":
                self.made.stars.append(base)
                continue
            full = f"{base}.{alias.name}" if base else alias.name
            self.frame.names[alias.asname or alias.name] = frozenset({f"g:{full}"})

    def bind(self, target: ast.expr, value: Atoms) -> None:
        """Bind a target of an assignment."""
        if isinstance(target, ast.Name):
            self.name_to(target.id, value, target.lineno)
        elif isinstance(target, (ast.Tuple, ast.List)):
            for one in target.elts:
                self.bind(one, value)
        elif isinstance(target, ast.Starred):
            self.bind(target.value, value)
        elif isinstance(target, ast.Attribute):
            self._keep(target, value)
        elif isinstance(target, ast.Subscript):
            key = self.eval(target.slice)
            self.mutate(target.value, value, target.lineno)
            self._set(target, key, value)

    def _set(self, target: ast.Subscript, key: Atoms, value: Atoms) -> None:
        """An item that is put into an object: a method of its own runs, if it has one."""
        owner = self.eval(target.value)
        if value and (name := self.variable(target, owner)):
            self.frame.function.globals.append((name, value, target.lineno))
        calls = self.frame.function.calls
        if not value or not any(one.startswith("c:") for one in owner):
            return
        if len(calls) >= limits.MAX_FLOW_CALLS:
            self.made.complete = False
        else:
            calls.append(RawCall("", target.lineno, (key, value), {}, owner, "__setitem__"))

    def _keep(self, target: ast.Attribute, value: Atoms) -> None:
        stores = self.frame.function.stores
        if isinstance(target.value, ast.Name) and self.is_self(target.value.id):
            stores.append(RawStore(None, target.attr, value, target.lineno))
            return
        owner = self.eval(target.value)
        if value:
            stores.append(RawStore(owner, target.attr, value, target.lineno))
            self.mutate(target.value, value, target.lineno)

    # Functions and classes.

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        frame = self.frame
        prefix = frame.prefix
        name = f"{prefix}.{node.name}" if prefix else node.name
        decorators = [
            self.dotted(one.func if isinstance(one, ast.Call) else one) for one in node.decorator_list
        ]
        for one in node.decorator_list:
            if isinstance(one, ast.Call):
                self.eval(one)
        for default in (*node.args.defaults, *node.args.kw_defaults):
            if default is not None:
                self.eval(default)
        function = RawFunction(
            name, self.made.path, node.lineno, decorators=[one for one in decorators if one]
        )
        function.outer = frame.function
        plain = [one.arg for one in (*node.args.posonlyargs, *node.args.args)]
        self_name = frame.self_name
        if frame.cls is not None:
            function.cls, function.method = frame.cls.name, True
            function.shared = "staticmethod" in decorators
            frame.cls.methods.add(node.name)
            if any(one.endswith("property") for one in decorators):
                frame.cls.properties.add(node.name)
            if plain and not function.shared:
                self_name = plain.pop(0)
        else:
            function.cls = frame.function.cls
        function.params = tuple(plain)
        function.keyword_only = tuple(one.arg for one in node.args.kwonlyargs)
        function.star = node.args.vararg.arg if node.args.vararg else ""
        function.stars = node.args.kwarg.arg if node.args.kwarg else ""
        if len(self.made.functions) < limits.MAX_FLOW_FUNCTIONS:
            self.made.functions.append(function)
            outer = Frame(function, parent=frame if frame.cls is None else frame.parent, self_name=self_name)
            self.waiting.append((node, function, outer))
        else:
            self.made.complete = False
        if frame.cls is None:
            self.name_to(node.name, frozenset({f"g:{name}"}), node.lineno)

    def _walk(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef, function: RawFunction, frame: Frame
    ) -> None:
        self.frame = frame
        for name in (*function.params, *function.keyword_only, function.star, function.stars):
            if name:
                frame.names[name] = frozenset({f"p:{name}"})
        frame.given = frozenset(frame.names)
        self._declare(node.body, function.name)
        self.body(node.body)
        self.frame = self.level

    def _class(self, node: ast.ClassDef) -> None:
        outer = self.frame
        name = f"{outer.prefix}.{node.name}" if outer.prefix else node.name
        bases = tuple(found for one in node.bases if (found := self.dotted(one)))
        made = self.made.classes.setdefault(name, RawClass(name, bases))
        calls = [one.func if isinstance(one, ast.Call) else one for one in node.decorator_list]
        made.decorators = tuple(found for one in calls if (found := self.dotted(one)))
        self.frame = Frame(outer.function, parent=outer, cls=made, prefix=name)
        self.body(node.body)
        if "__init__" not in made.methods and self._declares(node, bases):
            self._given(node, name, outer)
        for attribute, value in self.frame.names.items():
            if value and attribute not in made.methods:
                outer.function.stores.append(
                    RawStore(frozenset({f"g:{name}"}), attribute, value, node.lineno)
                )
        self.frame = outer
        self.name_to(node.name, frozenset({f"g:{name}"}), node.lineno)

    def _declares(self, node: ast.ClassDef, bases: tuple[str, ...]) -> bool:
        """Whether a class gets its constructor from the fields that it declares."""
        calls = [one.func if isinstance(one, ast.Call) else one for one in node.decorator_list]
        names = [self.dotted(one).rpartition(".")[2] for one in calls]
        names += [one.rpartition(".")[2] for one in bases]
        return any(name in _DECLARING for name in names)

    def _given(self, node: ast.ClassDef, name: str, outer: Frame) -> None:
        """The constructor of a class that declares its fields."""
        fields = [
            one.target.id
            for one in node.body
            if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
        ]
        made = RawFunction(
            f"{name}.__init__", self.made.path, node.lineno, tuple(fields), cls=name, method=True
        )
        made.stores = [RawStore(None, one, frozenset({f"p:{one}"}), node.lineno) for one in fields]
        made.outer = outer.function
        self.made.functions.append(made)

    def give(self, value: Atoms, line: int) -> None:
        """A value that the function returns or yields."""
        if value:
            self.frame.function.returns.append((value, line))
