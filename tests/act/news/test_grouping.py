"""New malicious projects in groups: by their source, by what they share, by names; and each on what it rests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from stockade.act.news.grouping import Basis, Group, groups, projects
from stockade.model.advisory import Advisory
from tests.support.environments import malicious
from tests.support.records import NOW

DAY = timedelta(days=1)


def grouped(*advisories: Advisory) -> list[tuple[str, list[str], tuple[str, ...]]]:
    found = groups(projects(advisories))
    return [(one.basis, [str(each.name) for each in one.projects], one.shared) for one in found]


def told(name: str, *, days: int = 0, **more: Any) -> Advisory:
    return malicious(f"{name}==1", at=NOW + days * DAY, **more)


def test_what_its_source_calls_one_campaign_is_one_group() -> None:
    found = grouped(
        told("abc", campaign=("2026-11-rats",)),
        told("xyz", campaign=("2026-11-rats",), days=3),
        told("other"),
    )
    assert found == [("campaign", ["abc", "xyz"], ("2026-11-rats",)), ("none", ["other"], ())]


def test_a_shared_host_joins_and_everybodys_host_does_not() -> None:
    found = grouped(
        told("abc", indicators=("evil.invalid", "discord.com")),
        told("def", indicators=("https://evil.invalid/", "evil.invalid")),
        told("ghi", indicators=("discord.com", "https-only.invalid")),
        told("jkl", indicators=("api.telegram.org",)),
        told("mno", indicators=("api.telegram.org",)),
    )
    assert found[0] == ("indicator", ["abc", "def"], ("evil.invalid",))
    assert [one for _, one, _ in found[1:]] == [["ghi"], ["jkl"], ["mno"]]
    assert {basis for basis, _, _ in found[1:]} == {"none"}


def test_names_that_are_alike_on_one_day_come_last_and_say_so() -> None:
    found = grouped(
        told("requestss-lib"),
        told("request-slib"),
        told("requests-libb"),
        told("requests-lob", days=1),
        told("numpyx"),
    )
    assert found[0] == ("names", ["request-slib", "requests-libb", "requestss-lib"], ())
    assert [one for _, one, _ in found[1:]] == [["requests-lob"], ["numpyx"]]


def test_short_names_need_to_be_closer() -> None:
    assert [one for _, one, _ in grouped(told("abcdef"), told("abcdxy"))] == [["abcdef"], ["abcdxy"]]
    assert [one for _, one, _ in grouped(told("abcdef"), told("abcdeg"))] == [["abcdef", "abcdeg"]]
    assert len(grouped(told("abcd"), told("abce"))) == 2, "too short to say"


def test_a_name_does_not_join_a_campaign() -> None:
    assert len(grouped(told("requests-lib", campaign=("c",)), told("requests-lab"))) == 2


def test_one_project_in_several_feeds_is_one_and_what_was_withdrawn_is_none() -> None:
    found = projects(
        [
            told("abc", key="MAL-2", days=2),
            told("abc", key="MAL-1", source="other"),
            told("gone", withdrawn=NOW),
            told("weak", malicious=False),
        ]
    )
    (one,) = found
    assert [each.id for each in one.advisories] == ["MAL-1", "MAL-2"] and one.first == NOW


@pytest.mark.parametrize(
    ("text", "takes"),
    [
        ("exfiltration-credentials", ("credentials",)),
        ("Steals Discord tokens and browser cookies", ("tokens", "browser data")),
        ("dependency-confusion: sends the host name", ("what the machine is",)),
        (
            "reads environment variables, ~/.ssh and AWS keys",
            ("environment variables", "SSH keys", "cloud keys"),
        ),
        ("replaces wallet addresses in the clipboard", ("wallets",)),
        ("Malicious code in tokenizer-x", ()),
    ],
)
def test_what_it_takes_as_far_as_its_records_tell(text: str, takes: tuple[str, ...]) -> None:
    assert one_group(told("abc", summary="", reasons=(text,))).takes == takes
    assert one_group(told("abc", summary=text)).takes == takes


def one_group(*advisories: Advisory) -> Group:
    (found,) = groups(projects(advisories))
    return found


def test_what_most_records_say_is_told_first() -> None:
    made = one_group(
        told("abc", campaign=("c",), reasons=("infostealer",)),
        told("abd", campaign=("c",), reasons=("infostealer", "obfuscation")),
    )
    assert made.says == ("infostealer", "obfuscation")
    assert one_group(told("abc")).says == ("Malicious code in abc",)


def test_a_record_without_a_time_is_told_all_the_same() -> None:
    made = one_group(told("abc", published=None))
    assert made.first is None and made.last is None


def test_a_thousand_names_of_one_day_are_one_group_soon() -> None:
    many = [told(f"totally-legit-{number:04}") for number in range(1_000)]
    found = groups(projects(many))
    assert found[0].basis is Basis.NAMES and len(found[0].projects) > 200
