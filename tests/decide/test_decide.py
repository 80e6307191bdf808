"""From assessment to decision: the hardest rule wins, nothing unmapped passes, waivers are the only way round."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from math import nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockade.decide.decide import (
    CLEAN_SCORE,
    Subject,
    accepted,
    decide,
    exit_for,
    how_to_allow,
    waive_command,
    without_ignored,
)
from stockade.decide.policy import Action, Condition, DetectorRule, Mode, Policy, Thresholds
from stockade.decide.waivers import Waiver, make
from stockade.model.assessment import Assessment, Clean, Findings, Flagged, Unknown
from stockade.model.decision import Allow, Ask, Block, Decision, Exit, Undetermined
from stockade.model.evidence import Evidence, Gap, GapKind, Location
from stockade.model.project import Digest

NOW = datetime(2030, 1, 10, 12, tzinfo=UTC)
MODEL = Thresholds(block=0.8, ask=0.4)
SHA = Digest("a" * 64)
SUBJECT = Subject(project="foo", version="1.0", sha256=SHA, filename="foo-1.0.tar.gz")
LIMIT = Gap(kind=GapKind.LIMIT, what="big.bin", why="is encrypted")
SCOPE = Gap(kind=GapKind.SCOPE, what="x.so", why="is a native binary")
SHELL = Evidence(detector="install-shell", message="runs a command", where=Location(file="setup.py", line=3))


def made(
    assessment: Assessment,
    *conditions: str,
    policy: Policy | None = None,
    waivers: Iterable[Waiver] = (),
) -> Decision:
    return decide(
        SUBJECT,
        assessment,
        policy=policy or Policy(),
        waivers=waivers,
        now=NOW,
        thresholds=MODEL,
        conditions=frozenset(conditions),
    )


def clean(score: float = 0.1, *gaps: Gap) -> Clean:
    return Clean(score=score, evidence=(), gaps=gaps)


def flagged(score: float = 0.95, *gaps: Gap) -> Flagged:
    return Flagged(score=score, evidence=(SHELL,), gaps=gaps)


def unknown(*gaps: Gap) -> Unknown:
    return Unknown(score=0.2, evidence=(), gaps=gaps)


def waiver(**changes: object) -> Waiver:
    given: dict[str, object] = {
        "project": "foo",
        "version": "1.0",
        "sha256": SHA,
        "because": "we read it",
        "by": "ada",
        "now": NOW - timedelta(days=1),
        "lasting": timedelta(days=7),
    }
    return make(**{**given, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("assessment", "conditions", "kind"),
    [
        (clean(), (), Allow),
        (clean(0.1, SCOPE), (), Allow),
        (flagged(0.8), (), Block),
        (flagged(0.79), (), Ask),
        (flagged(0.4), (), Ask),
        (unknown(LIMIT), (), Undetermined),
        (unknown(), (), Undetermined),
        (clean(0.1, LIMIT), (), Undetermined),
        (flagged(0.5, LIMIT), (), Undetermined),
        (flagged(0.9, LIMIT), (), Block),
        (clean(), (Condition.TOO_NEW,), Ask),
        (clean(), (Condition.YANKED,), Ask),
        (clean(), (Condition.QUARANTINED,), Block),
        (clean(), (Condition.NO_DIGEST,), Undetermined),
        (clean(), (Condition.UNCONFINED,), Allow),
        (clean(), (Condition.NO_UPLOAD_TIME, Condition.ARCHIVED, Condition.DEPRECATED), Allow),
        (clean(), (Condition.TOO_NEW, Condition.NO_DIGEST), Undetermined),
        (flagged(0.5), (Condition.QUARANTINED,), Block),
    ],
)
def test_the_default_policy(assessment: Assessment, conditions: tuple[str, ...], kind: type) -> None:
    assert type(made(assessment, *conditions)) is kind


def test_reasons_are_sentences_and_the_weightiest_comes_first() -> None:
    decision = made(flagged(0.9, LIMIT), Condition.TOO_NEW)
    assert decision.reasons == (
        "its score 0.90 reaches 0.80, from where on it is blocked",
        "1 part of it could not be looked at, and the policy does not accept that",
        "it was uploaded less than 3d ago",
    )
    assert made(clean()).reasons == (f"{CLEAN_SCORE} 0.10",)
    assert made(flagged(0.5)).reasons == ("its score 0.50 lies between 0.40 and 0.80",)
    assert made(unknown()).reasons == ("it could not be judged",)
    assert made(unknown(LIMIT, LIMIT)).reasons[0].startswith("2 parts")


def test_a_score_below_a_threshold_is_not_told_as_equal_to_it() -> None:
    assert made(flagged(0.7996)).reasons == ("its score 0.799 lies between 0.40 and 0.80",)
    assert made(flagged(0.57)).reasons == ("its score 0.57 lies between 0.40 and 0.80",)


def test_what_nothing_maps_is_blocked() -> None:
    decision = made(clean(), "eaten-by\x1bbears")
    assert isinstance(decision, Block)
    assert decision.reasons[0] == "'eaten-by\\x1bbears', and no rule of the policy maps that"
    assert isinstance(made(clean(), policy=Policy(rules={})), Block)
    assert isinstance(made(flagged(0.5), policy=Policy(rules={Condition.CLEAN: Action.ALLOW})), Block)


@pytest.mark.parametrize("score", [nan, -0.1, 1.1, float("inf")])
def test_a_score_that_is_none_is_not_innocence(score: float) -> None:
    assert isinstance(made(clean(score)), Undetermined)


def test_the_score_rules_whatever_the_assessment_calls_itself() -> None:
    assert isinstance(made(clean(0.9)), Block)
    assert isinstance(made(flagged(0.1)), Allow)
    assert isinstance(made(clean(0.3), policy=Policy(block=0.25)), Block)
    assert isinstance(made(flagged(0.5), policy=Policy(ask=0.6)), Allow)


def test_rules_can_be_changed() -> None:
    rules = dict(Policy().rules)
    rules[Condition.FLAGGED] = Action.ALLOW
    rules[Condition.LIMIT] = Action.ALLOW
    decision = made(flagged(0.9, LIMIT), policy=Policy(rules=rules))
    assert isinstance(decision, Allow)
    assert len(decision.reasons) == 2, "what was let pass is still told"


@pytest.mark.parametrize(
    ("entry", "why", "is_accepted"),
    [
        ("encrypted", "is encrypted", True),
        ("Encrypted", "encrypted, so not read", True),
        ("is encrypted", "is encrypted", True),
        ("encrypted", "it is encrypted", True),
        ("It unpacks to more", "it unpacks to more than 200 times its size", True),
        ("encrypted", "could not be read: encrypted", False),
        ("encrypted", "is nested too deeply", False),
    ],
)
def test_accepted_gaps_are_named_by_how_their_reason_begins(entry: str, why: str, is_accepted: bool) -> None:
    gap = Gap(kind=GapKind.LIMIT, what="encrypted", why=why)
    policy = Policy(accepted_gaps=(entry,))
    assert accepted(gap, policy) is is_accepted
    decision = made(unknown(gap), policy=policy)
    assert type(decision) is (Allow if is_accepted else Undetermined)
    if is_accepted:
        assert decision.reasons == (f"{CLEAN_SCORE} 0.20, and the policy accepts what was not looked at (1)",)


def test_accepting_one_gap_accepts_no_other() -> None:
    other = Gap(kind=GapKind.LIMIT, what="a", why="took too long")
    assert isinstance(made(unknown(LIMIT, other), policy=Policy(accepted_gaps=("encrypted",))), Undetermined)


def test_a_detector_that_the_policy_blocks() -> None:
    policy = Policy(detectors={"install-shell": DetectorRule.BLOCK, "other": DetectorRule.BLOCK})
    decision = made(Clean(score=0.1, evidence=(SHELL,), gaps=()), policy=policy)
    assert isinstance(decision, Block)
    assert decision.reasons == ("the policy blocks whatever install-shell reports", f"{CLEAN_SCORE} 0.10")
    assert isinstance(made(clean(), policy=policy), Allow)


def test_an_ignored_detector_is_dropped_before_scoring() -> None:
    findings = Findings(sha256=SHA, project="foo", version="1", evidence=(SHELL,))
    assert without_ignored(findings, Policy()) is findings
    ignoring = Policy(detectors={"install-shell": DetectorRule.IGNORE})
    assert without_ignored(findings, ignoring).evidence == ()
    assert without_ignored(findings, Policy(detectors={"install-shell": DetectorRule.BLOCK})) is findings


@pytest.mark.parametrize("assessment", [flagged(0.9), flagged(0.5), unknown(LIMIT)])
def test_a_waiver_turns_any_refusal_into_allowance(assessment: Assessment) -> None:
    decision = made(assessment, waivers=[waiver()])
    assert isinstance(decision, Allow)
    assert decision.reasons[0] == "waived until 2030-01-16 12:00 UTC by ada: we read it"
    assert len(decision.reasons) > 1, "why it was refused is still told"


def test_what_is_allowed_anyway_needs_no_waiver() -> None:
    assert made(clean(), waivers=[waiver()]).reasons == (f"{CLEAN_SCORE} 0.10",)


@pytest.mark.parametrize(
    ("changes", "policy", "told"),
    [
        ({"sha256": "b" * 64}, Policy(), None),
        ({"version": "1.1"}, Policy(), None),
        ({"lasting": timedelta(days=1)}, Policy(), "a waiver of ada expired on 2030-01-10"),
        ({}, Policy(waivers_allowed=False), "there is a waiver of ada, but the policy admits none"),
        ({}, Policy(waiver_days=6), "a waiver of ada runs longer than the 6 days that the policy admits"),
        ({"lasting": timedelta(days=30, hours=1)}, Policy(), "a waiver of ada runs longer than the 30 days"),
        ({"now": NOW + timedelta(days=40)}, Policy(), "a waiver of ada runs longer than the 30 days"),
    ],
)
def test_waivers_that_do_not_count(changes: dict[str, object], policy: Policy, told: str | None) -> None:
    decision = made(flagged(), policy=policy, waivers=[waiver(**changes)])
    assert isinstance(decision, Block)
    if told is None:
        assert decision.reasons == made(flagged(), policy=policy).reasons
    else:
        assert decision.reasons[-1].startswith(told)


def test_a_waiver_may_run_exactly_as_long_as_the_policy_admits() -> None:
    exact = waiver(lasting=timedelta(days=30), now=NOW)
    assert isinstance(made(flagged(), waivers=[exact]), Allow)


def test_the_command_is_exact_and_safe_to_paste() -> None:
    tail = f"--sha256 {SHA} --for 7d --because '…'"
    assert waive_command("Foo_Bar", "1.0", SHA) == f"stockade allow foo-bar==1.0 {tail}"
    for project, version in [("$(reboot)", "1.0"), ("foo", "1;reboot"), ("", ""), ("foo", "1\x1b[2J")]:
        assert waive_command(project, version, SHA) == f"stockade allow {tail}"


@given(st.text(max_size=30), st.text(max_size=30))
@settings(max_examples=60)
def test_no_claim_gets_out_of_its_word(project: str, version: str) -> None:
    line = waive_command(project, version, SHA)
    words = shlex.split(line)
    assert line.replace("…", "").isascii() and line.isprintable()
    assert words[:2] == ["stockade", "allow"]
    assert words[-6:] == ["--sha256", SHA, "--for", "7d", "--because", "…"]
    assert len(words) in (8, 9)


def test_the_command_obeys_the_policy() -> None:
    assert "--for 7d" in how_to_allow("foo", "1", SHA, Policy())
    assert "--for 2d" in how_to_allow("foo", "1", SHA, Policy(waiver_days=2))
    assert how_to_allow("foo", "1", SHA, Policy(waivers_allowed=False)) == ""


def test_monitor_mode_refuses_nothing() -> None:
    monitor = Policy(mode=Mode.MONITOR)
    refused: list[Decision] = [Block(()), Undetermined(()), Ask(())]
    assert exit_for(refused, Policy()) is Exit.BLOCKED
    for one in refused:
        assert exit_for([one], monitor) is Exit.ALLOWED
    assert exit_for([], monitor) is Exit.NOTHING, "nothing inspected is not an all-clear"
    assert isinstance(made(flagged(), policy=monitor), Block), "the report says what would have been"


_ACTIONS = st.sampled_from(list(Action))


@given(st.fixed_dictionaries(dict.fromkeys(Condition, _ACTIONS)), st.sets(st.sampled_from(list(Condition))))
@settings(max_examples=60)
def test_the_hardest_of_all_that_holds_wins(
    rules: dict[Condition, Action], conditions: set[Condition]
) -> None:
    held = [rules[Condition.CLEAN], *(rules[one] for one in conditions)]
    decision = made(clean(), *conditions, policy=Policy(rules=rules))
    assert type(decision).__name__.lower() == max(held, key=lambda one: one.rank)
