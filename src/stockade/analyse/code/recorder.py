"""The state of one walk over one file, and the only place where records are made."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from typing import Any

from stockade import limits
from stockade.analyse.code.abstract import UNKNOWN, Abstract, derived, known
from stockade.analyse.code.facts import Constant
from stockade.analyse.code.members import Members
from stockade.analyse.code.ops import Unfoldable, cost
from stockade.analyse.code.scope import ClassInfo, LambdaInfo, Layer, Pending, Record, Scope, Unit

#: Literals shorter than this are no facts.
MIN_LITERAL = 4
#: Steps of the machine in one file: some two seconds, or a payload of 60,000 characters undone one by one.
_MAX_RUNS = 1_500_000


class Recorder:
    """Scopes, units, budgets and records of one file."""

    def __init__(self, text: str, module: str, *, package: bool) -> None:
        self.module = module
        self.package = package
        self.level = Unit("", module)
        self.units: list[Unit] = [self.level]
        self.unit = self.level
        self.scope = Scope("module", module)
        self.root = self.scope
        self.layers = [Layer(text, 0)]
        self.layer = 0
        self.line = 0
        self.swallowed = False
        self.records: list[Record] = []
        self.classes: dict[str, ClassInfo] = {}
        self.pending: dict[str, Pending] = {}
        self.functions: dict[str, Pending] = {}
        self.summaries: dict[str, Abstract] = {}
        self.lambdas: dict[str, LambdaInfo] = {}
        self.partials: dict[str, tuple[str, tuple[Abstract, ...], dict[str, Abstract]]] = {}
        self.stars: list[str] = []
        self.choices: set[tuple[str, str]] = set()
        self.steps = limits.MAX_FOLD_STEPS
        self.runs = _MAX_RUNS
        self.peeled: set[str | bytes] = set()
        self.docs: dict[str, str] = {}
        self.failed: dict[str, int] = {}
        self.members: Members | None = None
        self.path = ""
        self.properties: set[str] = set()
        self.truncated: set[str] = set()
        self.depth = 0
        self.called = ""
        self.table: dict[type[ast.AST], Callable[[Any], Abstract]] = {}

    def eval(self, node: ast.expr) -> Abstract:
        """Walk an expression: record its facts, return what it is."""
        return self.table[type(node)](node)

    def spend(self, steps: int) -> None:
        """Count folding work; raises Unfoldable when the budget of the file is spent."""
        self.steps -= steps
        if self.steps < 0:
            self.truncated.add(f"folding stopped after {limits.MAX_FOLD_STEPS} steps")
            raise Unfoldable

    def made(self, const: Constant, parts: Iterable[Abstract], steps: tuple[str, ...]) -> Abstract:
        """A folded constant that depends on `parts`."""
        self.spend(cost(const))
        origins = derived(parts).origins
        return known(const, steps, origins)

    def record_call(
        self, target: str, args: tuple[Abstract, ...], keywords: dict[str, Abstract] | None, node: ast.AST
    ) -> None:
        """Note a call, and the edge to what it reaches."""
        self.called = target
        self.unit.edges.add(target)
        self._note("call", target, args, keywords, node)

    def record_literal(self, value: Abstract, node: ast.AST) -> None:
        """Note a text constant, as written or as folded."""
        const = value.const
        if isinstance(const, (str, bytes)) and len(const) >= MIN_LITERAL:
            self._note("literal", "", (value,), None, node)

    def record_import(self, module: str, names: tuple[str, ...], node: ast.AST) -> None:
        """Note an import."""
        self.unit.imports.add(module)
        self.unit.imports.update(f"{module}.{name}" for name in names if name != "*")
        listed = known(names)
        self._note("import", module, (listed,), None, node)

    def _note(
        self,
        kind: str,
        target: str,
        args: tuple[Abstract, ...],
        keywords: dict[str, Abstract] | None,
        node: Any,
    ) -> None:
        if len(self.records) >= limits.MAX_FACTS:
            self.truncated.add(f"only the first {limits.MAX_FACTS} facts were kept")
            return
        own = node.lineno
        line = own if not self.layer else self.line
        self.records.append(
            Record(
                kind,
                target,
                args,
                keywords,
                self.unit,
                line,
                own,
                node.col_offset,
                self.layer,
                self.swallowed,
                id(node),
            )
        )

    def unknown(self, *parts: Abstract) -> Abstract:
        """Not known, but depending on `parts`."""
        return derived(parts) if parts else UNKNOWN
