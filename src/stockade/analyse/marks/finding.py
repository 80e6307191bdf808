"""What a string names: places where secrets lie, hosts that take or hand out data, command lines.

`marks` sorts a text by `Mark`; what each mark is stands in analyse/marks.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from functools import lru_cache

from stockade.analyse.marks.commands import COMMANDS
from stockade.analyse.marks.kinds import Mark, Rule
from stockade.analyse.marks.places import PLACES

__all__ = ["MAX_SCANNED", "mark", "marks"]

#: Characters of one string that are looked at; longer ones are data.
MAX_SCANNED = 1 << 18
#: The same of a string without any blank, which longer than this is data too.
_DATA = 1 << 14

_RULES: dict[Mark, Rule] = {**PLACES, **COMMANDS}


def _trie(words: list[str]) -> str:
    """A pattern for any of `words` that shares their beginnings: five times as fast as a plain alternation."""
    if "" in words:
        return ""
    firsts = sorted({word[0] for word in words})
    branches = [
        re.escape(first) + _trie([word[1:] for word in words if word[0] == first]) for first in firsts
    ]
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"


_NEEDLES = sorted({needle for rule in _RULES.values() for needle in rule.needles})
#: One search that says whether any needle is there at all, and one for all of them: of needles that begin alike it
#: finds the shortest.
_GATE = re.compile(_trie(_NEEDLES))
_EVERY = re.compile(f"(?=({_trie(_NEEDLES)}))")
_LONGER = {short: [one for one in _NEEDLES if one.startswith(short)] for short in _NEEDLES}
_MEANT: dict[str, frozenset[Mark]] = {
    needle: frozenset(mark for mark, rule in _RULES.items() if needle in rule.needles) for needle in _NEEDLES
}
#: What paths, addresses and command lines hold, and plain words do not.
_TELLING = re.compile(r"[^\w=]")
#: A plain word of this length or less can only hold needles that are plain words, which are few.
_WORD = 24
_WORD_GATE = re.compile(_trie([needle for needle in _NEEDLES if not _TELLING.search(needle)]))


@lru_cache(maxsize=8192)
def marks(text: str) -> tuple[tuple[Mark, str], ...]:
    """Each mark that `text` bears, once, with the part that bears it; () for nearly all texts."""
    text = text[:MAX_SCANNED] if len(text) <= _DATA or " " in text or "\n" in text else text[:_DATA]
    low = text.lower()
    plain = len(low) <= _WORD and not _TELLING.search(low)
    if not (_WORD_GATE if plain else _GATE).search(low):
        return ()
    return tuple(_found(text, low))


def _found(text: str, low: str) -> Iterator[tuple[Mark, str]]:
    hits = set(_EVERY.findall(low))
    there = {needle for hit in hits for needle in _LONGER[hit] if needle == hit or needle in low}
    meant = frozenset[Mark]().union(*(_MEANT[needle] for needle in there))
    for mark, rule in _RULES.items():
        if mark in meant:
            hit = rule.pattern.search(text)
            if hit and (mark is not Mark.ADDRESS or _public(hit.group(1))):
                yield mark, hit.group()


def _public(address: str) -> bool:
    try:
        return ipaddress.IPv4Address(address).is_global
    except ValueError:
        return False


def mark(text: str, *wanted: Mark) -> str:
    """The part of `text` that bears one of the `wanted` marks, "" if none does."""
    return next((part for kind, part in marks(text) if kind in wanted), "")
