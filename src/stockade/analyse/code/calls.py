"""Calls: what they reach, what they give, and the indirections that hide it."""

from __future__ import annotations

import ast
import re
from typing import Any

from stockade.analyse.bytecode.pickles import UNPICKLERS
from stockade.analyse.code import decoders, methods
from stockade.analyse.code.abstract import (
    HOLE,
    MAX_ORIGINS,
    MAX_STEPS,
    Abstract,
    derived,
    known,
    merge_steps,
)
from stockade.analyse.code.ciphers import Cipher, Hashed
from stockade.analyse.code.contents import Contents
from stockade.analyse.code.machine.ciphering import CIPHERING
from stockade.analyse.code.machine.run import Machine
from stockade.analyse.code.machine.values import Function, Held, Instance, Method, Ref, plain
from stockade.analyse.code.members import Content
from stockade.analyse.code.ops import Unfoldable
from stockade.analyse.code.resolve import Arguments, Keywords

_FIELD = re.compile(r"\{[^{}]*\}")
_WRITERS = frozenset({"write", "write_text", "write_bytes"})
_STARTERS = ("subprocess.", "os.system", "os.popen", "os.spawn", "os.exec", "asyncio.create_subprocess")
#: Runs of an own function that came to nothing before only data are worth another.
_TRIES = 2
#: Methods of the builtin types, called on the type.
_TYPED = ("str.", "bytes.", "bytearray.", "int.", "list.", "dict.")
_EXECUTORS = frozenset({"exec", "eval", "compile", "types.FunctionType", "types.LambdaType"}) | UNPICKLERS
#: Own functions walked from inside one another's calls.
_MAX_DEPTH = 6


def _is_data(part: Abstract) -> bool:
    return not part.known or (isinstance(part.const, (str, bytes, list, tuple)) and len(part.const) > 16)


