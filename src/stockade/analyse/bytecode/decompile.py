"""Code objects back to Python text: what they import, bind, call and with which values, in the order of the code.

The text is for our own reader, not for people: branches and loops are kept where the jumps are plain, exceptions'
handlers follow what they guard, long expressions are cut by names like ``_t1``. Names that no Python file could
hold are replaced. Work and text are bounded; `Recovered.cut` says if a bound was hit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from stockade import limits
from stockade.analyse.bytecode.acting import Machine
from stockade.analyse.bytecode.marshalled import Code, Compiled, NotMarshal, compiled, unmarshalled
from stockade.analyse.bytecode.opcodes import VERSIONS
from stockade.analyse.bytecode.spelling import parameters
from stockade.analyse.bytecode.stack import Item

#: Text is indented by one blank; the tokenizer allows 100 levels.
_MAX_INDENT = 60
#: Functions inside functions.
_MAX_INSIDE = 12
#: Blank lines put in so that a function stands near the line that it came from.
_MAX_LINE = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """Python text of a code object; `cut`: part of it was left out. `doubts` counts instructions that made no sense."""

    text: str
    cut: bool
    doubts: int


@dataclass(slots=True)
class Writer:
    """The text as it grows, its indentation and what may still be spent."""

    lines: list[str] = field(default_factory=list)
    headers: list[tuple[int, str]] = field(default_factory=list)
    indent: int = 0
    inside: int = 0
    size: int = 0
    steps: int = 0
    codes: int = 0
    made: int = 0
    doubts: int = 0
    cut: bool = False

    def emit(self, text: str) -> None:
        """Write a statement, and in front of it the headers of the blocks that it is the first one of."""
        for indent, header in self.headers:
            self._line(indent, header)
        self.headers.clear()
        self._line(self.indent, text)

    def _line(self, indent: int, text: str) -> None:
        self.size += len(text) + indent + 1
        if self.size > limits.MAX_SOURCE:
            self.cut = True
        else:
            self.lines.append(" " * indent + text)

    def near(self, line: int) -> None:
        """Put in blank lines, so that what follows stands at `line` or later."""
        if not self.headers and len(self.lines) < line <= _MAX_LINE:
            self.lines += [""] * (line - 1 - len(self.lines))

    def fresh(self) -> str:
        """A name that was not used yet."""
        self.made += 1
        return f"_t{self.made}"

    def define(self, item: Item, name: str) -> None:
        """Write the function or class that an item stands for."""
        code = item.code
        if code is None or self.inside >= _MAX_INSIDE or self.codes >= limits.MAX_CODE_OBJECTS or self.cut:
            self.cut = True
            return
        self.codes += 1
        self.near(code.line)
        if item.kind == "class":
            bases = ", ".join(item.parts or ())
            self.emit(f"class {name}({bases}):" if bases else f"class {name}:")
        else:
            self.emit(f"def {name}({parameters(code, item.parts or ())}):")
        self.indent += 1
        self.inside += 1
        before = len(self.lines)
        Machine(code, item.version, self, level=False).run()
        if len(self.lines) == before:
            self.emit("pass")
        self.inside -= 1
        self.indent -= 1

    @property
    def deep(self) -> bool:
        """Whether no further block may be opened."""
        return self.indent >= _MAX_INDENT


def recovered(found: Compiled) -> Recovered:
    """The text of a code object. Where its version is not told, the one under which it makes most sense."""
    candidates: Iterator[tuple[int, int]]
    if found.version is not None:
        candidates = iter((found.version,))
    else:
        candidates = (one for one in reversed(VERSIONS) if (one >= (3, 11)) is found.code.new)
    best: Recovered | None = None
    for version in candidates:
        writer = Writer()
        Machine(found.code, version, writer, level=True).run()
        one = Recovered(text="\n".join(writer.lines) + "\n", cut=writer.cut, doubts=writer.doubts)
        if best is None or one.doubts < best.doubts:
            best = one
        if not best.doubts:
            break
    assert best is not None
    return best


@lru_cache(maxsize=8)
def code_text(data: bytes) -> Recovered | None:
    """What ``marshal.loads(data)`` would run, as Python text; None where `data` holds no code that can be read.

    `data` is bare marshal data or a whole ``.pyc``. For a further layer: where ``exec`` is given
    ``marshal.loads(constant)``, walk ``code_text(constant).text`` as if it stood there. Never raises.
    """
    try:
        found = compiled(data) if data[2:4] == b"\r\n" else Compiled(_code(unmarshalled(data)), None)
    except NotMarshal:
        return None
    return recovered(found)


def _code(found: object) -> Code:
    if not isinstance(found, Code):
        raise NotMarshal("holds no code")
    return found
