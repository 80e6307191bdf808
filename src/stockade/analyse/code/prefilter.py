"""Which Python files are worth a parse: literals over every byte, then combinations of what they found.

A parser reads some 7 MB/s, this some hundreds; so most files of honest packages are never parsed. A group is
a set of literals that mean one thing; a file is wanted where its groups complete a combination. Files that
run by themselves (setup.py, a package's ``__init__``, entry modules) are always wanted, within reason.
"""

from __future__ import annotations

import re
from functools import cache

import yara_x

from stockade import limits
from stockade.analyse.code.layout import Place
from stockade.analyse.code.literals import (
    ACTING,
    ASIDE_COMBINATIONS,
    COMBINATIONS,
    GROUPS,
    LEVEL_COMBINATIONS,
    NAMING,
)

#: A file that runs by itself is parsed without further question up to this size.
_SMALL = 1 << 17
#: A file of this size is parsed if it does anything at all; such files are a small part of all bytes.
_TINY = 4 << 10
#: A file of this size is parsed even if it only names things: another may use its constants.
_SHORT = 16 << 10
#: A call at the module's own level, which runs with the import. A line break is found five times as fast as the
#: beginning of a line.
_LEVEL_CALL = re.compile(rb"\n(?!print|__|def|class|if|for|while|with|import|from)[A-Za-z_][\w.]*\(")
#: An address that is neither this machine nor a placeholder.
_REMOTE = re.compile(
    rb"(?:://|['\"])(?!127\.|0\.0\.0\.0|10\.|192\.168\.|169\.254\.|255\.|1\.2\.3\.|192\.0\.2\.|203\.0\.113\.)"
    rb"\d{1,3}(?:\.\d{1,3}){3}"
)
#: A blank stretch that pushes code out of sight.
_FAR_RIGHT = b" " * 120


def _source() -> str:
    rules = []
    for name, (texts, patterns) in GROUPS.items():
        strings = [f"${number} = {_quoted(text)}" for number, text in enumerate(texts)]
        strings += [f"$r{number} = {pattern}" for number, pattern in enumerate(patterns)]
        strings = [one.replace("$", "$s", 1) for one in strings]
        rules.append(f"rule {name} {{ strings: {' '.join(strings)} condition: any of them }}")
    return "\n".join(rules)


def _quoted(text: str) -> str:
    folded = text.startswith("~")
    escaped = text.removeprefix("~").replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"{" nocase" if folded else ""}'


@cache
def _scanner() -> yara_x.Scanner:
    scanner = yara_x.Scanner(yara_x.compile(_source()))
    scanner.max_matches_per_pattern(1)
    return scanner


def groups(data: bytes) -> frozenset[str]:
    """The groups whose literals `data` holds."""
    return frozenset(rule.identifier for rule in _scanner().scan(data).matching_rules)


#: A class at the margin, up to the next line that begins there.
_CLASS = re.compile(rb"^class[ \t]+\w+[^\n]*\n(?:[ \t][^\n]*\n|[ \t]*\n)*", re.MULTILINE)
_QUOTES = re.compile(rb'"""|\'\'\'')


def without_plain_classes(data: bytes) -> bytes:
    """A large source with the bodies of classes that hold no literal of any group left out, line for line.

    A generated module of some megabytes is nearly all such classes, and its syntax tree takes a hundred times its
    size. What is small, or holds nothing to leave out, comes back as it is.
    """
    if len(data) <= limits.LARGE_SOURCE:
        return data
    kept, end, inside = [], 0, False
    for found in _CLASS.finditer(data):
        block = found[0]
        between = data[end : found.start()]
        inside ^= len(_QUOTES.findall(between)) % 2 == 1
        even = len(_QUOTES.findall(block)) % 2 == 0
        kept.append(between)
        if not inside and even and b"\\\n" not in block and not groups(block):
            kept.append(b"class " + block.split(None, 2)[1].partition(b"(")[0].rstrip(b":") + b": 0")
            kept.append(b"\n" * block.count(b"\n"))
        else:
            kept.append(block)
        inside ^= not even
        end = found.end()
    return b"".join([*kept, data[end:]])


def wanted(data: bytes, place: Place, found: frozenset[str] | None = None) -> bool:
    """Whether a file at `place` is worth a parse; `found` are its groups, where they are known."""
    if not data or data.isspace():
        return False
    if place.selfstarting and len(data) <= _SMALL:
        return True
    found = groups(data) if found is None else found
    if "address" in found and not _REMOTE.search(data):
        found -= {"address"}
    if not place.installed:
        return any(need <= found for need in ASIDE_COMBINATIONS)
    if any(need <= found for need in COMBINATIONS) and (len(data) <= _SHORT or not found <= NAMING):
        return True
    if len(data) <= _TINY and not ACTING.isdisjoint(found):
        return True
    if any(need <= found for need in LEVEL_COMBINATIONS) and _LEVEL_CALL.search(b"\n" + data):
        return True
    return _FAR_RIGHT in data and any(line.rstrip().rfind(_FAR_RIGHT) > 0 for line in data.split(b"\n"))
