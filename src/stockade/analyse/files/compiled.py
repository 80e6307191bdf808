"""Compiled Python files: what they hold, as text for the rest of the analyser, and whether their source is there.

A file in ``__pycache__`` is used where its source lies beside the folder; one beside the other modules is imported
by itself (PEP 3147).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from stockade import limits
from stockade.analyse.bytecode.decompile import Recovered, recovered
from stockade.analyse.bytecode.marshalled import Code, NotMarshal, compiled, names, texts
from stockade.analyse.bytecode.opcodes import version_of
from stockade.model.artifact import Member
from stockade.model.evidence import Location, Phase

_ENDINGS = (".pyc", ".pyo")
_CACHE = "__pycache__/"
#: Tests rewritten by pytest have names in them that no source holds.
_REWRITTEN = "-pytest-"
_WORD = re.compile(r"\w+")
#: A string or comment; the prefix of a string is its first group.
_ASIDE = re.compile(
    r"""(?<!\w)([A-Za-z]{0,2})(?:\"{3}.*?\"{3}|'{3}.*?'{3}|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|#[^\n]*""",
    re.DOTALL,
)
#: The host in an address.
_HOST = re.compile(r"://([\w.-]{4,})")
#: Names that compilers put in.
_MADE_NAMES = (
    "__module__ __qualname__ __name__ __doc__ __annotations__ __class__ __classcell__ __classdict__ __annotate__"
    " __static_attributes__ __firstlineno__ __conditional_annotations__ __build_class__ __annotate_func__"
    " AssertionError __debuggerskip__ __path__ __file__ __all__ __init__ format"
)
_MADE = frozenset(_MADE_NAMES.split())
_MANGLED = re.compile(r"_\w*?(__\w+)")


class State(StrEnum):
    """How a compiled file stands to its source."""

    ALONE = "alone"
    SAME = "same"
    DIFFERS = "differs"
    BROKEN = "broken"
    RENAMED = "renamed"


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledFile:
    """One compiled file. `odd`: the names and hosts that its source does not have, or why it cannot be read.

    `phase` is that of its module level; `imported`: import finds it by itself, without a source.
    """

    state: State
    odd: tuple[str, ...] = ()
    where: Location
    phase: Phase
    imported: bool


def source_path(path: str) -> str:
    """Where the source of the compiled file at `path` would lie; "" if `path` is not named like one."""
    if not path.endswith(_ENDINGS):
        return ""
    folder, _, name = path.rpartition("/")
    stem = name.rpartition(".")[0]
    if f"{folder}/".endswith(_CACHE):
        folder, stem = folder[: -len(_CACHE) + 1].rstrip("/"), stem.partition(".")[0]
    return f"{folder}/{stem}.py" if folder else f"{stem}.py"


def is_compiled(path: str, data: bytes) -> bool:
    """Whether a file is, or is named like, compiled Python."""
    if path.endswith(_ENDINGS):
        return True
    return data[2:4] == b"\r\n" and len(data) > 20 and data[3:4] != data[4:5] and _plausible(data)


def _plausible(data: bytes) -> bool:
    magic, flags = int.from_bytes(data[:2], "little"), int.from_bytes(data[4:8], "little")
    return version_of(magic) is not None and flags <= 3 and data[16] & 0x7F == ord("c")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a compiled file gave: its text, or why there is none; `known` says that its version can be read."""

    text: Recovered | None = None
    why: str = ""
    known: bool = True


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of a source: those outside of its strings and comments, and all of them."""

    code: frozenset[str]
    all: frozenset[str]


class CompiledFiles:
    """The compiled files of one artifact, and the words of those sources that have one."""

    def __init__(self, paths: Iterable[str]) -> None:
        listed = list(paths)
        sources = {source_path(path) for path in listed} - {""}
        self._sources = sources.intersection(listed)
        self._words: dict[str, _Words] = {}
        self._waiting: list[tuple[Member, bytes, Phase]] = []
        self._held = 0
        self._facts: list[CompiledFile] = []

    def source(self, path: str, data: bytes) -> None:
        """Note the words of a source, if it has a compiled file."""
        if path in self._sources:
            text = data[: limits.MAX_SOURCE].decode("utf-8", "replace")
            bare = _ASIDE.sub(_formatted, text)
            self._words[path] = _Words(frozenset(_WORD.findall(bare)), frozenset(_WORD.findall(text)))

    def look(self, member: Member, data: bytes, phase: Phase) -> Look:
        """Read one compiled file, which `is_compiled`. One that says what its source says has no text of its own;
        one whose source is still to come is put off to `rest`."""
        origin = "" if member.nested else source_path(member.path)
        if origin in self._sources and origin not in self._words and self._held < limits.MAX_HELD:
            self._waiting.append((member, data, phase))
            self._held += len(data)
            return Look()
        return self._read(member, data, phase, origin)

    def rest(self) -> Iterator[tuple[Member, Look]]:
        """The files that were put off, when all sources were seen."""
        for member, data, phase in self._waiting:
            yield member, self._read(member, data, phase, source_path(member.path))
        self._waiting.clear()

    def facts(self) -> list[CompiledFile]:
        """A fact for each file that was read."""
        return self._facts

    def _read(self, member: Member, data: bytes, phase: Phase, origin: str) -> Look:
        if not data:
            return Look()
        try:
            found = compiled(data)
        except NotMarshal as why:
            known = data[2:4] != b"\r\n" or version_of(int.from_bytes(data[:2], "little")) is not None
            if known and member.path.endswith(_ENDINGS):
                self._note(member, phase, State.BROKEN, (str(why),))
            return Look(why=str(why), known=known)
        words = self._words.get(origin)
        odd: tuple[str, ...] = ()
        if not source_path(member.path):
            state = State.RENAMED
        elif words is None:
            state = State.ALONE
        else:
            odd = () if _REWRITTEN in member.path else tuple(sorted(_foreign(found.code, words)))
            state = State.DIFFERS if odd else State.SAME
        self._note(member, phase, state, odd)
        return Look() if state is State.SAME else Look(text=recovered(found))

    def _note(self, member: Member, phase: Phase, state: State, odd: tuple[str, ...]) -> None:
        imported = not member.nested and _CACHE not in member.path and bool(source_path(member.path))
        where = Location(file=member.shown)
        self._facts.append(CompiledFile(state=state, odd=odd, where=where, phase=phase, imported=imported))


def _formatted(found: re.Match[str]) -> str:
    """What a source's string or comment counts for: an f-string holds code, the others hold none."""
    return found[0] if "f" in (found[1] or "").lower() else " "


def _foreign(code: Code, words: _Words) -> Iterator[str]:
    """Names that code looks up or binds and the source has not, and hosts that only the code names."""
    for name in {part for dotted in names(code) for part in dotted.split(".")} - _MADE:
        plain = _MANGLED.sub(r"\1", name) if name.startswith("_") else name
        if plain not in words.code and plain.isidentifier():
            yield plain
    for text in texts(code):
        if "://" in text and len(text) <= limits.MAX_FOLDED:
            yield from (
                host for host in _HOST.findall(text)[:64] if not words.all.issuperset(_WORD.findall(host))
            )
