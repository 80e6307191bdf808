"""What of the news touches you: what was here, and names one slip away; nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest

from stockade.act.news.grouping import projects
from stockade.act.news.touching import Mine, Touch
from stockade.decide.advisories import matches_among
from stockade.model.project import Release
from stockade.model.sighting import Sighting, SightingKind
from tests.support.environments import malicious, release
from tests.support.records import NOW


def seen(sought: Iterable[Release]) -> Mapping[Release, tuple[Sighting, ...]]:
    return {
        one: (
            Sighting(
                key=str(one),
                kind=SightingKind.ENVIRONMENT,
                release=one,
                machine="ada",
                place="/v",
                first=NOW,
                last=NOW,
            ),
        )
        for one in sought
    }


def touched(new: str, *mine: str) -> list[tuple[str, str, str]]:
    (project,) = projects([malicious(new, at=NOW)])
    found = Mine(map(release, mine), matches_among, seen).touched(project)
    return [(one.kind, one.yours, one.slip) for one in found]


@pytest.mark.parametrize(
    ("new", "mine", "slip"),
    [
        ("reqests", "requests", "omission"),
        ("requestss", "requests", "repetition"),
        ("requetss", "requests", "transposition"),
        ("re-quests", "requests", "hyphen"),
        ("requests2", "requests", "numeral"),
        ("jinja3", "jinja2", "numeral"),
    ],
)
def test_a_name_one_slip_away(new: str, mine: str, slip: str) -> None:
    assert touched(f"{new}==1", f"{mine}==9", "other==1") == [("near-name", mine, slip)]


@pytest.mark.parametrize(
    ("new", "mine"), [("requ", "requests"), ("rqest", "requests"), ("abc", "abd"), ("abc", "abcd")]
)
def test_names_further_away_or_too_short_to_say(new: str, mine: str) -> None:
    assert touched(f"{new}==1", f"{mine}==1") == []


def test_what_was_here_is_told_by_its_version_and_not_by_its_name() -> None:
    assert touched("evil==1.0", "evil==1", "evil==2", "evill==1") == [
        (Touch.CONDEMNED, "evil==1", ""),
        (Touch.OTHER_VERSION, "evil==2", ""),
    ]
