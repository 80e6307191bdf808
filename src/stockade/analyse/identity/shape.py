"""The shape of a Python file: what stays of it when formatting, comments and docstrings are taken away, as hashes.

A file is cut into pieces: each outermost function or method, and what stands between them (imports, constants, class
headers, decorators). Each piece is normalised and hashed to eight bytes. It is done on the text, not on the tree: every
file is looked at, those of Python 2 and broken ones too, at some 90 MB/s.

Normalised away: white space, line joining, comments, docstrings, the kind of quotes, commas before a closing bracket
(so that few code formatters change a hash), and the package's own name in its import statements (so that a renamed copy
keeps its hashes). Lost with them is where a block ends, and white space inside texts; nothing else that would run
is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from hashlib import blake2b

#: Changes whenever the same file would get other hashes; a reference of another scheme is of no use.
SCHEME = 1

_QUOTES = bytes.maketrans(b'"', b"'")
_FORM = b" \t\n\r\f"
#: A comment, and what of it follows a quote.
_COMMENT = re.compile(rb"#[^\n\"']*+([^\n]*+)")
#: Quantifiers that never give back: three times as fast as the shortest match of any character.
_TEXT = (
    rb"\s*[rRuU]?(?:\"\"\"[^\"]*+(?:\"(?!\"\")[^\"]*+)*+\"\"\"|'''[^']*+(?:'(?!'')[^']*+)*+'''"
    rb"|\"[^\"\n\\]*\"(?=[ \t]*\n)|'[^'\n\\]*'(?=[ \t]*\n))"
)
_DOCSTRING = re.compile(rb":[ \t]*\n" + _TEXT)
_MODULE_DOCSTRING = re.compile(_TEXT)
_DEF = re.compile(rb"def[ \t]+(\w+)")
#: How deep a function may be indented to be told from what follows it.
_DEEPEST = 64
_FURTHEST = 256
#: The first line that is indented by at most so much, and doesn't close a bracket of the function's own header.
_ENDS = tuple(re.compile(rb"\n[ \t]{0,%d}[^\s)\]}]" % depth) for depth in range(_DEEPEST + 1))


class Sort(IntEnum):
    """What a hash is of. Part of the hash, so that one sort is never taken for another."""

    FUNCTION = 1
    REST = 2  #: what stands between functions
    MODULE = 3  #: a whole file
    PACKAGE = 4  #: the path of a package or module that importing finds


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a file: lines `first` to `last`, `name` of a function ("" between functions), its hash, and the
    bytes of it that were hashed."""

    first: int
    last: int
    name: str
    sort: Sort
    hash: int
    size: int


_PERSONS = {sort: bytes((sort,)) for sort in Sort}


def hashed(sort: Sort, content: bytes) -> int:
    """Eight bytes of BLAKE2b as a number."""
    return int.from_bytes(blake2b(content, digest_size=8, person=_PERSONS[sort]).digest(), "little")


def package_hash(path: str) -> int:
    """The hash of a place at which importing looks: ``boto3``, ``azure/identity``."""
    return hashed(Sort.PACKAGE, path.encode("utf-8", "surrogatepass"))


def hashes(data: bytes, top: str) -> tuple[int, list[tuple[int, int, bool]]]:
    """The hash of a whole file, and (hash, size, whether a function) of each piece that holds any code.

    `top` is the top-level name that the file is imported under. Takes time linear in the file.
    """
    clean = _clean(data, top)
    found = []
    for start, end, name in _cut(clean):
        normal = _normal(clean[start:end])
        if normal:
            sort = Sort.FUNCTION if name else Sort.REST
            found.append((hashed(sort, normal), len(normal), bool(name)))
    whole = hashed(Sort.MODULE, b"".join(number.to_bytes(8, "little") for number, _, _ in found))
    return whole, found


def pieces(data: bytes, top: str) -> Iterator[Piece]:
    """Every piece that holds code, in order, with its lines (as `hashes` has them without)."""
    clean = _clean(data, top)
    line, counted = 1, 0
    for start, end, name in _cut(clean):
        normal = _normal(clean[start:end])
        if not normal:
            continue
        text = clean[start:end]
        begin = start + len(text) - len(text.lstrip())
        line += clean.count(b"\n", counted, begin)
        counted = begin
        last = line + clean.count(b"\n", begin, start + len(text.rstrip()))
        sort = Sort.FUNCTION if name else Sort.REST
        yield Piece(line, last, name.decode("utf-8", "replace"), sort, hashed(sort, normal), len(normal))


def _normal(text: bytes) -> bytes:
    text = text.replace(b"\\\n", b"").translate(_QUOTES, _FORM)
    return text.replace(b",)", b")").replace(b",]", b"]").replace(b",}", b"}")


def _clean(data: bytes, top: str) -> bytes:
    """Without comments, docstrings, and the package's own name in imports; every line stays where it is."""
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    data = _without_comments(data.removeprefix(b"\xef\xbb\xbf"))
    if head := _MODULE_DOCSTRING.match(data):
        data = b"\n" * head.group().count(b"\n") + data[head.end() :]
    data = _DOCSTRING.sub(_only_lines, data)
    name = top.encode("utf-8", "surrogatepass")
    for word in (b"from ", b"import ") if name else ():
        if word + name in data:
            for after in (b".", b" ", b"\n"):
                data = data.replace(word + name + after, word + b"." + after)
    return data


def _only_lines(found: re.Match[bytes]) -> bytes:
    return b":" + b"\n" * found.group().count(b"\n")


def _without_comments(data: bytes) -> bytes:
    """What cannot be told from the inside of a text by looking at its line alone is left as it is."""
    if b"#" not in data:
        return data
    parts = []
    last = 0
    for found in _COMMENT.finditer(data):
        start = found.start()
        if found[1]:
            line = data.rfind(b"\n", 0, start) + 1
            if data[line:start].strip():
                continue
        elif start and data[start - 1] not in b" \t\n":
            continue
        parts.append(data[last:start])
        last = found.end()
    parts.append(data[last:])
    return b"".join(parts)


def _cut(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """(start, end, name) of each outermost function, and with the name b"" of what stands before, between, after."""
    done = position = 0
    while found := _DEF.search(data, position):
        # Not further back than a header is indented: a line may be megabytes long.
        near = max(0, found.start() - _FURTHEST)
        start = data.rfind(b"\n", near, found.start()) + 1 or near
        lead = data[start : found.start()]
        before = lead.lstrip(b" \t")
        if before and before.rstrip() != b"async":
            position = found.end()
            continue
        depth = min(len(lead) - len(before), _DEEPEST)
        stop = _ENDS[depth].search(data, found.end())
        end = stop.start() if stop else len(data)
        if done < start:
            yield done, start, b""
        yield start, end, found.group(1)
        done = position = end
    if done < len(data):
        yield done, len(data), b""
