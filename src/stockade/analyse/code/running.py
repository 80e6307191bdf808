"""Where the walk hands constants to the machine, and takes back what it made."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from stockade.analyse.code import ops
from stockade.analyse.code.abstract import MAX_STEPS, Abstract, known, merge_steps
from stockade.analyse.code.ciphers import Cipher, Hashed
from stockade.analyse.code.expressions import Expressions
from stockade.analyse.code.machine.calls import MUTATORS
from stockade.analyse.code.machine.run import Machine
from stockade.analyse.code.machine.values import Function, Held, Instance, Method, Picker, Ref, plain
from stockade.analyse.code.members import Content
from stockade.analyse.code.ops import Unfoldable
from stockade.analyse.code.parse import parse_text

#: Elements of a list or dict that is still followed when a statement changes it.
_FOLLOWED = 512
#: Statements of a loop that is worth a run.
_LOOP = 60


class Running(Expressions):
    """Runs on constants, all within one budget for the file."""

    def attempt(self, act: Callable[[Machine], Any], node: ast.AST) -> Abstract | None:
        """What a run gives, as a value of the walk; None if it could not be finished."""
        machine = self._machine()
        if machine is None:
            return None
        try:
            value = machine.listed(act(machine))
        except Unfoldable:
            return None
        finally:
            self.runs = machine.reserve + max(machine.left, 0)
        self._handed(machine, node)
        return self._abstracted(value, machine)

    def _machine(self) -> Machine | None:
        if self.runs <= 0:
            return None
        return Machine(self, self.scope, self.runs)

    def _handed(self, machine: Machine, node: ast.AST) -> None:
        """Walk what a run gave to exec, once for each text."""
        for effect in machine.effects:
            if effect.code not in self.peeled:
                self.peel(effect.code, node)

    def peel(self, code: str | bytes, node: Any, *, value: bool = False) -> Abstract | None:
        """Overridden where layers are peeled."""
        raise NotImplementedError

    def parsed(self, text: str) -> ast.Module | None:
        """The tree of a text that the machine evaluates; None if it is no code."""
        try:
            return parse_text(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None

    def _abstracted(self, value: Any, machine: Machine) -> Abstract | None:
        steps = tuple(machine.steps)[:MAX_STEPS]
        if machine.opened and not steps and plain(value):
            # Known to who decodes or executes it, and to nobody else: it may be a read-me.
            return Content.of(Abstract(origins=machine.origins), lambda: value)
        if plain(value):
            try:
                return known(ops.sized(value), steps, machine.origins)
            except Unfoldable:
                return None
        if isinstance(value, Ref):
            return Abstract(target=value.target)
        if isinstance(value, (Function, Instance, Method, Picker, Cipher, Hashed)):
            target = value.cls if isinstance(value, Instance) else ""
            return Held.of(value, target, machine.origins)
        return None

    def given(self, machine: Machine, args: tuple[Abstract, ...]) -> tuple[Any, ...]:
        """Arguments as the machine's values; raises Unfoldable."""
        return tuple(map(machine.reified, args))

    def ran(self, node: ast.For | ast.While) -> dict[str, Abstract]:
        """What a loop leaves bound, where it can be run; {} if it can't."""
        if len(node.body) > _LOOP:
            return {}
        machine = self._machine()
        if machine is None:
            return {}
        try:
            names = machine.loop(node)
        except Unfoldable:
            return {}
        finally:
            self.runs = machine.reserve + max(machine.left, 0)
        self._handed(machine, node)
        found = {
            name: self._abstracted(value, machine) for name, value in {**names, **machine.globals}.items()
        }
        return {name: value for name, value in found.items() if value is not None}

    # Containers that statements change.

    def mutated(
        self,
        node: ast.Call,
        held: Abstract,
        method: str,
        args: tuple[Abstract, ...],
        keywords: dict[str, Abstract],
    ) -> Abstract | None:
        """``name.append(x)`` and its kin: the name is bound anew. None where nothing is known of it."""
        const = held.const
        if method not in MUTATORS or not isinstance(const, (list, dict, bytearray)):
            return None
        assert isinstance(node.func, ast.Attribute)
        place = node.func.value
        if not isinstance(place, (ast.Name, ast.Attribute)):
            return None
        parts = (*args, *keywords.values())
        if held.known and len(const) <= _FOLLOWED and all(part.known for part in parts):
            copy = const.copy()
            try:
                named = {name: part.const for name, part in keywords.items()}
                made = getattr(copy, method)(*(part.const for part in args), **named)
                value = self.made(ops.sized(copy), (held, *parts), merge_steps((held, *parts)))
            except (Unfoldable, *ops.FAILURES):
                pass
            else:
                self.bind_target(place, value)
                return known(made, value.steps, value.origins)
        self.bind_target(place, self.unknown_after(held, method, parts))
        return None

    def unknown_after(self, held: Abstract, method: str, args: tuple[Abstract, ...]) -> Abstract:
        """A container after a change that is not known in full: what came before stays known in part."""
        const = held.const
        if isinstance(const, list) and method in {"append", "extend"} and len(const) < 64:
            const = [*const, args[0].const if args and method == "append" else None]
        merged = self.unknown(held, *args)
        return Abstract(False, const if isinstance(const, (list, dict)) else None, held.steps, merged.origins)

    def stored(self, held: Abstract, key: Abstract, value: Abstract) -> Abstract | None:
        """A container after ``held[key] = value``; None if that is not known."""
        const = held.const
        sure = held.known and key.known and value.known
        if not sure or not isinstance(const, (list, dict, bytearray)) or len(const) > _FOLLOWED:
            return None
        copy = const.copy()
        try:
            copy[key.const] = value.const
            return self.made(ops.sized(copy), (held, key, value), (*held.steps, *value.steps)[:MAX_STEPS])
        except (Unfoldable, *ops.FAILURES):
            return None

    def removed(self, held: Abstract, key: Abstract) -> Abstract:
        """A container after ``del held[key]``."""
        if held.known and key.known and len(held.const) <= _FOLLOWED:
            copy = held.const.copy()
            try:
                del copy[key.const]
                return self.made(copy, (held, key), held.steps)
            except (Unfoldable, *ops.FAILURES):
                pass
        return self.unknown(held, key)

    def bind_target(self, target: ast.expr, value: Abstract) -> None:
        """Assign to a name, an attribute, an item or a tuple of such."""
        raise NotImplementedError

    # Lambdas.

    def held(self, function: Abstract) -> Any:
        """The function, lambda or object behind a value, None if it is none of the file's own."""
        if isinstance(function, Held):
            return function.what
        info = self.lambdas.get(function.target)
        if info is not None:
            return Function(info.node, info.scope)
        return None

    def foldable(self, parts: tuple[Abstract, ...]) -> bool:
        """Whether a run with these arguments is worth a try: all of them constants, or functions of the file."""
        return all(
            part.known or part.target in self.lambdas or isinstance(part, (Held, Content)) for part in parts
        )
