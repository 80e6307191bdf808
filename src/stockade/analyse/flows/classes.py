"""An artifact's functions and classes by name, and which classes belong together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from stockade.analyse.code.abstract import Abstract
from stockade.analyse.flows.raw import RawClass, RawFunction, RawModule

#: Classes of one family that are looked at.
_RELATIVES = 400


class Classes:
    """All names of an artifact."""

    def __init__(self, modules: Iterable[RawModule]) -> None:
        self.modules = list(modules)
        self.functions: dict[str, RawFunction] = {}
        self.classes: dict[str, RawClass] = {}
        self.aliases: dict[str, str] = {}
        self.constants: dict[str, Abstract] = {}
        self._names: dict[str, str] = {}
        self._above: dict[str, tuple[str, ...]] = {}
        self._families: dict[str, frozenset[str]] = {}
        for module in self.modules:
            self.classes.update(module.classes)
            self.aliases.update(module.aliases)
            self.constants.update(module.constants)
            for function in module.functions:
                self.functions.setdefault(function.name, function)
        self._expand()
        self.tops = frozenset(one.name.partition(".")[0] for one in self.modules if one.name)
        self._below: dict[str, list[str]] = defaultdict(list)
        for name, cls in self.classes.items():
            for base in cls.bases:
                self._below[self.known(base)].append(name)

    def _expand(self) -> None:
        """``from .core import *`` gives all names of the one module to the other."""
        stars = [(one.name, star) for one in self.modules for star in one.stars]
        if stars:
            public: dict[str, list[str]] = defaultdict(list)
            for name in (*self.functions, *self.classes):
                owner, _, last = name.rpartition(".")
                public[owner].append(last)
            for module, star in stars:
                for last in public.get(star, ()):
                    self.aliases.setdefault(f"{module}.{last}", f"{star}.{last}")

    def known(self, name: str) -> str:
        """`name` without the detours of imports from one own module by another."""
        found = self._names.get(name)
        if found is None:
            found = self._names[name] = self._follow(name)
        return found

    def _follow(self, name: str) -> str:
        for _ in range(8):
            if name in self.functions or name in self.classes:
                return name
            moved = self.aliases.get(name)
            if moved is None:
                owner, _, last = name.rpartition(".")
                held = self.aliases.get(owner)
                moved = f"{held}.{last}" if held is not None else None
            if moved is None or moved == name:
                return name
            name = moved
        return name

    def own(self, name: str) -> bool:
        """Whether a dotted name lies in this artifact."""
        return name.partition(".")[0] in self.tops

    def above(self, name: str) -> tuple[str, ...]:
        """A class and its bases, each once; names of other artifacts' classes included."""
        if name not in self._above:
            found, waiting = {name: None}, [name]
            while waiting and len(found) < _RELATIVES:
                cls = self.classes.get(waiting.pop())
                bases = [
                    base
                    for one in (cls.bases if cls is not None else ())
                    if (base := self.known(one)) not in found
                ]
                found.update(dict.fromkeys(bases))
                waiting += reversed(bases)
            self._above[name] = tuple(found)
        return self._above[name]

    def related(self, name: str) -> frozenset[str]:
        """A class, its bases and what is derived from it: those that share the attributes of one object."""
        if name not in self._families:
            self._families[name] = self._family(name)
        return self._families[name]

    def _family(self, name: str) -> frozenset[str]:
        found = set(self.above(name))
        waiting = [name]
        while waiting and len(found) < _RELATIVES:
            for below in self._below.get(waiting.pop(), ()):
                if below not in found:
                    found.add(below)
                    waiting.append(below)
        return frozenset(found)

    def method(self, name: str, method: str) -> RawFunction | None:
        """The method of a class or of its nearest base that has it."""
        for one in self.above(name):
            found = self.functions.get(f"{one}.{method}")
            if found is not None:
                return found
        return None

    def is_property(self, cls: str, name: str) -> bool:
        """Whether reading the attribute `name` of a class runs a method."""
        held = (self.classes[one] for one in self.above(cls) if one in self.classes)
        return any(name in one.properties for one in held)
