"""A project's past as facts: what hostile pasts cost, what addresses mean, and how little any of it may weigh."""

from __future__ import annotations

import math
import time
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from stockade.acquire.reference import repositories, weights
from stockade.analyse.identity.history import Standing, remarks, repository
from stockade.analyse.identity.mail import why_throwaway
from stockade.analyse.judge import parse_model
from stockade.model.identity import Past, ProjectHistory
from stockade.model.project import ProjectName

AT = datetime(2026, 11, 24, tzinfo=UTC)
PRIORS = Path(__file__).parents[3] / "bench" / "priors.toml"
PAST = "attestation-lost borrowed-links dormant-project owners-changed release-burst throwaway-mail"
COPIED = "claimed-author copied-description"
DRIFT = "drift-dependencies drift-files drift-hosts drift-native drift-phase drift-sinks drift-startup files-disagree"


@pytest.mark.parametrize("series", [1, 10_000])
def test_ten_thousand_releases_take_no_time(series: int) -> None:
    start = AT - timedelta(days=80)
    releases = tuple(
        Past(version=f"{n % series}.0.{n}", uploaded=start + timedelta(minutes=n), files=1)
        for n in range(10_000)
    )
    history = ProjectHistory(project=ProjectName("demo"), at=AT, releases=releases)
    began = time.process_time()
    remarks(Standing(history=history, version=releases[-1].version))
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("https://github.com/Owner/Name", "github.com/owner/name"),
        ("github.com/owner/name.git", "github.com/owner/name"),
        ("https://www.gitlab.com/owner/name/-/tree/main", "gitlab.com/owner/name"),
        ("https://github.com/owner", None),
        ("https://github.com/sponsors/owner", None),
        ("https://github.com/orgs/owner/name", None),
        ("https://github.com.evil.invalid/owner/name", None),
        ("https://github.com/a%20b/c", None),
        ("https://[::1/x", None),
        ("", None),
    ],
)
def test_repositories(address: str, place: str | None) -> None:
    assert repository(address) == place


def test_the_list_of_known_repositories_is_what_this_version_would_write() -> None:
    known = repositories()
    assert len(known) > 400
    assert known["github.com/psf/requests"] == ("requests",)
    assert all(repository(place) == place for place in known)


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("a@yopmail.com", True),
        ("a@sub.mailinator.com", True),
        ("a@YOPMAIL.com.", True),
        ("a@localhost", True),
        ("a@", True),
        ("a@x..y", True),
        ("a@box.invalid", True),
        ("a@example.com", False),
        ("a@notyopmail.com", False),
        ("a@gmail.com", False),
        ("1+a@users.noreply.github.com", False),
    ],
)
def test_mail(address: str, is_one: bool) -> None:
    assert (why_throwaway(address) is not None) is is_one


@pytest.mark.parametrize("side", [PAST, DRIFT, COPIED], ids=["past", "drift", "copied"])
def test_all_of_it_together_asks_nobody(side: str) -> None:
    """Absence of a past, or a busy release, is never guilt: the most that it adds stays below the lower threshold."""
    table = tomllib.loads(PRIORS.read_text(encoding="utf-8"))["priors"]
    model = parse_model(weights())
    whole = math.fsum(table[name]["log_odds"] for name in side.split())
    assert model.intercept + whole < math.log(model.ask / (1 - model.ask))
    shipped = sorted(model.weights.get(name, 0.0) for name in side.split())[-2:]
    assert model.intercept + math.fsum(shipped) < math.log(model.ask / (1 - model.ask))
