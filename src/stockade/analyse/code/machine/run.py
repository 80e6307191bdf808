"""Runs from the walk: one expression, one call, or one loop, and what it leaves behind."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from stockade.analyse.code.machine.statements import Statements
from stockade.analyse.code.machine.values import Signal
from stockade.analyse.code.ops import FAILURES, Unfoldable


class Machine(Statements):
    """One run. Every entry raises Unfoldable, and only that, where the run cannot be finished."""

    def expression(self, node: ast.expr) -> Any:
        """The value of an expression in the walk's scope."""
        try:
            return self.ev(node)
        except (RecursionError, RuntimeError, *FAILURES):
            raise Unfoldable from None

    def applied(self, callee: Any, args: tuple[Any, ...], named: Mapping[str, Any]) -> Any:
        """What calling a value gives."""
        try:
            return self.listed(self.apply(callee, args, named))
        except (RecursionError, RuntimeError, *FAILURES):
            raise Unfoldable from None

    def loop(self, node: ast.For | ast.While) -> dict[str, Any]:
        """The names that a loop leaves bound."""
        try:
            signal = self.step(node)
        except (RecursionError, RuntimeError, *FAILURES):
            raise Unfoldable from None
        if isinstance(signal, Signal):
            raise Unfoldable
        return self.env.names


Machine.handlers = {
    ast.Constant: Machine.constant_,
    ast.Name: Machine.name,
    ast.Attribute: Machine.attribute_,
    ast.Call: Machine.call,
    ast.BinOp: Machine.binop,
    ast.UnaryOp: Machine.unaryop,
    ast.BoolOp: Machine.boolop,
    ast.Compare: Machine.compare,
    ast.IfExp: Machine.ifexp,
    ast.Subscript: Machine.subscript,
    ast.Slice: Machine.slice_,
    ast.JoinedStr: Machine.joinedstr,
    ast.List: Machine.list_,
    ast.Tuple: Machine.tuple_,
    ast.Set: Machine.set_,
    ast.Dict: Machine.dict_,
    ast.NamedExpr: Machine.namedexpr,
    ast.Lambda: Machine.lambda_,
    ast.ListComp: Machine.listcomp,
    ast.SetComp: Machine.setcomp,
    ast.GeneratorExp: Machine.generator,
    ast.DictComp: Machine.dictcomp,
    ast.Yield: Machine.yield_,
    ast.YieldFrom: Machine.yield_from,
}
Machine.steppers = {
    ast.Expr: Machine.expr,
    ast.Assign: Machine.assign_,
    ast.AugAssign: Machine.augassign,
    ast.AnnAssign: Machine.annassign,
    ast.If: Machine.if_,
    ast.For: Machine.for_,
    ast.While: Machine.while_,
    ast.Return: Machine.return_,
    ast.Break: Machine.break_,
    ast.Continue: Machine.continue_,
    ast.Pass: Machine.pass_,
    ast.Try: Machine.try_,
    ast.With: Machine.with_,
    ast.Global: Machine.global_,
    ast.Nonlocal: Machine.nonlocal_,
    ast.Assert: Machine.assert_,
    ast.Delete: Machine.delete,
    ast.Import: Machine.import_,
    ast.ImportFrom: Machine.import_from,
    ast.FunctionDef: Machine.define,
}
