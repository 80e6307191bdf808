"""Who must wait, who need not, and what the report says of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from stockade.decide.cooldown import Timing, cooldown, exempt_names
from stockade.decide.policy import Condition, Policy
from stockade.decide.policyfile import parse_policy
from stockade.decide.policytext import explain
from stockade.errors import BadPolicy
from stockade.model.project import ProjectName

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DEMO = ProjectName("demo")
OLD = NOW - timedelta(days=900)


def held(
    age: timedelta | None, *, born: datetime | None = OLD, fixes: str = "", policy: Policy | None = None
) -> str:
    """The condition that holds, "" for none."""
    timing = Timing(uploaded=None if age is None else NOW - age, born=born, fixes=fixes)
    found = cooldown(DEMO, timing, policy or Policy(), NOW).conditions
    return ",".join(condition for condition, _ in found)


@pytest.mark.parametrize(
    ("age", "born", "expected"),
    [
        (timedelta(days=3), OLD, ""),
        (timedelta(days=3, seconds=-1), OLD, "too-new"),
        (timedelta(hours=1), OLD, "too-new"),
        (timedelta(hours=1), NOW - timedelta(hours=1), "brand-new"),
        (timedelta(hours=23), NOW - timedelta(days=6), "brand-new"),
        (timedelta(hours=24), NOW - timedelta(days=6), "too-new"),
        (timedelta(hours=23), NOW - timedelta(days=7), "too-new"),
        (timedelta(days=4), NOW - timedelta(days=4), ""),
        (timedelta(hours=1), None, "too-new"),
        (None, OLD, "no-upload-time"),
        (None, None, "no-upload-time"),
    ],
)
def test_ages(age: timedelta | None, born: datetime | None, expected: str) -> None:
    assert held(age, born=born) == expected


def test_the_sentence_says_how_old_it_is_and_how_old_it_should_be() -> None:
    found = cooldown(DEMO, Timing(uploaded=NOW - timedelta(hours=26), born=OLD), Policy(), NOW)
    assert found.conditions[0][1] == (
        "it was uploaded 26 hours ago (2026-11-23 10:00 UTC); releases are left to age for 3d"
    )
    found = cooldown(
        DEMO, Timing(uploaded=NOW - timedelta(minutes=1), born=NOW - timedelta(days=2)), Policy(), NOW
    )
    assert "its project is new (2 days) and it was uploaded 1 minute ago" in found.conditions[0][1]


def test_a_fix_does_not_wait_but_a_new_project_does() -> None:
    hour = timedelta(hours=1)
    assert held(hour, fixes="PYSEC-1") == ""
    note = cooldown(DEMO, Timing(uploaded=NOW - hour, born=OLD, fixes="PYSEC-1"), Policy(), NOW).note
    assert "waived: it fixes PYSEC-1" in note
    assert held(hour, born=NOW - timedelta(days=2), fixes="PYSEC-1") == "brand-new"
    assert held(timedelta(days=2), born=NOW - timedelta(days=2), fixes="PYSEC-1") == "too-new"
    assert held(hour, fixes="PYSEC-1", policy=Policy(cooldown_fixes=False)) == "too-new"


def test_turned_off() -> None:
    off = Policy(minimum_age=timedelta(0), first_age=timedelta(0))
    assert held(timedelta(0), born=NOW, policy=off) == ""
    assert held(None, policy=off) == ""
    only_new = replace(off, first_age=timedelta(days=1))
    assert held(timedelta(0), born=NOW, policy=only_new) == "brand-new"
    assert held(None, policy=only_new) == ""


TEXT = """
[cooldown]
first-week = "3d"
first-week-age = "2h"
fixes = false

[[cooldown.exempt]]
project = "Demo"
until = 2026-12-01
because = "ours"
"""


def test_an_exemption_holds_until_its_day() -> None:
    policy = parse_policy(TEXT, source="stockade.toml")
    assert (policy.first_week, policy.first_age, policy.cooldown_fixes) == (
        timedelta(days=3),
        timedelta(hours=2),
        False,
    )
    assert held(timedelta(0), born=NOW, policy=policy) == ""
    assert "until 2026-12-01: ours" in cooldown(DEMO, Timing(uploaded=NOW), policy, NOW).note
    later = datetime(2026, 12, 1, tzinfo=UTC)
    assert cooldown(DEMO, Timing(uploaded=later), policy, later).conditions[0][0] is Condition.TOO_NEW
    assert exempt_names(policy, NOW) == {"demo"}
    assert exempt_names(policy, later) == frozenset()
    assert cooldown(ProjectName("other"), Timing(uploaded=NOW), policy, NOW).conditions


def test_the_effective_policy_reads_back_the_same() -> None:
    policy = parse_policy(TEXT, source="stockade.toml")
    again = parse_policy(explain(policy), source="again")
    assert (again.exempt, again.first_week, again.cooldown_fixes) == (policy.exempt, policy.first_week, False)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("cooldown = 3", "cooldown must be a table"),
        ("[cooldown]\nfixes = 1", "must be true or false"),
        ("[cooldown]\nfirst-week = 7", "must be a duration"),
        ("[cooldown]\nfirst-weak = '7d'", "did you mean first-week"),
        ("[cooldown]\nexempt = 'demo'", "must be a list of tables"),
        ("[cooldown]\nexempt = ['demo']", "must be tables with project, until, because"),
        ("[[cooldown.exempt]]\nproject = 'demo'", "must be tables with project, until, because"),
        ("[[cooldown.exempt]]\nproject = 'demo'\nuntil = '2030'\nbecause = 'x'", "until must be a day"),
        ("[[cooldown.exempt]]\nproject = '-'\nuntil = 2030-01-01\nbecause = 'x'", "names no project"),
        ("[[cooldown.exempt]]\nproject = 'demo'\nuntil = 2030-01-01\nbecause = ''", "because must say why"),
    ],
)
def test_a_wrong_cooldown_is_an_error_that_names_the_key(text: str, complaint: str) -> None:
    with pytest.raises(BadPolicy, match=complaint):
        parse_policy(text, source="stockade.toml")
