"""What one file says of its values, before names are joined: the output of `read`, the input of `program`.

An *atom* is where a value comes from, inside one function:

    p:NAME  a parameter           c:N     the result of the function's N-th call
    f:NAME  an attribute of self  g:NAME  a dotted name: a module's variable, or anything imported
    a:NAME  an attribute, named like a secret, of some other object
    s:      ``self``, handed on as a whole
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from stockade.analyse.code.abstract import Abstract
from stockade.analyse.code.scope import Record

Atoms = frozenset[str]
NONE: Atoms = frozenset()


@dataclass(slots=True)
class RawCall:
    """One call. `target` as facts.Call has it; `receiver` are the atoms of what a method is called on, `method` its
    name. `logged`: ``logging`` makes it, of what is logged. `record` is what the walk over the file noted of it, if
    anything; `targets` is what `program` made of it."""

    target: str
    line: int
    args: tuple[Atoms, ...]
    keywords: Mapping[str, Atoms]
    receiver: Atoms = NONE
    method: str = ""
    swallowed: bool = False
    logged: bool = False
    record: Record | None = None
    targets: frozenset[str] | None = None

    def every(self) -> Atoms:
        """The atoms of all arguments."""
        return NONE.union(*self.args, *self.keywords.values())


@dataclass(slots=True)
class RawStore:
    """A value kept in an attribute: of ``self`` where `owner` is None, else of what `owner` came from."""

    owner: Atoms | None
    name: str
    value: Atoms
    line: int


@dataclass(slots=True, eq=False)
class RawFunction:
    """One function (or a module's level, named like the module). `params` leave out ``self``; `star` and `stars` are
    the names of ``*args`` and ``**kwargs``. `cls` is the class whose ``self`` it sees."""

    name: str
    path: str
    line: int
    params: tuple[str, ...] = ()
    keyword_only: tuple[str, ...] = ()
    star: str = ""
    stars: str = ""
    cls: str = ""
    method: bool = False
    shared: bool = False
    calls: list[RawCall] = field(default_factory=list)
    stores: list[RawStore] = field(default_factory=list)
    globals: list[tuple[str, Atoms, int]] = field(default_factory=list)
    returns: list[tuple[Atoms, int]] = field(default_factory=list)
    decorators: list[str] = field(default_factory=list)
    outer: RawFunction | None = None


@dataclass(slots=True)
class RawClass:
    """One class: `bases` and `decorators` as written and resolved, `methods` by name, names of properties."""

    name: str
    bases: tuple[str, ...] = ()
    methods: set[str] = field(default_factory=set)
    properties: set[str] = field(default_factory=set)
    decorators: tuple[str, ...] = ()


@dataclass(slots=True)
class RawModule:
    """One file. `aliases`: names that its level gives to things that are defined elsewhere; `constants`: what its
    names, its classes' attributes and its functions stand for, as far as that is a short text; `stars`: modules that
    it imports everything from. `complete` is False where it has more functions or calls than are followed."""

    name: str
    path: str
    functions: list[RawFunction] = field(default_factory=list)
    classes: dict[str, RawClass] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, Abstract] = field(default_factory=dict)
    stars: list[str] = field(default_factory=list)
    complete: bool = True
