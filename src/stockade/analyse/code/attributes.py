"""Names and attributes: what they stand for, by scopes, own classes, and what is known of builtins."""

from __future__ import annotations

import ast
import string
from typing import Any

from stockade.analyse.code.abstract import Abstract, known
from stockade.analyse.code.containers import Containers
from stockade.analyse.code.scope import BUILTINS, MEANT, family

_CONSTANTS: dict[str, Any] = {
    f"string.{name}": getattr(string, name) for name in string.__all__ if name.islower()
}
_CONSTANTS = {name: const for name, const in _CONSTANTS.items() if isinstance(const, str)}
_CONSTANTS |= {"os.sep": "/", "os.path.sep": "/", "os.linesep": "\n", "os.pathsep": ":", "os.curdir": "."}
#: Names that mean themselves wherever nothing binds them.
_PLAIN = {name: Abstract(target=name) for name in BUILTINS | MEANT}


def dotted(target: str, name: str) -> str:
    """The target of attribute `name` on `target`, builtins bare."""
    if target.startswith("?."):
        return f"?.{name}"
    if name == "__dict__":
        return f"{target}.__dict__"
    if target in {"builtins", "builtins.__dict__", "__builtin__"}:
        return name
    return f"{target.removesuffix('.__dict__')}.{name}"


class Attributes(Containers):
    """``name`` and ``value.attr``."""

    def name(self, node: ast.Name) -> Abstract:
        """A name, by the scopes, then the builtins."""
        name = node.id
        found = self.scope.find(name)
        if found is not None:
            return found
        return self.unbound(name)

    def unbound(self, name: str) -> Abstract:
        """A name that no scope binds."""
        if name == "__name__" and self.module:
            return known(self.module)
        if name == "__doc__" and self.module in self.docs:
            return known(self.docs[self.module])
        if name in _PLAIN:
            return _PLAIN[name]
        if name in {"__builtins__", "__builtin__"}:
            return Abstract(target="builtins")
        if len(self.stars) == 1 and not name.startswith("__"):
            return Abstract(target=f"{self.stars[0]}.{name}")
        return Abstract(target=f"?.{name}", made=True)

    def attribute(self, node: ast.Attribute) -> Abstract:
        """``value.attr``."""
        owner = self.eval(node.value)
        found = self.member(owner, node.attr, node.value)
        return self.property_(found, owner, node) if found.target in self.properties else found

    def property_(self, found: Abstract, owner: Abstract, node: ast.Attribute) -> Abstract:
        """Overridden where functions are run."""
        raise NotImplementedError

    def member(self, owner: Abstract, name: str, node: ast.expr | None = None) -> Abstract:
        """The attribute `name` of `owner`; `node` is the expression that gave it, for ``self`` and locals."""
        if isinstance(node, ast.Name):
            held = self._held(node.id, name)
            if held is not None:
                return held
        target = owner.target
        if not target:
            return Abstract(False, None, (), owner.origins, f"?.{name}", made=True)
        if target in self.classes:
            found = self.field_of(owner, name) or self.class_attribute(target, name)
            if found is not None:
                return found
        full = dotted(target, name)
        if full in _CONSTANTS:
            return known(_CONSTANTS[full])
        if name == "__doc__" and target in self.docs:
            return known(self.docs[target])
        if name == "__name__" and not owner.made and (target in BUILTINS or target in self.functions):
            return known(target.rpartition(".")[2])
        return Abstract(False, None, (), owner.origins, full, owner.made)

    def field_of(self, owner: Abstract, name: str) -> Abstract | None:
        """Overridden where the file's own objects are made."""
        raise NotImplementedError

    def _held(self, base: str, name: str) -> Abstract | None:
        scope = self.scope
        if scope.self_name == base and scope.cls is not None:
            cls = scope.cls
            if name in cls.methods:
                return Abstract(target=f"{cls.qualified}.{name}")
            found = self.class_attribute(cls.qualified, name)
            if found is not None:
                return found
            if any(base in self.classes for base in cls.bases):
                return Abstract(target=f"{cls.qualified}.{name}", made=True)
            if cls.bases:
                return Abstract(target=f"{cls.bases[0]}.{name}", made=True)
            return Abstract(target=f"?.{name}", made=True)
        return scope.find(f"{base}.{name}")

    def class_attribute(self, qualified: str, name: str) -> Abstract | None:
        """What an own class (or an own base of it) holds under `name`, None if nothing is known."""
        for _, cls in family(qualified, self.classes, {}):
            if cls is not None and name in cls.attributes:
                return cls.attributes[name]
            if cls is not None and name in cls.methods:
                return Abstract(target=f"{cls.qualified}.{name}")
        return None
