"""How likely a way of confusing two names is meant, or a slip: log-odds by hand, checked by bench/names.py.

Measured against names drawn at random from a whole index and names of removed malware: transpositions and doubled
letters are nearly never an accident of two honest names, single other letters often are, and the shorter, the more
often. What is added to a name says little unless that is famous, and nothing where half of the index is made with
it (a hub: django, pytest).
"""

from __future__ import annotations

import math

from stockade.analyse.identity.names.near import Way
from stockade.analyse.identity.names.table import Table

#: From this log-odds on a name is accused.
ACCUSED = 0.0
#: A known name that is there letter for letter comes before one that is there but for a slip, if it counts at all.
_WHOLE = 0.6
#: Taken off all of them, so that of names drawn at random fewer than two in a hundred are accused.
_CAUTION = 0.25
_EDIT = {
    "transposition": 2.4,
    "repetition": 2.2,
    "lookalike-letter": 1.3,
    "omission": 1.0,
    "keyboard": 0.9,
    "vowel": 0.9,
    "addition": 0.4,
    "plural": 0.7,
    "substitution": -0.1,
    "numeral": 0.1,
    "two-edits": -0.95,
    "swapped": -0.2,
    "appended": -2.0,
}
_FORM = {
    "form-d": 2.0,
    "form-v": 1.3,
    "form-p": 0.5,
    "form-w": 0.1,
    "form-n": -0.1,
    "form-s": 1.1,
    "form-y": 0.1,
    "form-l": 0.3,
    "delimiter": 2.6,
    "turned": 0.0,
}
_ADDED = {
    "stem": 0.4,
    "import": 1.2,
    "affix-language": 0.5,
    "affix-channel": 0.25,
    "affix-kind": -0.75,
    "affix-core-language": 0.4,
    "affix-core-channel": 0.1,
    "affix-core-kind": -0.8,
    "affix-import-language": 0.8,
    "affix-import-channel": 0.5,
    "affix-import-kind": -0.6,
    "glued-kind-after": -0.4,
    "glued-kind-before": -0.1,
    "glued-pair-after": 0.0,
    "glued-pair-before": 0.0,
    "combo-pair-after": -0.8,
    "combo-pair-before": -0.8,
}
_SPELT_OUT = frozenset(
    kind for kind in _ADDED if "core" not in kind and "import" not in kind and kind != "stem"
)
_SPELT_OUT |= {"delimiter", "form-s", "turned"}
_OTHER = {
    "combo-other-after": -0.6,
    "combo-other-before": -2.0,
    "glued-other-after": -0.4,
    "glued-other-before": -0.5,
}
#: What many make honest plug-ins for, and what those are then called.
HUB = 45
_HOSTED = frozenset(
    (
        "affix-kind",
        "glued-kind-after",
        "glued-pair-after",
        "glued-pair-before",
        "combo-pair-after",
        "combo-pair-before",
    )
)
#: The words around a name are in the target, too: python-mysqldb, mysql-python.
_AGAIN = 1.2
_BRAND = 0.9
_STDLIB = 0.3
#: Modules of the standard library have no counts; they are as well known as the best.
_MODULE = 2.5
#: Taken off the less known half of the list, by how little it is known.
_OBSCURE = 0.6
#: Each letter that a name is shorter than this makes chance likelier than the one before.
_SHORT = 6


def log_odds(table: Table, way: Way) -> float:
    """The log-odds of one way; below ACCUSED it is taken for chance."""
    odds = _weighed(table, way) - _CAUTION
    return odds + _WHOLE if odds >= ACCUSED and way.way in _SPELT_OUT else odds


def _weighed(table: Table, way: Way) -> float:
    downloads = table.downloads(way.number)
    fame = _MODULE if downloads is None else math.log10(max(downloads, 1) / max(table.floor, 1))
    kind = way.way
    size = way.length
    again = kind.startswith("again-")
    if again:
        kind = kind.removeprefix("again-")
    if kind in _ADDED:
        value = _ADDED[kind] + (_AGAIN if again else 0.0)
        if "import" in kind:
            return value + 0.5 * (fame - 1.8)
        value -= kind in _HOSTED and table.hubs[way.number] > HUB
        return value + 0.75 * (fame - 1.8) + 0.12 * (min(size, 10) - 6)
    if kind in _FORM:
        slope = 0.5 if kind in ("form-w", "form-p") else 0.3
        value = _FORM[kind] - _OBSCURE * max(0.0, 1 - fame)
        return value + 0.6 * (fame - 1.8) + slope * (min(size, 11) - 6.5)
    if kind in _OTHER:
        hub = math.log2(1 + table.hubs[way.number]) * (0.25 if kind.startswith("glued") else 0.4)
        return _OTHER[kind] + 0.8 * (fame - 2) - hub + 0.25 * (min(size, 12) - 7)
    if kind == "brand":
        return _BRAND
    if kind == "stdlib":
        return _STDLIB
    return _edited(kind, fame, size) - (0.6 if downloads is None else 0.0)


def _edited(kind: str, fame: float, size: int) -> float:
    value = 0.0
    for mark, less in (("affix-", 1.1), ("double-", 0.5), ("core-", 0.6), ("first-", 1.0)):
        if kind.startswith(mark):
            kind = kind.removeprefix(mark)
            value -= less
    two = kind in ("two-edits", "swapped", "appended")
    value -= 0.35 * max(0, _SHORT - size)
    if two:
        return value + min(_EDIT[kind] + 0.8 * (fame - 2.5) + 0.45 * (min(size, 12) - 7), 0.6)
    value -= _OBSCURE * max(0.0, 1 - fame)
    return value + _EDIT[kind] + 0.85 * (fame - 2) + 0.1 + 0.4 * (min(size, 12) - 7)


def probability(odds: float) -> float:
    """Log-odds as a number in (0, 1), to three places; ACCUSED is 0.5."""
    return round(1 / (1 + math.exp(-max(min(odds, 30.0), -30.0))), 3)
