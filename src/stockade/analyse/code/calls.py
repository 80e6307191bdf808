"""Calls: what they reach, what they give, and the indirections that hide it."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

from stockade.analyse.code import decoders, methods, ops
from stockade.analyse.code.abstract import (
    HOLE,
    MAX_ORIGINS,
    MAX_STEPS,
    NOTHING,
    UNKNOWN,
    Abstract,
    derived,
    join,
    known,
    merge_steps,
)
from stockade.analyse.code.comprehensions import Comprehensions
from stockade.analyse.code.expressions import dotted
from stockade.analyse.code.ops import Unfoldable

Keywords = dict[str, Abstract]
Arguments = tuple[Abstract, ...]
_FIELD = re.compile(r"\{[^{}]*\}")
_EXECUTORS = frozenset({"exec", "eval", "compile"})
#: Own functions walked from inside one another's calls.
_MAX_DEPTH = 6


class Calls(Comprehensions):
    """Handlers of calls; `specials` sees through indirections."""

    @property
    def specials(self) -> dict[str, Callable[[Arguments, Keywords, ast.Call], Abstract | None]]:
        """Targets with a meaning of their own."""
        return {
            "getattr": self._getattr,
            "__import__": self._import,
            "importlib.import_module": self._import,
            "importlib.__import__": self._import,
            "builtins.__import__": self._import,
            "vars": self._vars,
            "globals": self._namespace,
            "locals": self._namespace,
            "map": self._map,
            "filter": self._first,
            "functools.partial": self._partial,
            "functools.reduce": self._reduce,
            "super": self._super,
            "operator.attrgetter": self._attrgetter,
            "operator.methodcaller": self._attrgetter,
            "sys.modules.get": self._module,
            "sys.modules.__getitem__": self._module,
            "setattr": self._setattr,
            "asyncio.run": self._first,
            "pathlib.Path": self._path,
        }

    def call(self, node: ast.Call) -> Abstract:
        """A call: walk it, note it, return what it gives."""
        func = node.func
        receiver: Abstract | None = None
        method = ""
        if isinstance(func, ast.Attribute):
            receiver = self.eval(func.value)
            method = func.attr
            callee = self.member(receiver, method, func.value)
        elif isinstance(func, ast.Lambda):
            return self.applied(func, self._arguments(node)[0])
        else:
            callee = self.eval(func)
        args, keywords = self._arguments(node)
        target = callee.target or (f"?.{func.id}" if isinstance(func, ast.Name) else "?.()")
        if callee.steps and callee.target.startswith("functools.partial:"):
            target = target.removeprefix("functools.partial:")
        if receiver is not None and receiver.const is not None and target.startswith("?."):
            target = f"{type(receiver.const).__name__}.{method}"
        self.record_call(target, args, keywords, node)
        result = self._result(target, receiver, method, args, keywords, node)
        if result is not None:
            return result
        return self._opaque(target, receiver, args, keywords)

    def _arguments(self, node: ast.Call) -> tuple[Arguments, Keywords]:
        args: list[Abstract] = []
        for one in node.args:
            value = self.eval(one)
            if isinstance(one, ast.Starred) and value.known and isinstance(value.const, (list, tuple)):
                args.extend(known(part, value.steps, value.origins) for part in value.const[:64])
            else:
                args.append(value)
        keywords: Keywords = {}
        for keyword in node.keywords:
            value = self.eval(keyword.value)
            if keyword.arg is not None:
                keywords[keyword.arg] = value
            elif value.known and isinstance(value.const, dict):
                keywords.update((str(name), known(part)) for name, part in list(value.const.items())[:64])
            else:
                keywords["**"] = value
        return tuple(args), keywords

    def _opaque(
        self, target: str, receiver: Abstract | None, args: Arguments, keywords: Keywords
    ) -> Abstract:
        origins = {target}
        for part in (*args, *keywords.values()):
            origins |= part.sources()
        if receiver is not None:
            origins |= receiver.origins
            if receiver.target.startswith("os.environ"):
                origins.add("os.environ")
        if len(origins) > MAX_ORIGINS:
            origins = set(sorted(origins)[:MAX_ORIGINS])
        return Abstract(False, None, (), frozenset(origins), target, made=True)

    def _result(
        self,
        target: str,
        receiver: Abstract | None,
        method: str,
        args: Arguments,
        keywords: Keywords,
        node: ast.Call,
    ) -> Abstract | None:
        special = self.special_table.get(target)
        if special is not None:
            return special(args, keywords, node)
        if target in _EXECUTORS:
            self.enter_layer(target, args, keywords, node)
            return None
        if receiver is not None and receiver.const is not None:
            return self._method(receiver, method, args, keywords, node)
        if target in decoders.FUNCTIONS:
            return self._function(target, args, keywords, node)
        if target in self.lambdas:
            return self._own_lambda(target, args, keywords)
        if target in self.functions or target in self.classes:
            return self._own(target, args, keywords)
        return None

    @property
    def special_table(self) -> dict[str, Callable[[Arguments, Keywords, ast.Call], Abstract | None]]:
        """`specials`, built once."""
        if self._specials is None:
            self._specials = self.specials
        return self._specials

    _specials: dict[str, Callable[[Arguments, Keywords, ast.Call], Abstract | None]] | None = None

    def enter_layer(self, target: str, args: Arguments, keywords: Keywords, node: ast.Call) -> None:
        """Overridden where layers are peeled."""

    def _folded(self, made: tuple[object, str], parts: Arguments, node: ast.Call) -> Abstract:
        const, step = made
        steps = merge_steps(parts)
        if step and not (step in {"chr", "join"} and step in steps):
            steps = (*steps, step)[:MAX_STEPS]
        value = self.made(const, parts, steps)
        self.record_literal(value, node)
        return value

    def _function(self, target: str, args: Arguments, keywords: Keywords, node: ast.Call) -> Abstract | None:
        values = list(keywords.values())
        parts = (*args, *values)
        if all(part.known for part in parts):
            try:
                named = {name: part.const for name, part in keywords.items()}
                made = decoders.call(target, tuple(part.const for part in args), named)
                return self._folded(made, parts, node)
            except Unfoldable:
                return None
        if target == "os.path.join" and any(part.const is not None for part in args):
            text = "/".join(part.text().rstrip("/") for part in args)
            origins = derived(parts).origins | {target}
            return Abstract(False, text, merge_steps(args), origins, target, made=True)
        same = target in {"str", "os.fspath", "os.path.expanduser", "os.fsencode"}
        if same and args and args[0].const is not None:
            part = args[0]
            return Abstract(False, part.const, part.steps, part.sources() | {target}, target, made=True)
        return None

    def _method(
        self, receiver: Abstract, method: str, args: Arguments, keywords: Keywords, node: ast.Call
    ) -> Abstract | None:
        parts = (receiver, *args, *keywords.values())
        if all(part.known for part in parts):
            try:
                named = {name: part.const for name, part in keywords.items()}
                made = methods.call(receiver.const, method, tuple(part.const for part in args), named)
                return self._folded(made, parts, node)
            except Unfoldable:
                return None
        text = self._partial_text(receiver, method, args)
        if text is None:
            return None
        value = derived(parts, text)
        if method != "encode":
            self.record_literal(value, node)
        return value

    def _partial_text(self, receiver: Abstract, method: str, args: Arguments) -> str | None:
        const = receiver.const
        if not isinstance(const, str) or len(const) > 1 << 16:
            return None
        if method == "format":
            return _FIELD.sub(HOLE, const)
        if method in {"encode", "strip", "rstrip", "lstrip"}:
            return const
        if method == "join" and args and isinstance(args[0].const, (list, tuple)):
            parts = args[0].const
            return const.join(part if isinstance(part, str) else HOLE for part in parts[:256])
        return None

    # Indirections.

    def _getattr(self, args: Arguments, keywords: Keywords, node: ast.Call) -> Abstract | None:
        if len(args) < 2 or not args[1].known or not isinstance(args[1].const, str):
            return None
        owner = args[0]
        if owner.const is not None and not owner.target:
            return Abstract(
                False, None, (), owner.origins, f"{type(owner.const).__name__}.{args[1].const}", made=True
            )
        first = node.args[0] if node.args else None
        return self.member(owner, args[1].const, first)

    def _import(self, args: Arguments, keywords: Keywords, node: ast.Call) -> Abstract | None:
        name = args[0] if args else keywords.get("name", UNKNOWN)
        if not name.known or not isinstance(name.const, str) or not name.const:
            return None
        full = name.const
        if full.startswith("."):
            package = args[1].const if len(args) > 1 else keywords.get("package", UNKNOWN).const
            full = f"{package}{full}" if isinstance(package, str) else f"{self.module}{full}"
        if not self.muted:
            self.unit.imports.add(full)
        top = isinstance(node.func, ast.Name) and not args[1:] and "fromlist" not in keywords
        return Abstract(target=full.split(".")[0] if top and node.func.id == "__import__" else full)  # type: ignore[attr-defined]

    def _vars(self, args: Arguments, keywords: Keywords, node: ast.Call) -> Abstract | None:
        if args and args[0].target:
            return Abstract(target=f"{args[0].target}.__dict__")
        return Abstract(target="vars")

    def _namespace(self, args: Arguments, keywords: Keywords, node: ast.Call) -> Abstract | None:
        return Abstract(target="globals")

    def _module(self, args: Arguments, keywords: Keywords, node: ast.Call) -> Abstract | None:
        if args and args[0].known and isinstance(args[0].const, str):
            return Abstract(target=args[0].const)
        return None

    def _first(self, args: Arguments, keywords: Keywords, node: ast.Call) -> Abstract | None:
        self.reached(args)
        return None

    def _partial(self, args: Arguments, keywords: Keywords, node: ast.Call) -> Abstract | None:
        if not args or not args[0].target:
            return None
        self.reached(args[:1])
        return Abstract(False, None, (), derived(args).origins, args[0].target, made=False)

    def _super(self, args: Arguments, keywords: Keywords, node: ast.Call) -> Abstract | None:
        cls = self.scope.cls
        if cls is None or not cls.bases:
            return None
        return Abstract(target=cls.bases[0], made=True)

    def _attrgetter(self, args: Arguments, keywords: Keywords, node: ast.Call) -> Abstract | None:
        if args and args[0].known and isinstance(args[0].const, str):
            return Abstract(True, args[0].const, (), NOTHING, "operator.attrgetter:")
        return None

    def _setattr(self, args: Arguments, keywords: Keywords, node: ast.Call) -> Abstract | None:
        if len(args) == 3 and args[1].known and node.args and isinstance(node.args[0], ast.Name):
            self.scope.bind(f"{node.args[0].id}.{args[1].const}", args[2])
        return None

    def _path(self, args: Arguments, keywords: Keywords, node: ast.Call) -> Abstract | None:
        if not args or all(part.const is None for part in args):
            return None
        text = "/".join(part.text() for part in args)
        origins = derived(args).origins | {"pathlib.Path"}
        return Abstract(False, text, merge_steps(args), origins, "pathlib.Path", made=True)

    def _map(self, args: Arguments, keywords: Keywords, node: ast.Call) -> Abstract | None:
        self.reached(args[:1])
        if len(args) != 2 or not args[1].known:
            return None
        try:
            elements = list(args[1].const)
            made = [self.apply(args[0], (known(one),)) for one in elements[: ops.MAX_ELEMENTS]]
            return self.made([one.const for one in made], args[1:], merge_steps((args[1], *made[:4])))
        except (Unfoldable, TypeError):
            return None

    def _reduce(self, args: Arguments, keywords: Keywords, node: ast.Call) -> Abstract | None:
        self.reached(args[:1])
        if len(args) < 2 or not args[1].known:
            return None
        try:
            elements = [known(one) for one in args[1].const]
            value = args[2] if len(args) > 2 else elements.pop(0)
            for one in elements:
                value = self.apply(args[0], (value, one))
        except (Unfoldable, TypeError, IndexError):
            return None
        return value

    # The artifact's own functions.

    def reached(self, args: Arguments) -> None:
        """Own functions handed to something that runs them."""
        if not self.muted:
            self.unit.edges.update(part.target for part in args if part.target and not part.made)

    def _own_lambda(self, target: str, args: Arguments, keywords: Keywords) -> Abstract | None:
        info = self.lambdas[target]
        if args and not keywords and all(part.known for part in args):
            try:
                return self.apply(Abstract(target=target), args)
            except Unfoldable:
                pass
        result = info.result
        origins = result.origins | derived(args).origins
        return Abstract(result.known, result.const, result.steps, origins, result.target, result.made)

    def _own(self, target: str, args: Arguments, keywords: Keywords) -> Abstract | None:
        name = target
        if target in self.classes:
            found = self.class_attribute(target, "__init__")
            name = found.target if found is not None and not found.made else ""
        function = self.functions.get(name)
        if function is None:
            return None
        if not self.muted and name in self.pending and self.depth < _MAX_DEPTH:
            self.depth += 1
            try:
                self.walk_function(name, args, keywords)
            finally:
                self.depth -= 1
        if name != target:
            return None
        parts = (*args, *keywords.values())
        if all(part.known for part in parts):
            try:
                return self.run_own(function, args, keywords)
            except Unfoldable:
                pass
        summary = self.summaries.get(name)
        if summary is None or (summary.known and parts):
            summary = summary and Abstract(False, None, (), summary.origins, summary.target, summary.made)
        if summary is None:
            return None
        origins = frozenset(one for one in summary.sources() if not one.startswith("param:"))
        origins |= derived(parts).origins | {target}
        return Abstract(
            summary.known, summary.const, summary.steps, origins, summary.target or target, made=True
        )

    def walk_function(self, name: str, args: Arguments, keywords: Keywords) -> None:
        """Overridden where statements are walked."""


__all__ = ["Calls", "dotted", "join"]