class Calls(Contents):
    """Handlers of calls."""

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
        again = callee.made and callee.target == self.called and isinstance(func, (ast.Call, ast.Subscript))
        args, keywords = self._arguments(node)
        target = callee.target or (f"?.{func.id}" if isinstance(func, ast.Name) else "?.()")
        if target == "operator.attrgetter:" and args:
            return self.member(args[0], callee.const)
        if not target.startswith(("<", "?.")):
            target = f"{target}.__call__" if again else target
        elif receiver is not None and receiver.const is not None and target.startswith("?."):
            target = f"{type(receiver.const).__name__}.{method}"
        if target in self.partials:
            target, first, named = self.partials[target]
            args, keywords = (*first, *args), named | keywords
        shown = f"?.{getattr(func, 'id', '()')}" if target.startswith("<lambda>") else target
        self.record_call(shown, args, keywords, node)
        if callee.made:
            self.unit.edges.add(f"{target}.__call__")
        return self._outcome(callee, target, receiver, method, args, keywords, node)

    def _outcome(
        self,
        callee: Abstract,
        target: str,
        receiver: Abstract | None,
        method: str,
        args: Arguments,
        keywords: Keywords,
        node: ast.Call,
    ) -> Abstract:
        """What a call gives, whatever is known of it."""
        if method in _WRITERS or target.startswith(_STARTERS):
            self.carried(target, args, keywords, node)
        result = self._result(target, receiver, method, args, keywords, node)
        if result is None and isinstance(callee, Held):
            result = self._behind(callee.what, args, keywords, node)
        return result or self.content(
            self._opaque(target, receiver, args, keywords), receiver, method, args, keywords
        )

    def _behind(self, what: Any, args: Arguments, keywords: Keywords, node: ast.Call) -> Abstract | None:
        """What a function of the machine's gives when the walk calls it with constants."""
        if not self.foldable((*args, *keywords.values())):
            return None
        return self._attempted(what, args, keywords, node)

    def _attempted(self, what: Any, args: Arguments, keywords: Keywords, node: ast.Call) -> Abstract | None:
        return self.attempt(lambda machine: machine.applied(what, *self._both(machine, args, keywords)), node)

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
            origins |= part.origins
            if part.target and not part.made:
                origins.add(part.target)
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
        if target in CIPHERING:
            made = self._attempted(Ref(target), args, keywords, node)
            return self._standing(made, target, receiver, args, keywords) or made
        if (
            receiver is not None
            and isinstance(receiver, Held)
            and isinstance(receiver.what, (Cipher, Hashed))
        ):
            return self._behind(Method(receiver.what, method), args, keywords, node)
        if target in _EXECUTORS:
            return self.enter_layer(target, args, keywords, node)
        if receiver is not None and receiver.const is not None:
            changed = self.mutated(node, receiver, method, args, keywords)
            return changed if changed is not None else self._method(receiver, method, args, keywords, node)
        if target in decoders.FUNCTIONS:
            return self._function(target, args, keywords, node)
        if target in self.lambdas:
            return self._own_lambda(target, args, keywords, node)
        if target in self.functions or target in self.classes:
            return self._own(target, receiver, args, keywords, node)
        if target.startswith(_TYPED) and args and args[0].known:
            return self.attempt(lambda one: one.named_call(target, *self._both(one, args, keywords)), node)
        return None

    def _both(
        self, machine: Machine, args: Arguments, keywords: Keywords
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        named = zip(keywords, self.given(machine, tuple(keywords.values())), strict=True)
        return self.given(machine, args), dict(named)

    def enter_layer(
        self, target: str, args: Arguments, keywords: Keywords, node: ast.expr
    ) -> Abstract | None:
        """Overridden where layers are peeled."""
        raise NotImplementedError

    def carried(self, target: str, args: Arguments, keywords: Keywords, node: ast.Call) -> None:
        """Overridden where layers are peeled."""
        raise NotImplementedError

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

    # The artifact's own functions.

    def _own_lambda(
        self, target: str, args: Arguments, keywords: Keywords, node: ast.Call
    ) -> Abstract | None:
        info = self.lambdas[target]
        made = self._behind(Function(info.node, info.scope), args, keywords, node)
        if made is not None:
            return made
        result = info.result
        origins = result.origins | derived(args).origins
        return Abstract(result.known, result.const, result.steps, origins, result.target, result.made)

    def field_of(self, owner: Abstract, name: str) -> Abstract | None:
        """What a field of an own object holds."""
        what = owner.what if isinstance(owner, Held) else None
        if isinstance(what, Instance) and plain(what.fields.get(name, Ref(""))):
            return known(what.fields[name], (), owner.origins)
        return None

    def property_(self, found: Abstract, owner: Abstract, node: ast.Attribute) -> Abstract:
        """What a property gives, where it can be run."""
        if not isinstance(owner, Held):
            return found
        made = self.attempt(lambda machine: machine.attribute(owner.what, node.attr), node)
        return made if made is not None and made.known else found

    def _run(
        self, name: str, receiver: Abstract | None, args: Arguments, keywords: Keywords, node: ast.Call
    ) -> Abstract | None:
        """An own function, method or class called with constants; None if it can't be run."""
        parts = (*args, *keywords.values())
        if not self.foldable(parts):
            return None
        if self.failed.get(name, 0) >= _TRIES and not any(_is_data(part) for part in parts):
            return None

        def act(machine: Machine) -> Any:
            if name in self.classes:
                callee: Any = Ref(name)
            else:
                owner: Any = self.held(receiver) if receiver is not None else None
                if owner is None and receiver is not None and receiver.made:
                    cls = self.functions[name].cls
                    owner = Instance(cls.qualified) if cls is not None else None
                callee = machine.method(machine.named(name), owner)
            return machine.applied(callee, *self._both(machine, args, keywords))

        made = self.attempt(act, node)
        if made is None:
            self.failed[name] = self.failed.get(name, 0) + 1
        return made

    def _own(
        self, target: str, receiver: Abstract | None, args: Arguments, keywords: Keywords, node: ast.Call
    ) -> Abstract | None:
        name = target
        if target in self.classes:
            found = self.class_attribute(target, "__init__")
            name = found.target if found is not None and not found.made else ""
        if name not in self.functions:
            made = self._run(target, receiver, args, keywords, node) if target in self.classes else None
            return self._standing(made, target, receiver, args, keywords)
        bare = receiver is not None and not receiver.made and receiver.target in self.classes
        if name in self.pending and self.depth < _MAX_DEPTH:
            self.depth += 1
            try:
                self.walk_function(name, args, keywords, bare=bare)
            finally:
                self.depth -= 1
        made = self._run(target, receiver, args, keywords, node)
        if made is not None and (made.const is not None or isinstance(made, Content)):
            return made
        if name != target:
            return self._standing(made, target, receiver, args, keywords)
        parts = (*args, *keywords.values())
        summary = self.summaries.get(name)
        if summary is None or (summary.known and parts):
            summary = summary and Abstract(False, None, (), summary.origins, summary.target, summary.made)
        if summary is None:
            return None
        origins = frozenset(one for one in summary.sources() if not one.startswith("param:"))
        origins |= derived(parts).origins | {target}
        if isinstance(made, Held):
            return Held.of(made.what, made.target or summary.target or target, origins)
        return Abstract(
            summary.known, summary.const, summary.steps, origins, summary.target or target, made=True
        )

    def _standing(
        self,
        made: Abstract | None,
        target: str,
        receiver: Abstract | None,
        args: Arguments,
        keywords: Keywords,
    ) -> Abstract | None:
        """An object that was made of constants, with all that a call of which nothing is known depends on."""
        if not isinstance(made, Held):
            return None
        return Held.of(made.what, target, self._opaque(target, receiver, args, keywords).origins)

    def walk_function(self, name: str, args: Arguments, keywords: Keywords, *, bare: bool = False) -> None:
        """Overridden where statements are walked."""
        raise NotImplementedError
