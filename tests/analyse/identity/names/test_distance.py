"""How far two names are apart, and by which slip."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockade.analyse.identity.names.distance import distance, slip, trimmed, within

_NAMES = st.text(alphabet="abc1", max_size=8)


@pytest.mark.parametrize(
    ("one", "other", "edits"),
    [("requests", "requests", 0), ("reqeusts", "requests", 1), ("request", "requests", 1), ("abc", "xyz", 3)],
)
def test_distance_counts_a_swap_once(one: str, other: str, edits: int) -> None:
    assert distance(one, other, 2) == min(edits, 3)


def test_distance_gives_up_at_the_limit() -> None:
    assert distance("a" * 50, "b" * 50, 2) == 3
    assert distance("short", "much-longer-name", 2) == 3


@given(_NAMES, _NAMES, st.integers(1, 2))
def test_the_quick_one_agrees(one: str, other: str, limit: int) -> None:
    assert within(one, other, limit) == distance(one, other, limit)


@given(_NAMES, _NAMES, _NAMES)
def test_what_is_common_is_trimmed(before: str, one: str, other: str) -> None:
    start, left, right = trimmed(before + one, before + other)
    assert start >= len(before)
    assert distance(left, right, 8) == distance(before + one, before + other, 8)


@pytest.mark.parametrize(
    ("name", "target", "kind"),
    [
        ("reqeusts", "requests", "transposition"),
        ("requestss", "requests", "repetition"),
        ("numppy", "numpy", "repetition"),
        ("pilow", "pillow", "repetition"),
        ("requsts", "requests", "omission"),
        ("pandaz", "pandas", "keyboard"),
        ("seleniun", "selenium", "lookalike-letter"),
        ("djanga", "django", "vowel"),
        ("nompy", "numpy", "vowel"),
        ("gumpy", "numpy", "substitution"),
        ("pandass", "pandas", "repetition"),
        ("flasks", "flask", "plural"),
        ("httplib", "httplib2", "numeral"),
        ("setuptool", "setuptools", "plural"),
        ("flask2", "flask", "numeral"),
        ("urllib4", "urllib3", "numeral"),
        ("colourama", "colorama", "addition"),
        ("two", "edits", ""),
    ],
)
def test_which_slip(name: str, target: str, kind: str) -> None:
    assert slip(name, target) == kind
