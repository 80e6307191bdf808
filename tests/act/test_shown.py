"""Nothing that an attacker writes reaches a terminal as more than plain letters."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockade.act.report.shown import columns, shown
from tests.support.reports import NASTY


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("plain ~ text", "plain ~ text"),
        ("naïve 日本 ж", "naïve 日本 ж"),
        ("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"),
        ("\x9b31m", "\\x9b31m"),
        ("\x1b]8;;http://x.invalid\x07", "\\x1b]8;;http://x.invalid\\x07"),
        ("a\x00b\x7f\x08", "a\\x00b\\x7f\\x08"),
        ("over\rwrite", "over write"),
        ("two\nlines\u2028three\x0bfour\x85", "two lines three four"),
        ("tab\tbed", "tab bed"),
        ("\u202egpj.exe\u202c", "\\u202egpj.exe\\u202c"),
        ("\u2066a\u2069", "\\u2066a\\u2069"),
        ("zero\u200bwidth\u200d\ufeff", "zero\\u200bwidth\\u200d\\ufeff"),
        ("tag\U000e0041", "tag\\U000e0041"),
        ("vs\ufe0f\U000e0101", "vs\\ufe0f\\U000e0101"),
        ("lone\ud800\udcff", "lone\\ud800\\udcff"),
        ("private\ue000", "private\\ue000"),
        ("hangul\u3164filler\u2800", "hangul\\u3164filler\\u2800"),
        ("no-break\xa0space\u3000", "no-break\\xa0space\\u3000"),
        ("e\u0301\u0301\u0301\u0301", "e\u0301\u0301\\u0301\\u0301"),
        ("[bold]markup[/bold]", "[bold]markup[/bold]"),
        ("", ""),
    ],
)
def test_escapes(text: str, safe: str) -> None:
    assert shown(text) == safe


def test_the_cut_is_marked_and_splits_no_escape() -> None:
    assert shown("x" * 300, limit=10) == "xxxxxxxxx…"
    assert shown("x" * 10, limit=10) == "x" * 10
    assert shown("abcd\x1b\x1b", limit=10) == "abcd\\x1b…"
    assert shown("abcd\x1b\x1b", limit=10, ascii_only=True) == "abcd..."
    assert shown("日本語日本語", limit=7) == "日本語…"
    assert shown("\n" * 1000, limit=10) == "…" or len(shown("\n" * 1000, limit=10)) <= 11


def test_a_flood_is_not_even_read() -> None:
    assert len(shown("a" * 50_000_000, limit=80)) == 80


@given(st.text(alphabet=st.characters(exclude_categories=[]), max_size=80), st.integers(8, 60), st.booleans())
@settings(max_examples=60)
def test_any_text_is_one_printable_line(text: str, limit: int, plain: bool) -> None:
    got = shown(text + NASTY, limit=limit, ascii_only=plain)
    assert columns(got) <= limit
    assert not any(unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} for char in got)
    assert got.isascii() or not plain
    got.encode("utf-8")
