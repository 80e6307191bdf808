"""What is wrong with a credential, and what policy makes of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from stockade.decide.credentials import BETTER, action_on, concerns, ended
from stockade.decide.policy import Action, Policy
from stockade.decide.policyfile import parse_policy
from stockade.decide.policytext import explain
from stockade.errors import BadPolicy
from stockade.model.credential import Concern, Credential, Fault, Kind, Life, Mfa, Place
from stockade.model.decision import Exit

NOW = datetime(2026, 11, 1, tzinfo=UTC)
YOUNG, OLD = NOW - timedelta(days=10), NOW - timedelta(days=91)
ONE = Credential(
    provider="AWS",
    kind=Kind.ACCESS_KEY,
    places=(Place(where="~/.aws/credentials", item="profile dev"),),
    life=Life.LONG,
    known_since=YOUNG,
    mfa=Mfa.YES,
)


def faults(one: Credential, policy: Policy | None = None) -> set[str]:
    return {each.fault for each in concerns(one, policy or Policy(), NOW)}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, {"long-lived"}),
        ({"life": Life.SHORT}, set()),
        ({"provider": "Nobody"}, set()),
        ({"known_since": OLD}, {"long-lived", "old"}),
        ({"known_since": OLD, "created": YOUNG}, {"long-lived"}),
        ({"known_since": None}, {"long-lived", "unknown-age"}),
        ({"known_since": None, "life": Life.SHORT}, set()),
        ({"mfa": Mfa.NO}, {"long-lived", "no-mfa"}),
        ({"mfa": Mfa.UNKNOWN}, {"long-lived", "unknown-mfa"}),
        ({"mfa": Mfa.UNKNOWN, "life": Life.SHORT}, set()),
        ({"places": (Place(where="~/x", readable="everybody"),)}, {"long-lived", "readable"}),
        ({"places": (Place(where="~/x", repository="~/y"),)}, {"long-lived", "in-repository"}),
        ({"kind": Kind.PRIVATE_KEY, "provider": "private key"}, {"unlocked-key"}),
        ({"kind": Kind.PRIVATE_KEY, "provider": "SSH", "locked": True}, {"long-lived"}),
        ({"kind": Kind.STORE, "known_since": None, "mfa": Mfa.UNKNOWN, "life": Life.UNKNOWN}, set()),
        ({"expires": NOW, "known_since": OLD}, set()),
        ({"expires": NOW + timedelta(days=1)}, {"long-lived"}),
    ],
)
def test_what_is_wrong(change: dict[str, object], expected: set[str]) -> None:
    assert faults(replace(ONE, **change)) == expected  # type: ignore[arg-type]


def test_it_is_told_with_what_to_do() -> None:
    one = replace(ONE, known_since=OLD, places=(Place(where="~/.aws/credentials", readable="everybody"),))
    told = [(each.says, each.advice) for each in concerns(one, Policy(), NOW)]
    assert told == [
        ("~/.aws/credentials can be read by everybody", "chmod 600 ~/.aws/credentials"),
        ("it is at least 91 days old, and policy allows 90", "replace it: by hand"),
        ("it never ends by itself", BETTER["AWS"]),
    ]
    made = next(
        each for each in concerns(replace(ONE, created=OLD), Policy(), NOW) if each.fault is Fault.OLD
    )
    assert made.says == "it is 91 days old, and policy allows 90"


def test_policy_decides_and_the_worst_counts() -> None:
    found = [Concern(fault=Fault.REPOSITORY, says=""), Concern(fault=Fault.LONG_LIVED, says="")]
    assert action_on(found, Policy()) is Action.ASK
    strict = parse_policy('[credentials]\nlong-lived = "block"\nmax-age = "30d"', source="p")
    assert action_on(found, strict) is Action.BLOCK
    assert action_on((), strict) is Action.ALLOW
    assert faults(replace(ONE, known_since=NOW - timedelta(days=31)), strict) == {"long-lived", "old"}
    assert parse_policy(explain(strict), source="p").credentials == strict.credentials
    assert "max-age" in explain(strict)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[credentials]\nolder = "block"', "did you mean old"),
        ('[credentials]\nold = "no"', "credentials.old must be one of"),
        ('[credentials]\nmax-age = "soon"', "credentials.max-age"),
    ],
)
def test_a_wrong_rule_is_told(text: str, said: str) -> None:
    with pytest.raises(BadPolicy, match=said):
        parse_policy(text, source="p")


def test_codes() -> None:
    assert ended([]) is ended([Action.ALLOW]) is Exit.ALLOWED
    assert ended([Action.ALLOW, Action.ASK]) is Exit.ASK
    assert ended([Action.ASK, Action.UNDETERMINED]) is Exit.UNDETERMINED
    assert ended([Action.ASK, Action.BLOCK, Action.UNDETERMINED]) is Exit.BLOCKED
