"""Known names within two edits of a name.

Short names are found by what is left of them when one letter is dropped (an index of deletions, Mor and Fraenkel 1982),
longer ones by three pieces, one of which two edits leave as it is (Pass-Join, Li and others 2011); what is found so is
compared in full.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from zlib import crc32

from stockade.analyse.identity.names.build import LONG, TWO_EDITS, mark
from stockade.analyse.identity.names.distance import slip, within
from stockade.analyse.identity.names.forms import dropped, thirds
from stockade.analyse.identity.names.table import Table, letters

#: Two edits from a name that fewer know are nobody's slip; the number of the last that counts.
_FAMOUS = 3_500
#: What is said beside an edit of a name that was stripped of something first.
_DRESSED: dict[str, tuple[str, ...]] = {"": (), "affix-": ("affix",), "double-": ("repetition",)}
_PIECES = 3
_EDITS = 2
_DROPPED, _NAME = crc32(b"-"), crc32(b"N")


@dataclass(frozen=True, slots=True)
class Way:
    """One way from a name to a known one: `number` of that, `way` for the scorer, `mechanisms` for people, and the
    letters that both have (`length`)."""

    number: int
    way: str
    mechanisms: tuple[str, ...]
    length: int


@cache
def _plan(size: int) -> tuple[tuple[int, int, int], ...]:
    """(CRC of the key's beginning, start, end) of the pieces of a text of `size` that a known name may share."""
    found = []
    for other in range(max(size - _EDITS, min(TWO_EDITS)), size + _EDITS + 1):
        more = size - other
        for piece, (start, length) in enumerate(thirds("x" * other)):
            # Pass-Join, section 4.2: with so many pieces before and after it, it cannot have moved further.
            first = max(-piece, more - (_EDITS - piece))
            last = min(piece, more + (_EDITS - piece))
            begun = crc32(mark(piece, other).encode())
            places = range(max(0, start + first), min(start + last, size - length) + 1)
            found += [(begun, at, at + length) for at in places]
    return tuple(found)


def near(table: Table, text: str) -> set[int]:
    """The forms that may be within two edits of `text` (ASCII)."""
    found: set[int] = set()
    data = text.encode()
    present, at = table.present, table.at
    if len(data) <= LONG:
        for key in (crc32(data, _DROPPED), *_less(text)):
            if key in present:
                found.update(at(key))
    for begun, start, end in _plan(len(data)):
        key = crc32(data[start:end], begun)
        if key in present:
            found.update(at(key))
    return found


def _less(text: str) -> Iterator[int]:
    for less in dropped(text):
        data = less.encode()
        yield crc32(data, _DROPPED)
        yield crc32(data, _NAME)


def edited(table: Table, name: str, text: str, dressed: str) -> Iterator[Way]:
    """Known names within two edits. `dressed`: what `text` was stripped of, if it was."""
    mask = letters(text)
    masks = table.letters
    whole = name.replace("-", "")
    for one in near(table, text):
        differ = (mask ^ masks[one]).bit_count()
        if differ > 2 * _EDITS:
            continue
        limit = _EDITS if table.owner(one) < _FAMOUS else 1
        if differ > 2 * limit:
            continue
        other = table.text(one)
        edits = within(text, other, limit)
        if not 0 < edits <= limit or other == whole:
            continue
        span = len(other) if dressed or one >= len(table.names) else _span(name, table.names[one])
        core = "core-" if table.kind(one) is not None else ""
        added = _DRESSED[dressed]
        if core:
            added = (*added, "omitted-affix")
        if edits == 1:
            kind = slip(text, other) or "substitution"
            first = "first-" if text[0] != other[0] and kind != "transposition" else ""
            yield Way(table.owner(one), f"{dressed}{core}{first}{kind}", (kind, *added), span)
        else:
            first = "first-" if text[0] != other[0] else ""
            kind = _two(text, other)
            yield Way(table.owner(one), f"{dressed}{core}{first}{kind}", ("two-edits", *added), span)


def _span(name: str, other: str) -> int:
    """How many letters an edit had to choose from: where one word of several differs, that word's and one more."""
    words, others = name.split("-"), other.split("-")
    if len(words) == len(others) > 1:
        differ = [theirs for ours, theirs in zip(words, others, strict=True) if ours != theirs]
        if len(differ) == 1:
            return min(len(differ[0]) + 1, len(other))
    return len(other.replace("-", ""))


def _two(text: str, other: str) -> str:
    if len(text) == len(other) and sorted(text) == sorted(other):
        return "swapped"
    return "appended" if text.startswith(other) or text.endswith(other) else "two-edits"
