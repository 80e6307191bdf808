"""The stack machine behind decompile.py: instructions in order, values as pieces of Python text.

Jumps are not followed. A forward jump on a condition opens a block that ends at its target; a value that one of two
branches leaves is joined with the other's where they meet. What an instruction finds missing is ``_u``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from stockade import limits
from stockade.analyse.bytecode.marshalled import Code
from stockade.analyse.bytecode.opcodes import instructions
from stockade.analyse.bytecode.spelling import identifier, spelt

#: Longer text, or text in more parentheses, gets a name of its own.
_MAX_TEXT = 4000
_MAX_DEPTH = 30
#: Bytes of a table of handlers; a handler takes some six.
_MAX_HANDLERS = 200_000
#: Names that one value is unpacked to.
MAX_UNPACKED = 256
_NAME = re.compile(r"[^\W\d]\w*")
UNKNOWN_NAME = "_u"


@dataclass(slots=True)
class Item:
    """A value on the stack. `kind`: "" for text, "null", "unknown", "const", "function", "class", "build",
    "import", "from", "enter" or "exit"; `parts` are the elements of a display, a function's defaults, or a class's
    bases."""

    text: str
    depth: int = 0
    kind: str = ""
    const: object = None
    code: Code | None = None
    parts: list[str] | None = None
    version: tuple[int, int] = (3, 11)


class Output(Protocol):
    """What the machine writes to; see decompile.Writer."""

    headers: list[tuple[int, str]]
    indent: int
    size: int
    steps: int
    doubts: int
    cut: bool

    def emit(self, text: str) -> None: ...
    def fresh(self) -> str: ...
    def define(self, item: Item, name: str) -> None: ...
    @property
    def deep(self) -> bool: ...


@dataclass(slots=True)
class _Block:
    """An open block: where it ends, the stack's height below it, and where its branch jumps to at its end."""

    end: int
    height: int
    kind: str
    condition: str = ""
    jump: int = -1
    shown: bool = False


@dataclass(slots=True)
class _Meeting:
    """Two branches meet: the value that the first left, and how it joins the second's."""

    height: int
    join: Callable[[str], str]


