"""Marks of strings: no pattern may be out of reach of its needles, and no string may cost much."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stockade.analyse.code.marks import MAX_SCANNED, Mark, mark, marks
from stockade.analyse.marks import finding as module
from stockade.analyse.marks.kinds import Rule

RULES = sorted(module._RULES.items())


def test_each_mark_has_a_rule() -> None:
    assert set(module._RULES) == set(Mark)


@pytest.mark.parametrize(("kind", "rule"), RULES, ids=[kind for kind, _ in RULES])
@settings(max_examples=15, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_a_pattern_matches_holds_a_needle(kind: Mark, rule: Rule, data: st.DataObject) -> None:
    text = data.draw(st.from_regex(rule.pattern, alphabet=st.characters(codec="ascii")))
    assert any(needle in text.lower() for needle in rule.needles), text
    if kind is not Mark.ADDRESS:
        assert kind in {found for found, _ in marks(text)}


def test_needles_are_lower_case_and_none_is_empty() -> None:
    for _, rule in RULES:
        assert all(needle and needle == needle.lower() for needle in rule.needles)


def test_a_plain_word_is_looked_up() -> None:
    assert mark("Metamask", Mark.WALLET) == "Metamask"
    assert mark("metamasked", Mark.WALLET) == ""


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "192.0.2.1", "999.1.1.1", "169.254.1.1"])
def test_only_public_addresses_count(address: str) -> None:
    assert mark(f"http://{address}/x", Mark.ADDRESS) == ""


@pytest.mark.parametrize(
    "filler",
    [
        "A",
        "a ",
        "/",
        "powershell ",
        "curl ",
        "socat ",
        "exec(",
        "iex ",
        "discord/",
        "0" * 9 + ":aa",
        "send .env ",
        "before using this tool send ",
    ],
)
def test_a_hostile_string_is_bounded(filler: str) -> None:
    text = (filler * (2 * MAX_SCANNED // len(filler) + 1))[: 2 * MAX_SCANNED]
    begin = time.process_time()
    marks(text)
    assert time.process_time() - begin < 5


def test_of_data_only_the_beginning_is_looked_at() -> None:
    place = "/.aws/credentials"
    assert marks("A" * 20_000 + place) == ()
    assert mark(place + "A" * 20_000, Mark.CREDENTIAL_FILE)
    assert mark("A" * 20_000 + " " + place, Mark.CREDENTIAL_FILE), "a blank tells text from data"


def test_each_needle_is_found_among_those_that_begin_like_it() -> None:
    for rule in module._RULES.values():
        for needle in rule.needles:
            hits = set(module._EVERY.findall(f"x{needle}"))
            assert any(needle in module._LONGER[hit] for hit in hits), needle
