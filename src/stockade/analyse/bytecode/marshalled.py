"""marshal data and compiled Python files, read as data by a reader of our own and never loaded.

`compiled` reads a ``.pyc``, `unmarshalled` bare marshal data; decompile.py turns the code in either into Python
text, which the rest of the analyser reads like any other source. The format is
CPython's ``marshal.c``, versions 0 to 5, and code objects of 3.6 to 3.14.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from stockade import limits
from stockade.analyse.bytecode.opcodes import version_of

#: The size of a compiled file's header since 3.7 (PEP 552), and the end of its magic number.
_HEADER = 16
_MAGIC_END = b"\r\n"
_FLAG_REF = 0x80
#: Digits of a long integer are of 15 bits; more of them than this are no number that code computes with.
_MAX_DIGITS = 4096
_ASCII = frozenset(b"aAzZ")
_SHORT = frozenset(b"zZ)")
#: Types whose value needs no further bytes.
_FIXED = {b"N"[0]: None, b"F"[0]: False, b"T"[0]: True, b"."[0]: ..., b"S"[0]: StopIteration}


class NotMarshal(Exception):
    """The bytes are no marshal data, or of a version that is not known, or a bound was hit."""


@dataclass(frozen=True, slots=True)
class Bag:
    """A set, frozenset, dict or slice. Not built as one: members of a hostile set can be made to collide."""

    kind: str
    items: tuple[object, ...]


@dataclass(slots=True)
class Code:
    """A code object. `names` are those that instructions look up, `variables` its locals, cells and free names
    by the index that instructions use; `cells` those by the index of a version before 3.11."""

    arguments: int
    keyword_only: int
    flags: int
    code: bytes
    consts: tuple[object, ...]
    names: tuple[str, ...]
    variables: tuple[str, ...]
    cells: tuple[str, ...]
    name: str
    line: int
    handlers: bytes = b""
    new: bool = False


@dataclass(frozen=True, slots=True)
class Compiled:
    """What a compiled file holds. `version` None where only its layout is known."""

    code: Code
    version: tuple[int, int] | None


@dataclass(slots=True)
class _Reader:
    """One pass over marshal data, for one layout of code objects: "3.11", "3.8" or "3.6"."""

    data: bytes
    layout: str
    at: int = 0
    refs: list[object] = field(default_factory=list)
    objects: int = 0
    depth: int = 0

    def take(self, count: int) -> bytes:
        """The next `count` bytes."""
        end = self.at + count
        if count < 0 or end > len(self.data):
            raise NotMarshal("ends in the middle of a value")
        part = self.data[self.at : end]
        self.at = end
        return part

    def long(self) -> int:
        """A signed 32-bit number."""
        number: int = struct.unpack("<l", self.take(4))[0]
        return number

    def value(self) -> object:
        """The next object."""
        self.objects += 1
        if self.objects > limits.MAX_MARSHALLED or self.depth > limits.MAX_MARSHAL_DEPTH:
            raise NotMarshal("holds more objects, or deeper ones, than are read")
        byte = self.take(1)[0]
        place = -1
        if byte & _FLAG_REF:
            place = len(self.refs)
            self.refs.append(NotMarshal)
        byte &= ~_FLAG_REF
        found: object
        if byte in _FIXED:
            found = _FIXED[byte]
        else:
            reader = _READERS.get(byte)
            if reader is None:
                raise NotMarshal(f"holds a value of an unknown type ({byte:#04x})")
            self.depth += 1
            found = reader(self, byte)
            self.depth -= 1
        if place >= 0:
            self.refs[place] = found
        return found

    def sized(self, byte: int) -> int:
        """A length, of one byte or four."""
        return self.take(1)[0] if byte in _SHORT else self.long()

    def number(self, byte: int) -> object:
        """An int of 32 or 64 bits, or of any size."""
        if byte == b"i"[0]:
            return self.long()
        if byte == b"I"[0]:
            return struct.unpack("<q", self.take(8))[0]
        count = self.long()
        digits = self.take(2 * abs(count))
        if abs(count) > _MAX_DIGITS:
            return 0
        whole = 0
        for digit in reversed(struct.unpack(f"<{abs(count)}H", digits)):
            whole = whole << 15 | digit & 0x7FFF
        return -whole if count < 0 else whole

    def real(self, byte: int) -> object:
        """A float or a complex number, as text or as eight bytes."""
        parts = [self._real(byte) for _ in range(2 if byte in b"xy" else 1)]
        return complex(*parts) if len(parts) == 2 else parts[0]

    def _real(self, byte: int) -> float:
        if byte in b"gy":
            number: float = struct.unpack("<d", self.take(8))[0]
            return number
        try:
            return float(self.take(self.take(1)[0]))
        except ValueError:
            raise NotMarshal("holds a number that is none") from None

    def text(self, byte: int) -> object:
        """bytes, or str in one of its forms."""
        part = self.take(self.sized(byte))
        if byte == b"s"[0]:
            return part
        return part.decode("latin-1") if byte in _ASCII else part.decode("utf-8", "surrogatepass")

    def several(self, byte: int) -> object:
        """A tuple, list, set, frozenset or slice."""
        count = 3 if byte == b":"[0] else self.sized(byte)
        if not 0 <= count <= len(self.data) - self.at:
            raise NotMarshal("holds a container that is longer than the data")
        items = tuple([self.value() for _ in range(count)])
        if byte in b"()":
            return items
        return list(items) if byte == b"["[0] else Bag("slice" if byte == b":"[0] else "set", items)

    def pairs(self, byte: int) -> object:
        """A dict, which ends at a null."""
        items: list[object] = []
        while self.at < len(self.data) and self.data[self.at] & ~_FLAG_REF != b"0"[0]:
            items += [self.value(), self.value()]
        self.take(1)
        return Bag("dict", tuple(items))

    def reference(self, byte: int) -> object:
        """An object that was read before."""
        place = self.long()
        if not 0 <= place < len(self.refs) or self.refs[place] is NotMarshal:
            raise NotMarshal("refers to a value that is not there")
        return self.refs[place]

    def code(self, byte: int) -> object:
        """A code object."""
        arguments = self.long()
        if self.layout != "3.6":
            self.long()
        keyword_only = self.long()
        if self.layout != "3.11":
            self.long()
        self.long()
        flags, body, consts, names = self.long(), self.value(), self.value(), self._names()
        variables = self._names()
        handlers: object = b""
        cells: tuple[str, ...] = ()
        if self.layout == "3.11":
            self.value()
        else:
            free = self._names()
            cells = (*self._names(), *free)
        self.value()
        name = self.value()
        if self.layout == "3.11":
            self.value()
        line = self.long()
        self.value()
        if self.layout == "3.11":
            handlers = self.value()
        if not (isinstance(body, bytes) and isinstance(consts, tuple) and isinstance(name, str)):
            raise NotMarshal("holds a code object of another form")
        return Code(
            arguments=min(max(arguments, 0), len(variables)),
            keyword_only=min(max(keyword_only, 0), len(variables)),
            flags=flags,
            code=body,
            consts=consts,
            names=names,
            variables=variables,
            cells=cells,
            name=name,
            line=line,
            handlers=handlers if isinstance(handlers, bytes) else b"",
            new=self.layout == "3.11",
        )

    def _names(self) -> tuple[str, ...]:
        found = self.value()
        names = tuple(one for one in found if isinstance(one, str)) if isinstance(found, tuple) else None
        if names is None or names != found:
            raise NotMarshal("holds a code object of another form")
        return names


_READERS: dict[int, Callable[[_Reader, int], object]] = {
    **dict.fromkeys(b"iIl", _Reader.number),
    **dict.fromkeys(b"fgxy", _Reader.real),
    **dict.fromkeys(b"stuaAzZ", _Reader.text),
    **dict.fromkeys(b"()[<>:", _Reader.several),
    b"{"[0]: _Reader.pairs,
    b"r"[0]: _Reader.reference,
    b"c"[0]: _Reader.code,
}


def unmarshalled(data: bytes, layout: str = "") -> object:
    """The object that marshal data holds: constants, tuples, lists, `Bag` and `Code`; what follows it is ignored.

    `layout` is that of code objects ("3.11", "3.8", "3.6"), by default the first that fits. Raises NotMarshal.
    """
    why = NotMarshal("is empty")
    for one in (layout,) if layout else ("3.11", "3.8", "3.6"):
        try:
            return _Reader(data, one).value()
        except NotMarshal as failed:
            why = failed
        except (struct.error, UnicodeDecodeError, RecursionError, OverflowError):
            why = NotMarshal("holds a value that cannot be read")
    raise why


def compiled(data: bytes) -> Compiled:
    """The code of a compiled file (``.pyc``, PEP 552). Raises NotMarshal, also for versions that are not known."""
    if len(data) < _HEADER or data[2:4] != _MAGIC_END:
        raise NotMarshal("does not begin as a compiled file")
    version = version_of(struct.unpack_from("<H", data)[0])
    if version is None:
        raise NotMarshal("is compiled for a Python that is not known here")
    layout = "3.11" if version >= (3, 11) else "3.8" if version >= (3, 8) else "3.6"
    found = unmarshalled(data[_HEADER if version >= (3, 7) else 12 :], layout)
    if not isinstance(found, Code):
        raise NotMarshal("holds no code")
    return Compiled(found, version)


def codes(code: Code) -> Iterator[Code]:
    """`code` and all code objects in its constants, each once."""
    waiting: list[object] = [code]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, Code):
            yield one
            waiting += one.consts
        elif isinstance(one, (tuple, list)):
            waiting += one


def names(code: Code) -> frozenset[str]:
    """Every name that `code` and the code inside it look up or bind."""
    found: set[str] = set()
    for one in codes(code):
        found.update(one.names, one.variables, one.cells)
    return frozenset(found)


def texts(code: Code) -> Iterator[str]:
    """The string constants of `code` and of the code inside it."""
    for one in codes(code):
        for const in one.consts:
            for text in const if isinstance(const, (tuple, list)) else (const,):
                if isinstance(text, str):
                    yield text
