"""How far two names are apart, and by what kind of slip."""

from __future__ import annotations

#: Rows of a QWERTY keyboard, shifted as they lie.
_ROWS = (("1234567890-", 0.0), ("qwertyuiop", 0.5), ("asdfghjkl", 0.75), ("zxcvbnm", 1.25))
_AT = {key: (row, shift + place) for row, (keys, shift) in enumerate(_ROWS) for place, key in enumerate(keys)}
#: Keys whose centres are at most so far apart are neighbours.
_REACH = 1.3
NEIGHBOURS = frozenset(
    (one, other)
    for one, (row, place) in _AT.items()
    for other, (below, beside) in _AT.items()
    if one != other and abs(row - below) <= 1 and abs(place - beside) <= _REACH
)
_LOOKS = "il l1 i1 ij lt o0 oc s5 z2 b6 g9 gq uv vw nm ce b8 3e a4"
LOOKALIKES = frozenset(pair for both in _LOOKS.split() for pair in ((both[0], both[1]), (both[1], both[0])))
VOWELS = frozenset("aeiouy")


def distance(one: str, other: str, limit: int) -> int:
    """Optimal string alignment distance (Damerau 1964), or ``limit + 1`` where it is more than `limit`."""
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        row = [i]
        for j, right in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
        before, last = last, row
    return min(last[-1], limit + 1)


def within(one: str, other: str, limit: int) -> int:
    """The same for a `limit` of 1 or 2, quicker: how many edits, or ``limit + 1``."""
    if one == other:
        return 0
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    same = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        same += 1
    one, other = one[same:], other[same:]
    short, less = one[1:], other[1:]
    if short in (less, other) or one == less:
        return 1
    swapped = one[:2] == other[1::-1]
    if swapped and one[2:] == other[2:]:
        return 1
    if limit == 1:
        return 2
    if within(short, less, 1) == 1 or within(one, less, 1) == 1 or within(short, other, 1) == 1:
        return 2
    return 2 if swapped and within(one[2:], other[2:], 1) == 1 else 3


def trimmed(one: str, other: str) -> tuple[int, str, str]:
    """(length of the common beginning, what is left of each) without the common beginning and end."""
    start = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        start += 1
    one, other = one[start:], other[start:]
    end = 0
    for left, right in zip(reversed(one), reversed(other), strict=False):
        if left != right:
            break
        end += 1
    return start, one[: len(one) - end], other[: len(other) - end]


def slip(name: str, target: str) -> str:
    """What kind of one edit makes `name` of `target`; "" if it is more than one."""
    start, left, right = trimmed(name, target)
    if len(left) == 1 and not right:
        return _addition(name, start, left)
    if len(right) == 1 and not left:
        if start == len(name) and (right.isdigit() or right == "s"):
            return "numeral" if right.isdigit() else "plural"
        return "repetition" if _beside(target, start, right) else "omission"
    if len(left) == len(right) == 1:
        return _substitution(left, right)
    if len(left) == len(right) == 2 and left == right[::-1]:
        return "transposition"
    return ""


def _addition(name: str, at: int, char: str) -> str:
    if char.isdigit():
        return "numeral"
    if _beside(name, at, char):
        return "repetition"
    if char == "s" and at == len(name) - 1:
        return "plural"
    near = {name[place] for place in (at - 1, at + 1) if 0 <= place < len(name)}
    return "keyboard" if any((char, one) in NEIGHBOURS for one in near) else "addition"


def _substitution(left: str, right: str) -> str:
    if (left, right) in LOOKALIKES:
        return "lookalike-letter"
    if left.isdigit() and right.isdigit():
        return "numeral"
    if left in VOWELS and right in VOWELS:
        return "vowel"
    return "keyboard" if (left, right) in NEIGHBOURS else "substitution"


def _beside(text: str, at: int, char: str) -> bool:
    return (at > 0 and text[at - 1] == char) or (at + 1 < len(text) and text[at + 1] == char)
