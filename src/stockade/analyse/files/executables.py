"""ELF, PE and Mach-O files: sections, libraries, and the symbols that are imported and exported.

Read with struct under bounds, as far as the loader of the format would find things; what does not fit is left out.
Formats: System V gABI chapters 4 and 5; Microsoft's PE and COFF specification; Apple's ``mach-o/loader.h``.
"""

from __future__ import annotations

import math
import struct
from collections import Counter
from dataclasses import dataclass, field

from stockade import limits

_MAX_SECTIONS = 128
_MAX_NAME = 256
_MAX_LIBRARIES = 256
#: Bytes of a section whose entropy is measured.
_SAMPLE = 1 << 16
_DYNSYM, _DYNAMIC, _NOBITS = 11, 6, 8
_EXECUTABLE_ELF, _EXECUTABLE_PE = 0x4, 0x2000_0000
_LC_SYMTAB, _LC_DYLIBS = 0x2, frozenset({0xC, 0x8000_0018, 0x8000_001F})


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the file. `entropy` in bits a byte, 0 for what holds no code."""

    name: str
    size: int
    code: bool
    entropy: float = 0.0


@dataclass(slots=True)
class Executable:
    """What the headers say. `managed`: code for .NET, whose imports are elsewhere."""

    form: str
    sections: list[Section] = field(default_factory=list)
    libraries: list[str] = field(default_factory=list)
    imports: set[str] = field(default_factory=set)
    exports: set[str] = field(default_factory=set)
    library: bool = False
    managed: bool = False
    end: int = 0


def read_executable(data: bytes) -> Executable | None:
    """The headers of an ELF, PE or Mach-O file; None where `data` is neither. Never raises on hostile bytes."""
    try:
        if data.startswith(b"\x7fELF"):
            return _elf(data)
        if data.startswith(b"MZ"):
            return _pe(data)
        if data[:4] in {b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe"}:
            return _macho(data, 0)
        if data[:4] == b"\xca\xfe\xba\xbe" and int.from_bytes(data[4:8], "big") < 40:
            return _macho(data, struct.unpack_from(">L", data, 16)[0])
    except (struct.error, IndexError, OverflowError):
        return Executable("damaged")
    return None


def entropy(data: bytes) -> float:
    """Shannon entropy of `data` in bits a byte."""
    total = len(data)
    return (
        -sum(count / total * math.log2(count / total) for count in Counter(data).values()) if total else 0.0
    )


def _text(data: bytes, at: int) -> str:
    end = data.find(b"\0", at, at + _MAX_NAME)
    return data[at : end if end >= 0 else at + _MAX_NAME].decode("latin-1") if 0 <= at < len(data) else ""


def _code(data: bytes, start: int, size: int) -> float:
    return entropy(data[start : start + min(size, _SAMPLE)])


def _elf(data: bytes) -> Executable:
    wide, order = data[4] == 2, "<" if data[5] == 1 else ">"
    found = Executable("elf", library=struct.unpack_from(f"{order}H", data, 16)[0] == 3)
    form = f"{order}QQQ" if wide else f"{order}LLL"
    _, _, table = struct.unpack_from(form, data, 24)
    size, count, names = struct.unpack_from(f"{order}HHH", data, 58 if wide else 46)
    rows = []
    for number in range(min(count, _MAX_SECTIONS)):
        row = struct.unpack_from(f"{order}LLQQQQLLQQ" if wide else f"{order}10L", data, table + number * size)
        rows.append(row)
    base = rows[names][4] if names < len(rows) else 0
    for name, kind, flags, _, start, length, link, *_rest in rows:
        code = bool(flags & _EXECUTABLE_ELF) and kind != _NOBITS
        rate = _code(data, start, length) if code else 0.0
        found.sections.append(Section(_text(data, base + name), length, code, rate))
        if kind != _NOBITS:
            found.end = max(found.end, start + length)
        strings = rows[link][4] if link < len(rows) else 0
        if kind == _DYNSYM and not found.imports and not found.exports:
            _elf_symbols(data, found, (start, length, strings), order, wide=wide)
        elif kind == _DYNAMIC and not found.libraries:
            _elf_libraries(data, found, (start, length, strings), order, wide=wide)
    found.end = max(found.end, table + size * count)
    return found


def _elf_symbols(
    data: bytes, found: Executable, place: tuple[int, int, int], order: str, *, wide: bool
) -> None:
    start, length, strings = place
    step = 24 if wide else 16
    for number in range(1, min(length // step, limits.MAX_SYMBOLS)):
        at = start + number * step
        name = struct.unpack_from(f"{order}L", data, at)[0]
        section = struct.unpack_from(f"{order}H", data, at + (6 if wide else 14))[0]
        (found.exports if section else found.imports).add(_text(data, strings + name))


def _elf_libraries(
    data: bytes, found: Executable, place: tuple[int, int, int], order: str, *, wide: bool
) -> None:
    start, length, strings = place
    step = 16 if wide else 8
    for number in range(min(length // step, 4 * _MAX_LIBRARIES)):
        tag, value = struct.unpack_from(f"{order}QQ" if wide else f"{order}LL", data, start + number * step)
        if tag == 1 and len(found.libraries) < _MAX_LIBRARIES:
            found.libraries.append(_text(data, strings + value))


@dataclass(slots=True)
class _Image:
    """A PE file's sections: where in the file an address of the image lies."""

    data: bytes
    rows: list[tuple[int, int, int, int]] = field(default_factory=list)

    def at(self, address: int) -> int:
        """The place in the file, -1 for none."""
        for virtual, size, start, length in self.rows:
            if virtual <= address < virtual + max(size, length):
                return start + address - virtual
        return -1

    def text(self, address: int) -> str:
        """The string at an address."""
        return _text(self.data, self.at(address))


