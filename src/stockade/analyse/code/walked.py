"""One file, parsed and walked: what linking and fact building start from."""

from __future__ import annotations

from dataclasses import dataclass, field

from stockade.analyse.code.abstract import Abstract
from stockade.analyse.code.layout import Place
from stockade.analyse.code.members import Members
from stockade.analyse.code.parse import Source
from stockade.analyse.code.scope import ClassInfo, Layer, Record, Unit
from stockade.analyse.code.visit import Visitor
from stockade.model.evidence import Gap, GapKind

#: Constants up to this length are kept for other files: addresses are shorter.
_SHORT = 300


@dataclass(slots=True)
class Walked:
    """A file's records and units, before phases are known. `exports` are aliases that its level binds, `choices`
    the names that a dict of the file gives to things: a command's name and its class, in setup.py. `constants` are
    the short texts that its names, the attributes of its classes and its functions stand for."""

    path: str
    place: Place
    size: int
    records: list[Record]
    units: list[Unit]
    layers: list[Layer]
    classes: dict[str, ClassInfo]
    exports: dict[str, str] = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)
    choices: frozenset[tuple[str, str]] = frozenset()
    constants: dict[str, Abstract] = field(default_factory=dict)

    @property
    def level(self) -> Unit:
        """The unit of the module's own level."""
        return self.units[0]

    def forget(self) -> None:
        """Let go of what only its own facts are built from."""
        self.records.clear()
        self.layers.clear()


def walk(source: Source, path: str, place: Place, size: int, members: Members | None = None) -> Walked:
    """Walk one parsed file. `size` is in bytes; `members` is what its code could read of its own artifact."""
    visitor = Visitor(source.text, place.qualified, package=place.package)
    visitor.members, visitor.path = members, path
    try:
        visitor.walk(source.tree)
    finally:
        exports = _exports(place.qualified, visitor.root.names)
        constants = _constants(visitor)
        visitor.release()
    gaps = [Gap(kind=GapKind.LIMIT, what=path, why=why) for why in sorted(visitor.truncated)]
    return Walked(
        path=path,
        place=place,
        size=size,
        records=visitor.records,
        units=visitor.units,
        layers=visitor.layers,
        classes=visitor.classes,
        exports=exports,
        gaps=gaps,
        choices=frozenset(visitor.choices),
        constants=constants,
    )


def _constants(visitor: Visitor) -> dict[str, Abstract]:
    named = [(f"{visitor.module}.{name}", value) for name, value in visitor.root.names.items()]
    named += visitor.summaries.items()
    for one in visitor.classes.values():
        named += [(f"{one.qualified}.{name}", value) for name, value in one.attributes.items()]
    return {
        name: value
        for name, value in named
        if value.known and isinstance(value.const, (str, bytes)) and 0 < len(value.const) <= _SHORT
    }


def _exports(module: str, names: dict[str, Abstract]) -> dict[str, str]:
    return {
        f"{module}.{name}": value.target
        for name, value in names.items()
        if value.target and not value.made and value.target != f"{module}.{name}"
    }
