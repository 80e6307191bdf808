"""Which known names a name could be taken for, and by which slip: candidates, to be weighed by `score`.

What a lookup costs does not grow with the number of known names: each way of confusing two names is a text that both
share (see forms and near), and what is found so is compared in full.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from zlib import crc32

from stockade.analyse.identity.names.distance import distance, trimmed
from stockade.analyse.identity.names.forms import (
    FORMS,
    MECHANISMS,
    SHORTEST,
    WHOLE,
    cores,
    singles,
    squash,
)
from stockade.analyse.identity.names.near import Way, edited
from stockade.analyse.identity.names.table import CALLED, IMPORT, Table
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

#: Two names of these, joined, are meant to be taken for one of them.
_RENOWNED = 1_000
_NAME = crc32(b"N")
#: What is said of a form that is no spelling of the name.
_ALIASES: dict[int | None, str] = {IMPORT: "import-name", CALLED: "known-as"}


def ways(table: Table, name: str) -> Iterator[Way]:
    """Every way from `name` (normalised) to a known one; several may lead to the same."""
    text = squash(name)
    for one in table.find("N" + text):
        if table.text(one) == text and table.names[one] != name:
            yield Way(one, "delimiter", ("delimiter",), len(text))
        elif one >= table.known and table.names[one] == name:
            yield Way(one, "stdlib", ("standard-library",), len(text))
    yield from _aliases(table, text)
    yield from edited(table, name, text, "")
    once = singles(text)
    if once != text and len(once) > SHORTEST:
        yield from edited(table, name, once, "double-")
    yield from _formed(table, name, text)
    yield from _turned(table, text)
    yield from _dressed(table, name, text)
    yield from _combined(table, name)
    if "-" not in name:
        yield from _glued(table, name)
    yield from _branded(table, name)


def _aliases(table: Table, text: str) -> Iterator[Way]:
    for one in table.find("I" + text):
        if table.kind(one) in _ALIASES and table.text(one) == text:
            yield Way(table.owner(one), "import", (_ALIASES[table.kind(one)],), len(text))
    for one in table.find("C" + text):
        if table.text(one) == text:
            yield Way(table.owner(one), "stem", ("omitted-affix",), len(text))


def _alike(one: str, other: str) -> bool:
    """Whether what two names of one form differ in is little."""
    _, left, right = trimmed(one, other)
    return distance(left, right, 3) <= 3


def _formed(table: Table, name: str, text: str) -> Iterator[Way]:
    """Known names with which it shares a form."""
    present = table.present
    for kind, form in FORMS.items():
        whole = kind in WHOLE
        made = form(name if whole else text)
        if len(made) < SHORTEST:
            continue
        # A name that is its own form has no key of that kind.
        for key in (crc32((kind + made).encode()), crc32(made.encode(), _NAME)):
            for one in table.at(key) if key in present else ():
                other = table.names[one] if one < len(table.names) else name
                if other != name and _shared(name, other, form, whole=whole):
                    yield Way(one, f"form-{kind}", (MECHANISMS[kind],), len(made))


def _shared(name: str, other: str, form: Callable[[str], str], *, whole: bool) -> bool:
    if whole:
        return (form(name) or squash(name)) == (form(other) or squash(other))
    text, target = squash(name), squash(other)
    return text != target and form(text) == form(target) and _alike(text, target)


def _turned(table: Table, text: str) -> Iterator[Way]:
    """Two halves that changed places: ``libhtml5`` for ``html5lib``."""
    twice = (text + text).encode()
    size = len(text)
    present = table.present
    for place in range(2, size - 1):
        key = crc32(twice[place : place + size], _NAME)
        if key in present:
            turned = text[place:] + text[:place]
            for one in table.at(key):
                if table.text(one) == turned != text:
                    yield Way(one, "turned", ("word-order",), size)


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
                owner = table.owner(one)
                again = _again(off, table.names[owner])
                yield Way(owner, f"{again}affix-core-{kind}", ("affix", "omitted-affix"), size)
        for one in table.find("I" + bare):
            if table.text(one) == bare and table.kind(one) in _ALIASES:
                owner = table.owner(one)
                again = _again(off, table.names[owner])
                yield Way(owner, f"{again}affix-import-{kind}", ("affix", _ALIASES[table.kind(one)]), size)
        if size > 5 and first:
            first = False
            yield from edited(table, bare, bare, "affix-")


def _again(off: tuple[str, ...], target: str) -> str:
    """ "again-" where what the name has around it is in the target, too."""
    return "again-" if any(word in off for word in target.split("-")) else ""


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
    if known is not None and known < _RENOWNED:
        return "pair"
    return "other" if len(rest) == 1 else ""


def _glued(table: Table, text: str) -> Iterator[Way]:
    """A known name with a word glued to it."""
    size = len(text)
    for cut in range(2, size - 1):
        head, tail = text[:cut], text[cut:]
        for whole, rest, words, side in (
            (head, tail, GLUED_AFTER, "after"),
            (tail, head, GLUED_BEFORE, "before"),
        ):
            if len(whole) < SHORTEST:
                continue
            for one in table.find("N" + whole):
                if one < table.known and table.names[one] == whole:
                    kind = "kind" if rest in words else "pair" if _famous(table, rest) else "other"
                    yield Way(one, f"glued-{kind}-{side}", ("combosquat",), len(whole))


def _famous(table: Table, text: str) -> bool:
    return len(text) > SHORTEST and any(
        one < _RENOWNED and table.text(one) == text for one in table.find("N" + text)
    )


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