@dataclass(slots=True)
class Base:
    """One code object on its way to text."""

    source: Code
    version: tuple[int, int]
    out: Output
    level: bool
    stack: list[Item] = field(default_factory=list)
    blocks: list[_Block] = field(default_factory=list)
    meetings: dict[int, list[_Meeting]] = field(default_factory=dict)
    handlers: dict[int, tuple[int, int]] = field(default_factory=dict)
    keywords: tuple[str, ...] = ()
    at: int = 0
    upcoming: str = ""
    spelled: dict[int, str] = field(default_factory=dict)

    # Values.

    def push(self, text: str, depth: int = 0, kind: str = "", **more: object) -> None:
        """A value; what is long or deep gets a name first."""
        if len(text) > _MAX_TEXT or depth > _MAX_DEPTH:
            name = self.out.fresh()
            self.out.emit(f"{name} = {text}")
            text, depth = name, 0
        self.stack.append(Item(text, depth, kind, version=self.version, **more))  # type: ignore[arg-type]

    def pop(self) -> Item:
        """The topmost value."""
        if self.stack:
            return self.stack.pop()
        self.out.doubts += 1
        return Item(UNKNOWN_NAME, kind="unknown")

    def take(self, count: int) -> list[Item]:
        """The `count` topmost values, the deepest first."""
        if count > len(self.stack):
            self.out.doubts += 1
        count = min(count, len(self.stack))
        taken = self.stack[len(self.stack) - count :]
        del self.stack[len(self.stack) - count :]
        return taken

    def peek(self, place: int) -> Item | None:
        """The value at `place` from the top, which is 1."""
        return self.stack[-place] if 0 < place <= len(self.stack) else None

    def read(self, item: Item) -> str:
        """The text by which an expression uses a value; a function or class is written down first."""
        if item.kind in {"function", "class"} and item.code is not None:
            name = identifier(item.code.name)
            self.out.define(item, name)
            item.kind, item.code, item.parts, item.text = "", None, None, name
        elif item.kind == "import":
            item.text = f"__import__({item.text!r})"
            item.kind = ""
        elif item.kind in {"null", "exit"}:
            return UNKNOWN_NAME
        return item.text

    def named(self, item: Item) -> str:
        """A value's text if it may be written twice, else a name for it."""
        text = self.read(item)
        if text.isidentifier():
            return text
        name = self.out.fresh()
        self.out.emit(f"{name} = {text}")
        return name

    def listed(self, items: Iterable[Item]) -> list[str]:
        """The texts of several values, under a bound."""
        texts = [self.read(item) for item in items]
        if sum(map(len, texts)) > limits.MAX_FOLDED:
            self.out.cut = True
            return []
        return texts

    def display(self, items: list[Item], form: str) -> None:
        """A tuple, list or set of values."""
        texts = self.listed(items)
        depth = max((item.depth for item in items), default=0) + 1
        self.push(displayed(texts, form), depth, parts=texts)

    def bound(self, arg: int, names: tuple[str, ...]) -> str:
        """The name at `arg`, spelt so that Python text can hold it."""
        if 0 <= arg < len(names):
            return identifier(names[arg])
        self.out.doubts += 1
        return UNKNOWN_NAME

    def raw(self, arg: int) -> str:
        """The name at `arg` as it is."""
        names = self.source.names
        return names[arg] if 0 <= arg < len(names) else UNKNOWN_NAME

    def const(self, arg: int) -> object:
        """The constant at `arg`."""
        consts = self.source.consts
        if 0 <= arg < len(consts):
            return consts[arg]
        self.out.doubts += 1
        return ...

    def pay(self, size: int) -> None:
        """Count text that is made, whether it is written or not."""
        self.out.size += size
        self.out.cut = self.out.cut or self.out.size > limits.MAX_SOURCE

    def spell(self, arg: int) -> str:
        """The text of the constant at `arg`, paid for once."""
        text = self.spelled.get(arg)
        if text is None:
            text = spelt(self.const(arg), max(limits.MAX_SOURCE - self.out.size, 0))
            text = f"({text})" if text.startswith("-") else text
            self.pay(len(text) // 2)
            self.spelled[arg] = text
        return text

    # Statements.

    def assign(self, target: str, item: Item) -> None:
        """Bind a value to a name, an attribute or an element."""
        plain = _NAME.fullmatch(target) is not None
        if item.kind in {"function", "class"} and item.code is not None and plain:
            self.out.define(item, target)
        elif item.kind == "import" and plain:
            first = item.text.partition(".")[0]
            tail = "" if target == first and item.const != "as" else f" as {target}"
            self.out.emit(f"import {item.text}{tail}" if item.text else f"{target} = {UNKNOWN_NAME}")
        elif item.kind == "from" and plain:
            name = item.text.rpartition(" ")[2]
            self.out.emit(item.text if name == target else f"{item.text} as {target}")
        elif item.kind == "from":
            name = item.text.rpartition(" ")[2]
            self.out.emit(item.text)
            self.out.emit(f"{target} = {name}")
        elif item.kind != "unknown" and item.text != target:
            self.out.emit(f"{target} = {self.read(item)}")

    def drop(self, item: Item) -> None:
        """Forget a value, but not what was done to get it."""
        if item.kind in {"", "const"} and "(" in item.text and not item.text.startswith(f"{UNKNOWN_NAME}("):
            if item.kind != "const":
                self.out.emit(item.text)
        elif item.kind in {"function", "class"}:
            self.read(item)

    def cut_to(self, height: int) -> None:
        """Drop what lies above `height`."""
        while len(self.stack) > height:
            self.drop(self.stack.pop())

    # Blocks.

    def open(self, kind: str, header: str, end: int, height: int, condition: str = "") -> None:
        """Begin a block whose header is written with its first statement."""
        if self.out.deep:
            if kind == "for":
                self.out.emit(header.removeprefix("for ").removesuffix(":").replace(" in ", " = ", 1))
            return
        self.blocks.append(_Block(end, height, kind, condition))
        self.out.headers.append((self.out.indent, header))
        self.out.indent += 1

    def close(self, at: int) -> None:
        """End the blocks that `at` lies behind."""
        while self.blocks and self.blocks[-1].end <= at:
            self._end(self.blocks.pop())
        for meeting in self.meetings.pop(at, ()):
            if len(self.stack) == meeting.height + 1:
                item = self.stack.pop()
                self.push(meeting.join(self.read(item)), item.depth + 1)

    def _end(self, block: _Block) -> None:
        empty = bool(self.out.headers) and self.out.headers[-1][0] == self.out.indent - 1
        left = len(self.stack) == block.height + 1 and block.kind == "if" and block.jump > block.end
        if left:
            first = self.read(self.stack[-1])
            del self.stack[-1]
            condition = block.condition

            def join(second: str) -> str:
                return f"({first} if {condition} else {second})"

            self.meetings.setdefault(block.jump, []).append(_Meeting(block.height, join))
        elif block.kind in {"if", "for"}:
            self.cut_to(block.height)
        empty = bool(self.out.headers) and self.out.headers[-1][0] == self.out.indent - 1
        self.out.indent -= 1
        if empty:
            self.out.headers.pop()
            if not left and "(" in block.condition:
                self.out.emit(block.condition)
        elif block.kind == "if" and block.jump > block.end and not left:
            self.open("else", "else:", block.jump, block.height)

    def meet(self, target: int, word: str) -> None:
        """``and`` or ``or``: the topmost value stays if the jump is taken, else the next one counts."""
        first = self.read(self.pop())

        def join(second: str) -> str:
            return f"({first} {word} {second})"

        if target > self.at:
            self.meetings.setdefault(target, []).append(_Meeting(len(self.stack), join))
        elif "(" in first:
            self.out.emit(first)

    def branch(self, condition: str, target: int) -> None:
        """Go on if `condition` holds, else at `target`."""
        if target > self.at + 1:
            self.open("if", f"if {condition}:", target, len(self.stack), condition)
        elif "(" in condition:
            self.out.emit(condition)


def constants(item: Item) -> tuple[object, ...]:
    """The elements of a constant tuple, none of anything else."""
    return item.const if isinstance(item.const, tuple) else ()


def displayed(texts: list[str], form: str) -> str:
    """The text of a tuple, list or set."""
    inner = ", ".join(texts)
    if form == "(":
        return f"({inner}{',' if len(texts) == 1 else ''})"
    return f"[{inner}]" if form == "[" else f"{{{inner}}}" if texts else "set()"


def steps(code: Code, version: tuple[int, int]) -> Iterator[tuple[int, str, int]]:
    """The instructions of a code object: where the next one begins, the name, the argument."""
    known = instructions(version)
    body = code.code
    extended = 0
    for place in range(0, len(body) - 1, 2):
        number, arg = body[place], body[place + 1] | extended
        name = known.get(number, "")
        if name == "EXTENDED_ARG":
            extended = (arg << 8) & 0xFFFFFFFF
            continue
        extended = 0
        if number or version < (3, 11):
            yield place // 2 + 1, name, arg


def with_next(listed: Iterator[tuple[int, str, int]]) -> Iterator[tuple[int, str, int, str]]:
    """Each instruction with the name of the next one that does something."""
    held: list[tuple[int, str, int]] = []
    for one in listed:
        held.append(one)
        if one[1] != "NOT_TAKEN" and len(held) > 1:
            yield (*held[0], one[1])
            yield from ((*other, one[1]) for other in held[1:-1])
            held = [one]
    yield from ((*one, "") for one in held)


def handlers(code: Code) -> dict[int, tuple[int, int]]:
    """From 3.11: where each handler begins, the stack's height there, and how many values are put on it."""
    found: dict[int, tuple[int, int]] = {}
    numbers: list[int] = []
    value = 0
    for byte in code.handlers[:_MAX_HANDLERS]:
        value = (value << 6 | byte & 63) & 0xFFFFFFFF
        if not byte & 64:
            numbers.append(value)
            value = 0
    for place in range(0, len(numbers) - 3, 4):
        target, depth = numbers[place + 2], numbers[place + 3]
        found[target] = (depth >> 1, 1 + (depth & 1))
    return found
