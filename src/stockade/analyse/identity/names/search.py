"""Which known names a name could be taken for, and by which slip: candidates, to be weighed by `score`.

What a lookup costs does not grow with the number of known names: each way of confusing two names is a text that both
share (an index of deletions for short names, Mor and Fraenkel 1982; three pieces of longer ones, Pass-Join 2011; forms,
see forms), and what is found so is compared in full.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from stockade.analyse.identity.names.build import LONG, TWO_EDITS
from stockade.analyse.identity.names.distance import distance, slip, trimmed, within
from stockade.analyse.identity.names.forms import (
    FORMS,
    MECHANISMS,
    SHORTEST,
    WHOLE,
    cores,
    dropped,
    singles,
    squash,
    thirds,
)
from stockade.analyse.identity.names.table import IMPORT, Table, letters
from stockade.analyse.identity.names.words import (
    BRANDS,
    CHANNEL,
    DRESS,
    FILLERS,
    GLUED_AFTER,
    GLUED_BEFORE,
    HUBS,
    LANGUAGE,
    OFFICIAL,
)

#: Two edits are looked for in names up to this length; so long ones are seldom typed.
_SHORTEST_TWO = min(TWO_EDITS)
#: Distances of lengths, and per piece, at which a piece that is left as it was may begin (Pass-Join, section 4.2).
_SHIFTS = {
    delta: tuple(
        tuple(range(max(-piece, delta - (2 - piece)), min(piece, delta + (2 - piece)) + 1))
        for piece in range(3)
    )
    for delta in range(-2, 3)
}
_THIRDS = {size: thirds("x" * size) for size in range(3, 260)}


#: Two edits from a name that fewer know are nobody's slip; the number of the last that counts.
_FAMOUS = 3_500
#: What is said beside an edit of a name that was stripped of something first.
_DRESSED: dict[str, tuple[str, ...]] = {"": (), "affix-": ("affix",), "double-": ("repetition",)}


@dataclass(frozen=True, slots=True)
class Way:
    """One way from a name to a known one: `number` of that, `way` for the scorer, `mechanisms` for people, and the
    letters that both have (`length`)."""

    number: int
    way: str
    mechanisms: tuple[str, ...]
    length: int


def ways(table: Table, name: str) -> Iterator[Way]:
    """Every way from `name` (normalised) to a known one; several may lead to the same."""
    text = squash(name)
    for one in table.find("N" + text):
        if table.text(one) == text and table.names[one] != name:
            yield Way(one, "delimiter", ("delimiter",), len(text))
        elif one >= table.known and table.names[one] == name:
            yield Way(one, "stdlib", ("standard-library",), len(text))
    yield from _aliases(table, text)
    yield from _edited(table, name, text, "")
    once = singles(text)
    if once != text and len(once) > SHORTEST:
        yield from _edited(table, name, once, "double-")
    yield from _formed(table, name, text)
    yield from _turned(table, text)
    yield from _dressed(table, name, text)
    yield from _combined(table, name)
    if "-" not in name:
        yield from _glued(table, name)
    yield from _branded(table, name)


def _aliases(table: Table, text: str) -> Iterator[Way]:
    for one in table.find("I" + text):
        if table.kind(one) == IMPORT and table.text(one) == text:
            yield Way(table.owner(one), "import", ("import-name",), len(text))
    for one in table.find("C" + text):
        if table.text(one) == text:
            yield Way(table.owner(one), "stem", ("omitted-affix",), len(text))


def near(table: Table, text: str) -> set[int]:
    """The forms that may be within two edits of `text`."""
    found: set[int] = set()
    size = len(text)
    find = table.find
    if size <= LONG:
        found.update(find("-" + text))
        for less in dropped(text):
            found.update(find("-" + less))
            found.update(find("N" + less))
    for delta in range(-2, 3):
        other = size - delta
        if other < _SHORTEST_TWO or other not in _THIRDS:
            continue
        mark = chr(32 + min(other, 90))
        shifts = _SHIFTS[delta]
        for piece, (start, length) in enumerate(_THIRDS[other]):
            for shift in shifts[piece]:
                at = start + shift
                if 0 <= at <= size - length:
                    found.update(find(f"{piece}{mark}{text[at : at + length]}"))
    return found


def _edited(table: Table, name: str, text: str, dressed: str) -> Iterator[Way]:
    """Known names within two edits. `dressed`: what `text` was stripped of, if it was."""
    mask = letters(text)
    masks = table.letters
    for one in near(table, text):
        differ = (mask ^ masks[one]).bit_count()
        limit = 2 if one < _FAMOUS or table.owner(one) < _FAMOUS else 1
        if differ > 2 * limit:
            continue
        other = table.text(one)
        edits = within(text, other, limit)
        if not 0 < edits <= limit:
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


def _alike(one: str, other: str) -> bool:
    """Whether what two names of one form differ in is little."""
    _, left, right = trimmed(one, other)
    return distance(left, right, 3) <= 3


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


def _formed(table: Table, name: str, text: str) -> Iterator[Way]:
    """Known names with which it shares a form."""
    for kind, form in FORMS.items():
        whole = kind in WHOLE
        made = form(name if whole else text)
        if len(made) < SHORTEST:
            continue
        for key in (kind + made, "N" + made) if made != text else (kind + made,):
            for one in table.find(key):
                other = table.names[one] if one < len(table.names) else ""
                if (
                    other
                    and other != name
                    and form(other if whole else squash(other)) in (made, "")
                    and (key[0] != "N" or squash(other) == made)
                    and (whole or _alike(text, squash(other)))
                ):
                    yield Way(one, f"form-{kind}", (MECHANISMS[kind],), len(made))


def _turned(table: Table, text: str) -> Iterator[Way]:
    """Two halves that changed places: ``libhtml5`` for ``html5lib``."""
    for place in range(2, len(text) - 1):
        turned = text[place:] + text[:place]
        for one in table.find("N" + turned):
            if table.text(one) == turned and turned != text:
                yield Way(one, "turned", ("word-order",), len(text))


def _dressed(table: Table, name: str, text: str) -> Iterator[Way]:
    """Known names, or what they are about, with other words around them."""
    first = True
    for bare, off in cores(name):
        kind = _class(off)
        size = len(bare)
        for one in table.find("N" + bare):
            if table.text(one) == bare and one < table.known:
                yield Way(one, f"affix-{kind}", ("affix",), size)
        for one in table.find("C" + bare):
            if table.text(one) == bare and table.owner(one) < table.known:
                yield Way(table.owner(one), f"affix-core-{kind}", ("affix", "omitted-affix"), size)
        for one in table.find("I" + bare):
            if table.text(one) == bare and table.kind(one) == IMPORT:
                yield Way(table.owner(one), f"affix-import-{kind}", ("affix", "import-name"), size)
        if size > 5 and first:
            first = False
            yield from _edited(table, bare, bare, "affix-")


def _class(off: tuple[str, ...]) -> str:
    kinds = {
        "language"
        if one in LANGUAGE
        else "channel"
        if one in CHANNEL or one.lstrip("-.v").isdigit()
        else "kind"
        for one in off
        if one
    }
    return "kind" if "kind" in kinds else "channel" if "channel" in kinds else "language"


def _combined(table: Table, name: str) -> Iterator[Way]:
    """A known name, and more words before or after it."""
    words = name.split("-")
    for cut in range(1, min(len(words), 8)):
        for whole, rest, side in (
            (words[:cut], words[cut:], "after"),
            (words[cut:], words[:cut], "before"),
        ):
            text = "".join(whole)
            kind = _rest(table, rest) if len(text) >= SHORTEST else ""
            if not kind:
                continue
            for one in table.find("N" + text):
                if (
                    one < table.known
                    and table.text(one) == text
                    and (kind == "pair" or "-" not in table.names[one])
                ):
                    yield Way(one, f"combo-{kind}-{side}", ("combosquat",), len(text))


def _rest(table: Table, rest: list[str]) -> str:
    """ "pair" where the rest is famous, too; "" where `_dressed` has it; else "other"."""
    if all(word in DRESS or word.isdigit() for word in rest):
        return ""
    known = table.number("-".join(rest))
    if known is not None and known < 1_000:
        return "pair"
    return "other" if len(rest) == 1 else ""


def _glued(table: Table, text: str) -> Iterator[Way]:
    """A known name with a word glued to it."""
    size = len(text)
    for cut in range(1, size):
        head, tail = text[:cut], text[cut:]
        if cut >= SHORTEST:
            kind = "kind" if tail in GLUED_AFTER else "other" if len(tail) > 1 else ""
            for one in table.find("N" + head) if kind else ():
                if one < table.known and table.text(one) == head:
                    yield Way(one, f"glued-{kind}-after", ("combosquat",), cut)
        if size - cut >= SHORTEST:
            kind = "kind" if head in GLUED_BEFORE else "other" if len(head) > 1 else ""
            for one in table.find("N" + tail) if kind else ():
                if one < table.known and table.text(one) == tail:
                    yield Way(one, f"glued-{kind}-before", ("combosquat",), size - cut)


def _branded(table: Table, name: str) -> Iterator[Way]:
    """A brand, and around it nothing but the words that an SDK's name has."""
    words = name.split("-")
    brands = [word for word in words if word in BRANDS]
    if len(brands) != 1 or len(words) < 2:
        return
    brand = brands[0]
    rest = [word for word in words if word != brand]
    allowed = OFFICIAL if brand in HUBS else FILLERS
    if all(word in allowed or word.isdigit() for word in rest):
        number = table.number(BRANDS[brand])
        if number is not None:
            yield Way(number, "brand", ("brand",), len(brand))
