"""Statements: the walk over one file that notes what it imports, calls and holds, and in which unit."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable
from typing import Any

from stockade.analyse.code.abstract import Abstract
from stockade.analyse.code.definitions import Definitions, documented


class Visitor(Definitions):
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
            self.docs |= documented(tree.body, self.module)
            self.body(tree.body)
            while self.pending:
                self.walk_function(next(iter(self.pending)), (), {})
        self.records.sort(key=lambda record: record.line)

    def release(self) -> None:
        """Let go of the tree and of all that refers to itself, so that memory is free without a collection."""
        self.table.clear()
        self.statements.clear()
        self._specials = None
        self.functions.clear()
        self.lambdas.clear()
        self.pending.clear()
        del self.root.module

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
