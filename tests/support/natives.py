"""Native files made for tests: headers and strings only, nothing in them could run."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence


def elf(
    *,
    imports: Sequence[str] = (),
    exports: Sequence[str] = (),
    libraries: Sequence[str] = (),
    strings: bytes = b"",
    code: bytes = b"\xc3",
    text: str = ".text",
) -> bytes:
    """A 64-bit ELF shared library with a table of dynamic symbols, a section of code and one of strings."""
    names = b"\0"
    symbols = bytes(24)
    for section, listed in ((0, imports), (1, exports)):
        for name in listed:
            symbols += struct.pack("<LBBHQQ", len(names), 0x12, 0, section, 0, 0)
            names += name.encode() + b"\0"
    dynamic = b""
    for name in libraries:
        dynamic += struct.pack("<QQ", 1, len(names))
        names += name.encode() + b"\0"
    parts = [
        (text, 1, 6, code, 0),
        (".rodata", 1, 2, strings, 0),
        (".dynstr", 3, 2, names, 0),
        (".dynsym", 11, 2, symbols, 3),
        (".dynamic", 6, 2, dynamic + bytes(16), 3),
    ]
    titles = b"\0"
    rows = [bytes(64)]
    body = b""
    for title, kind, flags, data, link in parts:
        rows.append(
            struct.pack("<LLQQQQLLQQ", len(titles), kind, flags, 0, 64 + len(body), len(data), link, 0, 1, 0)
        )
        titles += title.encode() + b"\0"
        body += data
    rows.append(struct.pack("<LLQQQQLLQQ", 0, 3, 0, 0, 64 + len(body), len(titles), 0, 0, 1, 0))
    body += titles
    head = b"\x7fELF\x02\x01\x01" + bytes(9)
    head += struct.pack(
        "<HHLQQQLHHHHHH", 3, 62, 1, 0, 0, 64 + len(body), 0, 64, 0, 0, 64, len(rows), len(rows) - 1
    )
    return head + body + b"".join(rows)


def pe(
    imports: Mapping[str, Sequence[str]],
    *,
    exports: Sequence[str] = (),
    strings: bytes = b"",
    section: str = ".text",
    library: bool = True,
) -> bytes:
    """A 64-bit PE file with one section that holds its imports, exports and strings, at the address 0x1000."""
    base = 0x1000
    body = bytearray(20 * (len(imports) + 1))
    for number, (name, functions) in enumerate(imports.items()):
        at = len(body)
        body += name.encode() + b"\0"
        hints = []
        for function in functions:
            hints.append(base + len(body))
            body += b"\0\0" + function.encode() + b"\0"
        table = len(body)
        body += b"".join(struct.pack("<Q", hint) for hint in hints) + bytes(8)
        struct.pack_into("<LLLLL", body, 20 * number, base + table, 0, 0, base + at, base + table)
    places = []
    for name in exports:
        places.append(base + len(body))
        body += name.encode() + b"\0"
    pointers = len(body)
    body += b"".join(struct.pack("<L", place) for place in places)
    directory = len(body)
    body += struct.pack("<LLHHLLLLLLL", 0, 0, 0, 0, 0, 1, 0, len(places), 0, base + pointers, 0)
    body += strings
    optional = struct.pack("<H", 0x20B) + bytes(106) + struct.pack("<L", 16)
    optional += struct.pack("<LL", base + directory if exports else 0, 40)
    optional += struct.pack("<LL", base if imports else 0, 40) + bytes(8 * 14)
    flags = 0x2022 if library else 0x22
    head = b"MZ" + bytes(58) + struct.pack("<L", 64) + b"PE\0\0"
    head += struct.pack("<HHLLLHH", 0x8664, 1, 0, 0, 0, len(optional), flags) + optional
    row = section.encode().ljust(8, b"\0")
    head += row + struct.pack("<LLLL", len(body), base, len(body), len(head) + 40) + bytes(12)
    return head + struct.pack("<L", 0x6000_0020) + bytes(body)


def macho(
    *, imports: Sequence[str] = (), exports: Sequence[str] = (), libraries: Sequence[str] = ()
) -> bytes:
    """A 64-bit Mach-O bundle with a table of symbols and the libraries that it loads."""
    names = b"\0"
    symbols = b""
    for sort, listed in ((1, imports), (0xF, exports)):
        for name in listed:
            symbols += struct.pack("<LBBHQ", len(names), sort, 0, 0, 0)
            names += b"_" + name.encode() + b"\0"
    commands = b""
    for name in libraries:
        padded = name.encode() + b"\0" * (8 - len(name) % 8)
        commands += struct.pack("<LLLLLL", 0xC, 24 + len(padded), 24, 0, 0, 0) + padded
    start = 32 + len(commands) + 24
    count = len(imports) + len(exports)
    commands += struct.pack("<LLLLLL", 2, 24, start, count, start + len(symbols), len(names))
    head = struct.pack("<LLLLLLLL", 0xFEED_FACF, 0x0100_0007, 3, 8, len(libraries) + 1, len(commands), 0, 0)
    return head + commands + symbols + names
