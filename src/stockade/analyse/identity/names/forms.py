"""What stays of a name when a kind of difference is taken away: two names of one form are one to a reader.

Each form maps a normalised name (PEP 503) to a short text. A letter stands for each kind of form; it is part of the
key that a form is found by, so that forms of different kinds never meet.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from operator import eq

from stockade.analyse.identity.names.words import DRESS, SYNONYMS

#: Shorter forms are everybody's.
SHORTEST = 4
_LOOKS = str.maketrans("1i0524389", "lloszaebg")
_VOWELS = str.maketrans("", "", "aeiouy")
_DIGITS = str.maketrans("", "", "0123456789")
_DOUBLES = re.compile(r"([a-z])\1+")
_SPELT = """
    ough o; ph f; gh g; ck k; sch sk; ou o; oo u; ee i; ea i; ie i; ei i; ai a; ay a; ew u; ue u; x ks; q k; wh w; kn n;
    ce se; ci si; cy si; z s; c k; y i; th t; j g
"""
_SOUNDS = tuple((pair.split()[0], pair.split()[1]) for pair in _SPELT.split(";"))
#: So many words at either end are taken off one by one.
_PARTS = 5
GLUE = ("python3", "python", "py3", "py", "lib")
_TAIL = re.compile(r"v?\d{1,4}$")


def squash(name: str) -> str:
    """Without delimiters."""
    return name.replace("-", "")


def looks(text: str) -> str:
    """Letters and digits that look alike are one: ``rn`` and ``m``, ``l`` and ``1``."""
    return text.replace("rn", "m").replace("vv", "w").replace("cl", "d").translate(_LOOKS)


def singles(text: str) -> str:
    """Each run of one letter is one letter."""
    # Most names have none, and a regular expression takes five times as long to say so.
    return _DOUBLES.sub(r"\1", text) if True in map(eq, text, text[1:]) else text


def consonants(text: str) -> str:
    """Without vowels (but the first letter), runs as one."""
    return singles(text[:1] + text[1:].translate(_VOWELS))


def sounds(text: str) -> str:
    """As English would say it, roughly."""
    for spelt, said in _SOUNDS:
        if spelt in text:
            text = text.replace(spelt, said)
    text = singles(text)
    return text.removesuffix("e")


def numberless(text: str) -> str:
    """Without digits."""
    return text.translate(_DIGITS)


def ordered(name: str) -> str:
    """Its words in the order of the alphabet; "" for one word."""
    return "".join(sorted(name.split("-"))) if "-" in name else ""


def same(name: str) -> str:
    """Its words by what they mean, in the order of the alphabet."""
    return "".join(sorted(SYNONYMS.get(word, word) for word in name.split("-")))


def singular(name: str) -> str:
    """Each of its words without a plural's ending."""
    return "".join(word[:-1] if len(word) > 3 and word.endswith("s") else word for word in name.split("-"))


#: Kind -> form; those of `WHOLE` are taken of the name with its delimiters, the others of the squashed one.
FORMS: dict[str, Callable[[str], str]] = {
    "v": looks,
    "d": singles,
    "w": consonants,
    "p": sounds,
    "n": numberless,
    "s": ordered,
    "y": same,
    "l": singular,
}
WHOLE = frozenset("syl")
#: Which slip a form takes away.
MECHANISMS = {
    "v": "lookalike-letter",
    "d": "repetition",
    "w": "vowel",
    "p": "sound",
    "n": "numeral",
    "s": "word-order",
    "y": "synonym",
    "l": "plural",
}


def cores(name: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(what a name is about, what was taken off), without words that say nothing of that; none that is whole.

    ``python-dateutil`` is about ``dateutil``, ``pyyaml`` about ``yaml``, ``opencv-python`` about ``opencv``.
    """
    words = name.split("-")
    first, last = 0, len(words)
    while last - first > 1 and (words[last - 1] in DRESS or _number(words[last - 1])):
        last -= 1
    while last - first > 1 and words[first] in DRESS:
        first += 1
    text, off = "".join(words[first:last]), (*words[last:], *words[:first])
    seen = {squash(name)}
    # All of it off comes first, then less: zope-interface-package dresses up zope-interface.
    for start, end in _spans(first, last, len(words)):
        part = "".join(words[start:end])
        if part not in seen and len(part) > 1:
            seen.add(part)
            yield part, (*words[end:], *words[:start])
    for bare, more in _bare(text):
        if bare not in seen:
            seen.add(bare)
            yield bare, (*off, more)


def _spans(first: int, last: int, size: int) -> Iterator[tuple[int, int]]:
    """(start, end) of what is left when some of the words before `first` and from `last` on are taken off."""
    for start in range(first, max(first - _PARTS, -1), -1):
        for end in range(last, min(last + _PARTS, size + 1)):
            yield start, end


def _number(word: str) -> bool:
    """A version or a year; longer ones are serial numbers."""
    return word.isdigit() and len(word) <= 4


def _bare(text: str) -> Iterator[tuple[str, str]]:
    """`text` without what is glued to it."""
    least = 3
    tail = _TAIL.search(text)
    short = text[: tail.start()] if tail and tail.start() >= least else ""
    if tail and short:
        yield short, tail.group()
    for whole, more in ((text, ""), (short, tail.group() if tail else "")):
        for glue in GLUE:
            if len(whole) - len(glue) < least:
                continue
            if whole.startswith(glue):
                yield whole[len(glue) :], glue + more
                break
        for glue in GLUE:
            if len(whole) - len(glue) >= least and whole.endswith(glue):
                yield whole[: -len(glue)], glue + more
                break


def dropped(text: str) -> Iterator[str]:
    """`text` without each of its characters in turn; of a run only once."""
    last = ""
    for place, char in enumerate(text):
        if char != last:
            yield text[:place] + text[place + 1 :]
        last = char


def thirds(text: str) -> tuple[tuple[int, int], ...]:
    """(start, length) of three pieces, one of which two edits leave as it is (Li and others, Pass-Join, 2011)."""
    base, more = divmod(len(text), 3)
    found = []
    start = 0
    for piece in range(3):
        size = base + (piece >= 3 - more)
        found.append((start, size))
        start += size
    return tuple(found)
