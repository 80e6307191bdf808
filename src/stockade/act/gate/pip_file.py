"""pip's configuration file, pointed at a gate: ``index-url`` of every section that has one, and of ``[global]``.

The text is changed line by line, so that comments and order stay, and then read again as pip would read it: where
that is not exactly what was meant, nothing is changed. Indexes beside the first go to the gate as well, since pip
takes a file from whichever of them has the highest version.
"""

from __future__ import annotations

import configparser
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from stockade.act.gate.address import same
from stockade.act.gate.edits import Edit, ended, lines_of, newline
from stockade.errors import BadSettings

_GLOBAL = "global"
_INDEX, _EXTRA = "index-url", "extra-index-url"
_HEADER = re.compile(r"\[(?P<name>[^\]]+)\]")
_KEY = re.compile(r"(?P<key>[^\s=:#;][^=:]*?)\s*[=:]")
#: Stands where other indexes stood.
ASKED_BY_GATE = "# extra-index-url: the gate asks these indexes now (stockade enable)"


@dataclass(frozen=True, slots=True)
class _Entry:
    """A key of a section with its lines, those included that its value goes on in."""

    section: str
    header: str
    key: str
    start: int
    end: int


def pointed(text: str, gate: str, where: str) -> tuple[str, list[Edit], list[str]]:
    """`text` with the gate as its index, the edits that make it so, and the other indexes that were taken out.

    Raises BadSettings, which names the file as `where`, for what cannot be changed with certainty.
    """
    before = _read(text, where)
    lines = lines_of(text)
    entries = list(_entries(lines))
    edits: list[Edit] = []
    changes: dict[int, tuple[int, str]] = {}
    for entry in entries:
        if entry.key not in {_INDEX, _EXTRA}:
            continue
        old = "".join(lines[entry.start : entry.end])
        new = ASKED_BY_GATE if entry.key == _EXTRA else f"{_INDEX} = {gate}"
        new += newline(old) if old.endswith("\n") else ""
        if entry.key == _EXTRA or not same(_value(old), gate):
            changes[entry.start] = (entry.end, new)
            edits.append(Edit(now=new, before=old, under=entry.header))
    if not any(entry.key == _INDEX and entry.section == _GLOBAL for entry in entries):
        _add(lines, gate, text, edits, changes)
    made = "".join(_applied(lines, changes))
    taken = [url for values in before.values() for url in values.get(_EXTRA, "").split()]
    _verify(made, before, gate, where)
    return made, edits, list(dict.fromkeys(taken))


def _add(
    lines: Sequence[str], gate: str, text: str, edits: list[Edit], changes: dict[int, tuple[int, str]]
) -> None:
    """Add the key behind the header of ``[global]``, or both at the end."""
    line = f"{_INDEX} = {gate}{newline(text)}"
    for number, one in enumerate(lines):
        header = _HEADER.match(one)
        if header and header["name"] == _GLOBAL:
            line = ended(one) + line
            changes[number] = (number + 1, one + line)
            edits.append(Edit(now=line, before=""))
            return
    line = ended(text) + f"[{_GLOBAL}]{newline(text)}" + line
    last = len(lines)
    changes[last] = (last, line)
    edits.append(Edit(now=line, before=""))


def _applied(lines: Sequence[str], changes: Mapping[int, tuple[int, str]]) -> Iterator[str]:
    at = 0
    while at <= len(lines):
        if at in changes:
            end, new = changes[at]
            yield new
            at = max(end, at + 1)
            continue
        yield from lines[at : at + 1]
        at += 1


def _entries(lines: Sequence[str]) -> Iterator[_Entry]:
    """Keys as configparser sees them; a value goes on in lines that are indented deeper than its key."""
    section = under = ""
    number = 0
    while number < len(lines):
        line = lines[number]
        start, number = number, number + 1
        stripped = line.strip()
        if not stripped or stripped[0] in "#;":
            continue
        header = _HEADER.match(stripped)
        if header:
            section, under = header["name"], stripped if line[0] == "[" else ""
            continue
        key = _KEY.match(stripped)
        depth = len(line) - len(line.lstrip())
        while number < len(lines) and lines[number].strip() and _depth(lines[number]) > depth:
            number += 1
        if key:
            yield _Entry(section, under, _normal(key["key"]), start, number)


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


def _normal(key: str) -> str:
    return key.strip().lower().replace("_", "-").removeprefix("--")


def _value(entry: str) -> str:
    """What stands behind the key; more than a URL where the value goes on in further lines."""
    return re.split(r"[=:]", entry, maxsplit=1)[1].strip()


def _read(text: str, where: str) -> dict[str, dict[str, str]]:
    parser = configparser.RawConfigParser()
    try:
        parser.read_file(io.StringIO(text, newline=None))
        found = {section: dict(parser.items(section)) for section in parser.sections()}
    except configparser.Error:
        # The parser's own message quotes the line, and a password may stand in it.
        raise BadSettings(f"{where} cannot be read as pip's configuration, so it is left alone") from None
    for section, items in found.items():
        if len({_normal(key) for key in items}) < len(items):
            raise BadSettings(f"{where} says the same twice in [{section}], so it is left alone")
    return {
        section: {_normal(key): value for key, value in items.items()} for section, items in found.items()
    }


def _verify(made: str, before: Mapping[str, Mapping[str, str]], gate: str, where: str) -> None:
    """The new text, read as pip reads it, differs in what was meant and in nothing else."""
    meant = {
        section: {
            key: gate if key == _INDEX and not same(value, gate) else value
            for key, value in items.items()
            if key != _EXTRA
        }
        for section, items in before.items()
    }
    meant.setdefault(_GLOBAL, {}).setdefault(_INDEX, gate)
    if _read(made, where) != meant:
        raise BadSettings(
            f"{where} is written in a way that cannot be changed safely; set {_INDEX} in it by hand"
        )
