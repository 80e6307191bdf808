"""The closest well-known name to one that does not exist."""

from __future__ import annotations

import pytest

from stockade.acquire.reference import popular
from stockade.analyse.identity.names import closest, distance
from stockade.model.project import ProjectName


@pytest.mark.parametrize(
    ("one", "other", "edits"),
    [("requests", "requests", 0), ("reqeusts", "requests", 1), ("request", "requests", 1), ("abc", "xyz", 3)],
)
def test_distance_counts_a_swap_once(one: str, other: str, edits: int) -> None:
    assert distance(one, other, 2) == min(edits, 3)


def test_distance_gives_up_at_the_limit() -> None:
    assert distance("a" * 50, "b" * 50, 2) == 3
    assert distance("short", "much-longer-name", 2) == 3


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("reqeusts", "requests"),
        ("numppy", "numpy"),
        ("flaskk", "flask"),
        ("quite-unlike-anything-known", None),
    ],
)
def test_the_likeliest_slip(typed: str, meant: str | None) -> None:
    assert closest(ProjectName(typed), popular()) == meant


def test_fewer_edits_beat_more_downloads() -> None:
    known = {ProjectName("abcdefg"): 1_000_000, ProjectName("abcxefgh"): 5}
    assert closest(ProjectName("abcxefg"), known) == "abcdefg"
    assert closest(ProjectName("abcxefghi"), known) == "abcxefgh"


def test_the_list_is_whole() -> None:
    known = popular()
    assert len(known) == 15_000
    assert min(known.values()) >= 57_000
