"""Names and the units that code runs in: what the visitor keeps while it walks one file."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from msgspec import Struct

from stockade.analyse.code.abstract import Abstract

BUILTINS = frozenset(dir(builtins)) | {
    "unicode",
    "raw_input",
    "execfile",
    "xrange",
    "unichr",
    "long",
    "reload",
}
#: What a name means that nothing binds: its import was forgotten or misspelt, or came with a star.
_MEANT_NAMES = (
    "aiohttp base64 ctypes httpx marshal os platform requests shutil socket subprocess sys urllib winreg zlib"
)
MEANT = frozenset(_MEANT_NAMES.split())


class Unit:
    """Code that runs together: a module's level, its ``__main__`` part, or one function.

    `qualified` is the dotted name that calls reach it by; `edges` are the targets that it may reach. `borrowed`: it
    stands among the tests or examples, and code that does not stand there calls it.
    """

    __slots__ = ("borrowed", "edges", "imports", "name", "qualified")

    def __init__(self, name: str, qualified: str) -> None:
        self.name = name
        self.qualified = qualified
        self.borrowed = False
        self.edges: set[str] = set()
        self.imports: set[str] = set()


class Scope:
    """One namespace. `undo` holds what names were bound to before the innermost open branch."""

    __slots__ = (
        "args",
        "cls",
        "globals",
        "kind",
        "module",
        "names",
        "parent",
        "prefix",
        "returned",
        "self_name",
        "undo",
    )

    def __init__(self, kind: str, prefix: str, parent: Scope | None = None) -> None:
        self.kind = kind
        self.prefix = prefix
        self.parent = parent
        self.module: Scope = parent.module if parent is not None else self
        self.names: dict[str, Abstract] = {}
        self.undo: list[dict[str, Abstract | None]] = []
        self.globals: set[str] = set()
        self.cls: ClassInfo | None = None
        self.self_name = ""
        self.returned: Abstract | None = None
        self.args: dict[str, Abstract] = {}

    def find(self, name: str) -> Abstract | None:
        """What `name` is bound to, looking outwards as Python does."""
        found = self.names.get(name)
        if found is not None:
            return found
        scope = self.parent
        while scope is not None:
            if scope.kind != "class":
                found = scope.names.get(name)
                if found is not None:
                    return found
            scope = scope.parent
        return None

    def bind(self, name: str, value: Abstract) -> None:
        """Bind `name` here, or in the module where it was declared global."""
        scope = self.module if name in self.globals else self
        if scope.undo and name not in scope.undo[-1]:
            scope.undo[-1][name] = scope.names.get(name)
        scope.names[name] = value


@dataclass(slots=True)
class ClassInfo:
    """An own class: its dotted name, its bases' targets, its methods, and what its attributes hold."""

    qualified: str
    bases: tuple[str, ...] = ()
    methods: set[str] = field(default_factory=set)
    attributes: dict[str, Abstract] = field(default_factory=dict)


#: Classes of one family that are looked at; deep honest ones have some tens.
MAX_FAMILY = 200


def family(
    name: str, classes: Mapping[str, ClassInfo], aliases: Mapping[str, str]
) -> Iterator[tuple[str, ClassInfo | None]]:
    """A class and its bases, nearest first, each once: its name, and what is known of it if it is an own one."""
    waiting, seen = [name], {name}
    while waiting:
        one = waiting.pop()
        cls = classes.get(aliases.get(one, one))
        yield one, cls
        fresh = [base for base in dict.fromkeys(cls.bases if cls is not None else ()) if base not in seen]
        fresh = fresh[: MAX_FAMILY - len(seen)]
        seen.update(fresh)
        waiting += reversed(fresh)


@dataclass(slots=True)
class Pending:
    """A function whose body has not been walked yet, and where it was defined."""

    node: ast.FunctionDef | ast.AsyncFunctionDef
    scope: Scope
    unit: Unit
    cls: ClassInfo | None
    swallowed: bool
    layer: int
    line: int


@dataclass(slots=True)
class LambdaInfo:
    """A lambda, where it was defined, and what its body gave."""

    node: ast.Lambda
    scope: Scope
    result: Abstract


class Record(Struct, eq=False):
    """A fact before its phase is known. `kind`: "call", "literal" or "import"; `line` is in the file itself,
    `own` in the text of its layer; `key` is the ``id`` of its node, as long as the tree lives; `dropped` of a call:
    nothing takes what it gives."""

    kind: str
    target: str
    args: tuple[Abstract, ...]
    keywords: dict[str, Abstract] | None
    unit: Unit
    line: int
    own: int
    col: int
    layer: int
    swallowed: bool
    key: int = 0
    dropped: bool = False


@dataclass(slots=True)
class Layer:
    """A text that was parsed: the file (depth 0) or code that it decodes; lines are split when asked for."""

    text: str
    depth: int
    _lines: list[str] | None = None

    def line(self, number: int) -> str:
        """The line `number` (from 1), with its indentation."""
        if self._lines is None:
            self._lines = self.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        return self._lines[number - 1] if 0 < number <= len(self._lines) else ""
