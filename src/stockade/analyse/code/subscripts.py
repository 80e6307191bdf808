"""Items and slices: of constants, of namespaces, and of what lies in members."""

from __future__ import annotations

import ast
from typing import Any

from stockade.analyse.code import ops
from stockade.analyse.code.abstract import MAX_STEPS, Abstract, derived, known
from stockade.analyse.code.attributes import Attributes
from stockade.analyse.code.members import Content
from stockade.analyse.code.ops import Unfoldable

#: The first of the program's arguments, which names its own file; the others are its user's choice.
OWN_ARGUMENT = "sys.argv[0]"
_NAMESPACES = frozenset({"globals", "locals", "vars", "builtins", "sys.modules"})
_QUIET = ("typing.", "typing_extensions.", "collections.abc.")


class Subscripts(Attributes):
    """``value[key]`` and ``value[start:stop]``."""

    def subscript(self, node: ast.Subscript) -> Abstract:
        """``value[key]``."""
        owner = self.eval(node.value)
        if isinstance(node.slice, ast.Slice):
            return self._sliced(owner, node.slice)
        key = self.eval(node.slice)
        found = self._element(owner, key)
        if found is not None:
            return found
        taken = self._subscripted(owner, key, node)
        return self.taken(owner, key.const, taken) if isinstance(owner, Content) and key.known else taken

    def taken(self, owner: Content, key: Any, like: Abstract) -> Abstract:
        """Overridden where members are read."""
        raise NotImplementedError

    def part(self, owner: Content, ends: tuple[Abstract, ...], like: Abstract) -> Abstract:
        """Overridden where members are read."""
        raise NotImplementedError

    def _subscripted(self, owner: Abstract, key: Abstract, node: ast.Subscript) -> Abstract:
        target = owner.target
        if not target or target.startswith("?."):
            return derived((owner, key))
        if target in _NAMESPACES or target.endswith(".__dict__"):
            named = self.namespace(target, key, owner)
            if named is not None:
                return named
        if not target.startswith(_QUIET):
            self.record_call(f"{target}.__getitem__", (key,), None, node)
        origins = owner.sources() | {f"{target}.__getitem__"}
        if target == "sys.argv" and key.known and key.const == 0:
            origins |= {OWN_ARGUMENT}
        return Abstract(False, None, (), origins, f"{target}.__getitem__", made=True)

    def namespace(self, target: str, key: Abstract, owner: Abstract) -> Abstract | None:
        """``globals()["f"]``, ``sys.modules["os"]``, ``os.__dict__["system"]``."""
        name = key.const
        if not key.known or not isinstance(name, str):
            return None
        if target == "sys.modules":
            return Abstract(target=name)
        if target in {"globals", "locals"} or (target == "vars" and not owner.steps):
            return self.scope.find(name) or self.unbound(name)
        return self.member(Abstract(target=target), name)

    def _element(self, owner: Abstract, key: Abstract) -> Abstract | None:
        const = owner.const
        if const is None or not key.known:
            return None
        try:
            found = ops.item(const, key.const)
        except Unfoldable:
            return None
        if not owner.known and (found is None or isinstance(const, str)):
            return derived((owner, key))
        steps = owner.steps
        if isinstance(const, (str, bytes)) and "slice" not in steps:
            steps = (*steps, "slice")
        try:
            return self.made(found, (owner, key), steps)
        except Unfoldable:
            return None

    def _sliced(self, owner: Abstract, node: ast.Slice) -> Abstract:
        parts = [
            known(None) if one is None else self.eval(one) for one in (node.lower, node.upper, node.step)
        ]
        if isinstance(owner, Content) and all(part.known or isinstance(part, Content) for part in parts):
            return self.part(
                owner, tuple(parts), Abstract(origins=owner.origins, target=owner.target, made=True)
            )
        if not owner.known or not all(part.known for part in parts):
            return Abstract(False, None, (), derived((owner, *parts)).origins, owner.target, made=True)
        try:
            const = ops.item(owner.const, slice(*(part.const for part in parts)))
            step = "reverse" if parts[2].const == -1 else "slice"
            value = self.made(const, (owner,), (*owner.steps, step)[-MAX_STEPS:])
        except Unfoldable:
            return derived((owner,))
        self.record_literal(value, node)
        return value
