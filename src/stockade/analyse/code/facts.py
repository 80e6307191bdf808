"""What Python code says, as facts that detectors ask about. Depend on bytes alone; immutable.

Conventions that `code/` keeps and detectors rely on:

*Targets* are dotted names with aliases resolved: ``import subprocess as s; s.run`` is ``subprocess.run``;
``from os import system as f; f()`` is ``os.system``. Builtins stand bare: ``exec``, ``eval``, ``compile``,
``__import__``, ``open``, ``getattr``. Indirections over foldable names are seen through
(``getattr(os, "sys"+"tem")``, ``__import__("os").system``, ``importlib.import_module("os").system``,
``globals()["exec"]``, ``builtins.exec``, ``__builtins__["exec"]``). A method of an object whose maker is
known is MAKER.method: ``socket.socket().connect(…)`` and ``s = socket.socket(); s.connect(…)`` are both
``socket.socket.connect``; ``requests.Session().post`` is ``requests.Session.post``; ``open(p).read`` is
``open.read``. Where the receiver is not known the target starts with ``?.`` (``?.post``). A subscript on a
resolved name is a call of ``__getitem__`` (``os.environ["X"]`` is ``os.environ.__getitem__`` with one
argument), an assignment to one ``__setitem__``; ``os.getenv`` and ``os.environ.get`` stay themselves.
A package's own functions are named by their module: ``pkg.mod.func``.

*Values* are folded as far as bounded evaluation goes. ``Value.const`` is the constant (str, bytes, int,
float, bool, None, or a tuple/list/dict of them) if ``known``. ``steps`` names what was undone to get it,
innermost first, only for what hides something: ``base64 base32 base16 base85 hex rot13 zlib bz2 lzma gzip
reverse chr xor join replace slice``… (plain concatenation, formatting and ``.encode()`` are no step).
``origins`` are the targets of the calls, reads and parameters that the value depends on, through local
assignments, f-strings, containers and method chains: ``exec(requests.get(u).text)`` has an argument with
origins {"requests.get"}; reading ``os.environ`` gives "os.environ"; parameter p of the enclosing
function gives "param:p"; ``open(path)`` gives "open".

*Layers*: ``exec``/``eval``/``compile`` of a folded constant is parsed again; its facts carry
``where.layer`` + 1 and the phase of the call.

*Phases*: module level of setup.py (and of an in-tree build backend) and all that it reaches inside the
artifact is INSTALL; of sitecustomize/usercustomize and what a .pth imports STARTUP; of any other module
that would be installed IMPORT; ``if __name__ == "__main__"`` and functions named by console scripts or
auto-loading plugin groups ENTRY; the rest, and all of tests/, docs/, examples/ in an sdist, CALL.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from msgspec import Struct, field

from stockade.model.evidence import Location, Phase

#: str | bytes | int | float | bool | None | tuple | list | dict of these
Constant = Any


# What there are hundreds of thousands of is a Struct, which is made in a fraction of a frozen dataclass's time.


class Value(Struct, frozen=True):
    """What is known of an expression's value; see the module's docstring."""

    known: bool = False
    const: Constant = None
    steps: tuple[str, ...] = ()
    origins: frozenset[str] = frozenset()

    @property
    def text(self) -> str:
        """The constant as text: a str as it is, bytes as latin-1, "" for all else."""
        if isinstance(self.const, str):
            return self.const
        if isinstance(self.const, bytes):
            return self.const.decode("latin-1")
        return ""


class Call(Struct, frozen=True, kw_only=True):
    """A call (or subscript on a resolved name). `scope` is the enclosing qualified name, "" at module level.

    `swallowed`: it stands in a ``try`` whose handler does nothing. `excerpt`: the source line, stripped. `borrowed`:
    it stands among tests or examples, and code that does not stand there calls it. `dropped`: nothing takes what it
    gives.
    """

    target: str
    args: tuple[Value, ...]
    keywords: Mapping[str, Value] = field(default_factory=dict)
    phase: Phase
    where: Location
    scope: str = ""
    swallowed: bool = False
    excerpt: str = ""
    borrowed: bool = False
    dropped: bool = False

    def arg(self, position: int, *names: str) -> Value:
        """The argument at `position` or under one of the keyword `names`; an unknown Value if absent."""
        for name in names:
            if name in self.keywords:
                return self.keywords[name]
        return self.args[position] if 0 <= position < len(self.args) else Value()

    @property
    def values(self) -> tuple[Value, ...]:
        """All arguments, positional and by keyword."""
        return (*self.args, *self.keywords.values())

    @property
    def origins(self) -> frozenset[str]:
        """Union of the origins of all arguments."""
        return frozenset().union(*(value.origins for value in self.values)) if self.values else frozenset()


class Literal(Struct, frozen=True, kw_only=True):
    """A string or bytes constant, as written or as folded (`value.steps` says what was undone).

    Docstrings are no literals, but for those of functions that a decorator offers to an agent as tools. Text
    shorter than 4 characters is left out. `borrowed` as for Call.
    """

    value: Value
    phase: Phase
    where: Location
    scope: str = ""
    excerpt: str = ""
    borrowed: bool = False

    @property
    def text(self) -> str:
        """The literal as text."""
        return self.value.text


class Import(Struct, frozen=True, kw_only=True):
    """``import a.b`` or ``from a import b`` (module ``a``, names ``("b",)``); relative ones are resolved."""

    module: str
    names: tuple[str, ...] = ()
    phase: Phase
    where: Location


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """One parsed Python file with its facts in source order (layers included), for chain detectors.

    `name` is the dotted module name it would have when installed ("" for setup.py and scripts);
    `phase` is that of its module level; `path` its member path as shown.
    """

    path: str
    name: str
    phase: Phase
    calls: tuple[Call, ...]
    literals: tuple[Literal, ...]
    imports: tuple[Import, ...]
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """All parsed modules of an artifact, for detectors that need several files at once."""

    modules: tuple[Module, ...]
    project: str
    version: str