def _pe(data: bytes) -> Executable | None:
    (header,) = struct.unpack_from("<L", data, 0x3C)
    if data[header : header + 4] != b"PE\0\0":
        return None
    sections, _, _, _, optional, flags = struct.unpack_from("<HLLLHH", data, header + 6)
    start = header + 24
    wide = struct.unpack_from("<H", data, start)[0] == 0x20B
    found = Executable("pe", library=bool(flags & 0x2000))
    image = _Image(data)
    for number in range(min(sections, _MAX_SECTIONS)):
        at = start + optional + 40 * number
        name = data[at : at + 8].rstrip(b"\0").decode("latin-1")
        size, virtual, length, place = struct.unpack_from("<LLLL", data, at + 8)
        code = bool(struct.unpack_from("<L", data, at + 36)[0] & _EXECUTABLE_PE)
        image.rows.append((virtual, size, place, length))
        rate = _code(data, place, length) if code else 0.0
        found.sections.append(Section(name, length, code, rate))
        found.end = max(found.end, place + length)
    tables = start + (112 if wide else 96)
    (count,) = struct.unpack_from("<L", data, tables - 4)
    directories = [
        struct.unpack_from("<LL", data, tables + 8 * number)[0] for number in range(min(count, 16))
    ]
    directories += [0] * (16 - len(directories))
    found.managed = bool(directories[14])
    if directories[1]:
        _pe_imports(image, found, directories[1], wide=wide, delayed=False)
    if directories[13]:
        _pe_imports(image, found, directories[13], wide=wide, delayed=True)
    if directories[0]:
        _pe_exports(image, found, directories[0])
    return found


def _pe_imports(image: _Image, found: Executable, address: int, *, wide: bool, delayed: bool) -> None:
    place, left = image.at(address), limits.MAX_SYMBOLS
    for number in range(_MAX_LIBRARIES):
        if place < 0:
            return
        if delayed:
            _, name, _, _, names = struct.unpack_from("<LLLLL", image.data, place + 32 * number)
        else:
            names, _, _, name, table = struct.unpack_from("<LLLLL", image.data, place + 20 * number)
            names = names or table
        if not name:
            return
        found.libraries.append(image.text(name))
        start, step = image.at(names), 8 if wide else 4
        while start >= 0 and left > 0:
            left -= 1
            (entry,) = struct.unpack_from("<Q" if wide else "<L", image.data, start)
            start += step
            if not entry:
                break
            if not entry >> (63 if wide else 31):
                found.imports.add(image.text((entry & 0x7FFF_FFFF) + 2))
            else:
                found.imports.add(f"#{entry & 0xFFFF}")


def _pe_exports(image: _Image, found: Executable, address: int) -> None:
    place = image.at(address)
    if place < 0:
        return
    (count,) = struct.unpack_from("<L", image.data, place + 24)
    (table,) = struct.unpack_from("<L", image.data, place + 32)
    start = image.at(table)
    for number in range(min(count, limits.MAX_SYMBOLS) if start >= 0 else 0):
        found.exports.add(image.text(struct.unpack_from("<L", image.data, start + 4 * number)[0]))


def _macho(data: bytes, base: int) -> Executable:
    wide = data[base : base + 4] == b"\xcf\xfa\xed\xfe"
    kind, count = struct.unpack_from("<LL", data, base + 12)
    found = Executable("mach-o", library=kind in {6, 8})
    at = base + (32 if wide else 28)
    for _ in range(min(count, _MAX_SECTIONS)):
        command, size = struct.unpack_from("<LL", data, at)
        if command in _LC_DYLIBS:
            found.libraries.append(_text(data, at + struct.unpack_from("<L", data, at + 8)[0]))
        elif command == _LC_SYMTAB and not found.imports and not found.exports:
            symbols, number, strings, length = struct.unpack_from("<LLLL", data, at + 8)
            found.end = max(found.end, base + strings + length)
            for one in range(min(number, limits.MAX_SYMBOLS)):
                entry = base + symbols + one * (16 if wide else 12)
                name, sort = struct.unpack_from("<LB", data, entry)
                text = _text(data, base + strings + name).removeprefix("_")
                if sort & 1 and not sort & 0xE0:
                    (found.exports if sort & 0xE else found.imports).add(text)
        if size < 8:
            break
        at += size
    return found
