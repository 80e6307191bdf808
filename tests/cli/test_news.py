"""`stockade news`: from the feeds on this machine, and what of it touches what was ever here."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from stockade.act.report.news import NEWS_SCHEMA
from stockade.cli.ledger import this_machine
from stockade.remember.durable.store import Durable
from tests.act.test_json import validator
from tests.cli.conftest import Run
from tests.support.environments import inventory, malicious, published

NOW = datetime.now(UTC)
EVIL = "sends\x1b[2J \u202eeverything"


def day(days: int) -> datetime:
    return NOW - timedelta(days=days)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def filled(data: Path) -> None:
    published(
        data,
        malicious("reqests==1", at=day(1), campaign=("2026-11-rats",), reasons=("exfiltration-credentials",)),
        malicious("urlib3==1", at=day(2), campaign=("2026-11-rats",)),
        malicious("flask==0.0.9", at=day(1), summary=EVIL),
        malicious("evil==1.0", at=day(3), summary="steals tokens"),
        malicious("nothing-of-yours==1", at=day(1)),
        malicious("long-ago==1", at=day(9)),
        malicious("weak==1", at=day(1), malicious=False),
        at=NOW,
    )


def installed(data: Path) -> None:
    with Durable(data / "gate-1.sqlite3", note=print) as store:
        store.remember_inventory(
            this_machine(), inventory("requests==2.32", "evil==1.0", "flask==3.0", "x==1"), NOW
        )


def test_what_touches_you_comes_first(run: Run, data: Path) -> None:
    filled(data)
    installed(data)
    done = run("news")
    assert done.code == 0, done.err
    text = done.out
    assert text.index("evil") < text.index("flask") < text.index("reqests") < text.index("nothing-of-yours")
    assert "YOU: evil==1.0 was here: /home/ada/work/.venv; `stockade watch --alerts` tells more" in text
    assert "YOU: flask==3.0 was here, which no record calls malicious" in text
    assert "YOU: reqests is one slip from requests (omission), which was here" in text
    assert "2 projects: reqests, urlib3" in text and "campaign 2026-11-rats, by its source" in text
    assert "takes: tokens" in text and "takes: credentials" in text
    assert "\x1b[2J" not in text and "\u202e" not in text
    assert "long-ago" not in text and "weak" not in text
    assert "5 malicious projects in 4 groups." in text and "3 of them touch you." in text
    assert "long-ago" in run("news", "--days", "10").out


def test_json_says_the_same_by_its_schema(run: Run, data: Path) -> None:
    filled(data)
    installed(data)
    value = json.loads(run("news", "--format", "json").out)
    validator(NEWS_SCHEMA).validate(value)
    first = value["groups"][0]
    assert first["touched"] == [
        {
            "kind": "condemned",
            "project": "evil",
            "yours": "evil==1.0",
            "slip": "",
            "places": ["/home/ada/work/.venv"],
        }
    ]
    rats = next(one for one in value["groups"] if one["basis"] == "campaign")
    assert [one["name"] for one in rats["projects"]] == ["reqests", "urlib3"]
    assert value["compared"] is True and value["feeds"][0]["name"] == "osv"


def test_who_has_no_ledger_yet_is_told_how_to_have_one(run: Run, data: Path) -> None:
    filled(data)
    done = run("news")
    assert "`stockade audit --all` writes it down" in done.out and "YOU" not in done.out
    assert json.loads(run("news", "--format", "json").out)["compared"] is False


def test_quiet_days(run: Run, data: Path) -> None:
    published(data, at=NOW)
    installed(data)
    out = run("news", "--days", "1").out
    assert (
        out.startswith("1 day until ") and "0 malicious projects in 0 groups.\nNone of it touches you." in out
    )


def test_much_is_cut_short_unless_asked_for(run: Run, data: Path) -> None:
    published(data, *(malicious(f"{chr(97 + number) * 6}==1", at=day(1)) for number in range(13)), at=NOW)
    assert "and 3 more groups that do not touch you; --all shows them" in run("news").out
    assert "more groups" not in run("news", "--all").out


def test_without_feeds_there_is_no_news(run: Run) -> None:
    done = run("news")
    assert done.code == 3 and "there is no copy of a feed" in done.err and "stockade feed sync" in done.err


@pytest.mark.parametrize("days", ["0", "-1", "x", "99999"])
def test_days_that_are_none(run: Run, days: str) -> None:
    assert run("news", "--days", days).code == 2
