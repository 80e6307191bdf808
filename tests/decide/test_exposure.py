"""The blast radius, row by row."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from stockade.decide.exposure import Window, exposures, window
from stockade.decide.guides import danger, steps
from stockade.model.credential import Credential, Kind, Life, Place
from stockade.model.exposure import Level, Stayed, Use
from stockade.model.project import ProjectName, Release

CAME = datetime(2026, 3, 1, tzinfo=UTC)
WENT = datetime(2026, 3, 8, tzinfo=UTC)
DAY = timedelta(days=1)
SPAN = Window(start=CAME, end=WENT)
ONE = Credential(
    provider="AWS",
    kind=Kind.ACCESS_KEY,
    principal="AKIAFAKE",
    places=(Place(where="~/.aws/credentials", item="profile dev"),),
    life=Life.LONG,
)
VARIABLE = (Place(where="$AWS_SECRET_ACCESS_KEY"),)


def stayed(first: datetime, gone: datetime | None) -> Stayed:
    return Stayed(
        release=Release(name=ProjectName("evil"), version="1"), place="/e", first=first, last=WENT, gone=gone
    )


@pytest.mark.parametrize(
    ("stays", "expected"),
    [
        ([(CAME, WENT)], (CAME, WENT)),
        ([(CAME, None)], (CAME, None)),
        ([(CAME + DAY, WENT), (CAME, WENT - DAY)], (CAME, WENT)),
        ([(CAME, WENT), (CAME, None)], (CAME, None)),
    ],
)
def test_a_window(
    stays: list[tuple[datetime, datetime | None]], expected: tuple[datetime, datetime | None]
) -> None:
    made = window(stayed(*one) for one in stays)
    assert (made.start, made.end) == expected


ROWS: list[tuple[dict[str, object], datetime | None, Window, str]] = [
    # What lies in a file was readable, whenever it was written last.
    ({}, None, SPAN, "readable"),
    ({"known_since": CAME - DAY}, None, SPAN, "readable"),
    ({"known_since": WENT + DAY}, None, SPAN, "readable"),
    # What its own making or ending puts outside was not.
    ({"created": WENT + DAY}, None, SPAN, "not exposed"),
    ({"created": WENT}, None, SPAN, "not exposed"),
    ({"created": WENT - DAY}, None, SPAN, "readable"),
    ({"created": WENT + DAY}, None, Window(start=CAME, end=None), "readable"),
    ({"expires": CAME - DAY}, None, SPAN, "not exposed"),
    ({"expires": CAME}, None, SPAN, "not exposed"),
    ({"expires": CAME + DAY}, None, SPAN, "readable"),
    ({"expires": WENT + DAY}, None, SPAN, "readable"),
    # What was deleted since was there; what was deleted before was not.
    ({}, WENT + DAY, SPAN, "readable"),
    ({}, CAME + DAY, SPAN, "readable"),
    ({}, CAME, SPAN, "not exposed"),
    ({}, CAME - DAY, SPAN, "not exposed"),
    # Variables are given to all that is started; a passphrase helps, but not against a variable.
    ({"places": VARIABLE}, None, SPAN, "in the environment"),
    ({"places": (*ONE.places, *VARIABLE)}, None, SPAN, "in the environment"),
    ({"places": VARIABLE, "expires": CAME}, None, SPAN, "not exposed"),
    ({"kind": Kind.PRIVATE_KEY, "provider": "SSH"}, None, SPAN, "readable"),
    ({"kind": Kind.PRIVATE_KEY, "provider": "SSH", "locked": True}, None, SPAN, "readable, locked"),
    ({"kind": Kind.STORE, "provider": "Firefox (browser)"}, None, SPAN, "readable"),
    ({"life": Life.SHORT}, None, SPAN, "readable"),
    ({"life": Life.REFRESHING}, None, SPAN, "readable"),
]


@pytest.mark.parametrize(("change", "gone", "span", "level"), ROWS)
def test_a_row(change: dict[str, object], gone: datetime | None, span: Window, level: str) -> None:
    (made,) = exposures(span, [(replace(ONE, **change), gone)], [])  # type: ignore[arg-type]
    assert made.level == level
    assert made.why
    assert bool(made.steps) == (made.level is not Level.NOT)
    # Code that hands it over makes each that was there one that was passed.
    use = Use(where="~/x.py", line=3, names=((0, "AKIAFAKE"),))
    (handed,) = exposures(span, [(replace(ONE, **change), gone)], [use])  # type: ignore[arg-type]
    assert handed.level == ("not exposed" if level == "not exposed" else "passed")
    if handed.level is Level.PASSED:
        assert handed.why[0] == "~/x.py, line 3, imports it and names AKIAFAKE"


def test_a_deleted_one_is_said_to_be_no_safer() -> None:
    (made,) = exposures(SPAN, [(ONE, WENT + DAY)], [])
    assert made.why == (
        "it lay in ~/.aws/credentials until 2026-03-09: that it was deleted takes it from no thief",
    )


def test_the_order_is_that_of_danger() -> None:
    many = [
        replace(ONE, provider="Kaggle"),
        replace(ONE, provider="Firefox (browser)", kind=Kind.STORE),
        replace(ONE, life=Life.SHORT),
        ONE,
        replace(ONE, provider="SSH", kind=Kind.PRIVATE_KEY, locked=True),
        replace(ONE, provider="GitHub", places=(Place(where="$GH_TOKEN"),)),
        replace(ONE, provider="npm", expires=CAME),
        replace(ONE, provider="Hetzner"),
    ]
    use = Use(where="~/x.py", line=1, names=((7, "HCLOUD_TOKEN"),))
    made = exposures(SPAN, [(one, None) for one in many], [use])
    assert [(one.credential.provider, one.credential.life.value) for one in made] == [
        ("Hetzner", "long-lived"),
        ("GitHub", "long-lived"),
        ("AWS", "long-lived"),
        ("AWS", "short-lived"),
        ("Kaggle", "long-lived"),
        ("SSH", "long-lived"),
        ("Firefox (browser)", "long-lived"),
        ("npm", "long-lived"),
    ]


@pytest.mark.parametrize("principal", ["x; rm -rf ~", "$(id)", "a b", "`id`", "-f", "", "x\n"])
def test_no_name_becomes_part_of_a_command(principal: str) -> None:
    told = " ".join(steps(replace(ONE, principal=principal)))
    assert "--access-key-id ID --status" in told
    assert not principal.strip() or f" {principal} " not in told
    registry = replace(ONE, provider="container registry", places=(Place(where="~/x", item=principal),))
    assert "at its host;" in steps(registry)[0]


def test_a_sign_in_is_ended_and_no_key_is_made() -> None:
    assert steps(replace(ONE, life=Life.REFRESHING))[0].startswith("aws sso logout")


def test_steps_name_the_very_key() -> None:
    assert any("--access-key-id AKIAFAKE --status Inactive" in one for one in steps(ONE))
    assert "{" not in "".join(steps(replace(ONE, principal="")))
    assert steps(replace(ONE, provider="Nobody"))[0].startswith("make a new one")
    assert "signs" not in steps(replace(ONE, life=Life.SHORT))[0]
    assert steps(replace(ONE, kind=Kind.STORE, provider="Electrum (wallet)"))[0].startswith(
        "move what it holds"
    )
    assert danger("AWS") < danger("SSH") < danger("Nobody")
