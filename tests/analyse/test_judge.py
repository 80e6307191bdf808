"""The judge: a fitted logistic score that evidence can only raise."""

from __future__ import annotations

from dataclasses import replace
from math import exp

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockade.acquire.reference import weights
from stockade.analyse.judge import (
    BadModel,
    Model,
    contributions,
    explain,
    features,
    judge,
    log_odds,
    parse_model,
    places,
    score,
)
from stockade.model.assessment import Clean, Findings, Flagged, Unknown
from stockade.model.evidence import Evidence, Gap, GapKind, Location, Phase
from stockade.model.project import Digest

MODEL = Model(
    intercept=-4.0,
    weights={"loud": 3.0, "loud@install": 3.0, "soft": 0.5},
    ask=0.5,
    block=0.9,
    fitted="2026-01-01",
    data="none",
)


NAMES = st.sampled_from(["loud", "soft", "other"])
FILES = st.sampled_from(["a.py", "b.py"])


def seen(detector: str, phase: Phase | None = Phase.INSTALL, file: str = "setup.py") -> Evidence:
    return Evidence(detector=detector, message="does it", where=Location(file=file, line=1), phase=phase)


def findings(*evidence: Evidence, gap: GapKind | None = None) -> Findings:
    gaps = () if gap is None else (Gap(kind=gap, what="x", why="y"),)
    return Findings(sha256=Digest("0" * 64), project="p", version="1", evidence=evidence, gaps=gaps)


def test_presence_counts_once_a_detector_and_phase() -> None:
    assert features([seen("a"), seen("a"), seen("a", None)]) == {"a", "a@install"}


def test_the_verdict_follows_score_and_gaps() -> None:
    assert isinstance(judge(findings(), MODEL), Clean)
    assert isinstance(judge(findings(seen("loud")), MODEL), Flagged)
    assert isinstance(judge(findings(gap=GapKind.LIMIT), MODEL), Unknown)
    assert isinstance(judge(findings(gap=GapKind.SCOPE), MODEL), Clean)
    assert isinstance(judge(findings(seen("loud"), gap=GapKind.LIMIT), MODEL), Flagged)


def test_the_score_is_the_logistic_of_the_sum() -> None:
    assert score([seen("loud")], MODEL) == pytest.approx(1 / (1 + 2.718281828459045**-2))
    assert score([], Model(intercept=-800, weights={}, ask=0, block=1, fitted="", data="")) == 0


def test_contributions_are_by_detector_and_sorted() -> None:
    assert list(contributions([seen("soft"), seen("loud")], MODEL).items()) == [("loud", 6.0), ("soft", 0.5)]


def test_an_explanation_adds_up_to_the_score() -> None:
    evidence = [seen("soft", None), seen("loud"), seen("loud", Phase.CALL), seen("quiet")]
    told = explain(evidence, replace(MODEL, priors=frozenset({"soft"})))
    assert [(one.detector, one.phases, one.log_odds, one.prior) for one in told.terms] == [
        ("loud", (Phase.INSTALL, Phase.CALL), 6.0, False),
        ("soft", (), 0.5, True),
        ("quiet", (Phase.INSTALL,), 0.0, False),
    ]
    assert sum(one.share for one in told.terms) == pytest.approx(1)
    assert told.total == told.intercept + sum(one.log_odds for one in told.terms)
    assert told.score == pytest.approx(1 / (1 + exp(-told.total))) == judge(findings(*evidence), MODEL).score


def test_nothing_seen_is_explained_too() -> None:
    told = explain([seen("quiet")], MODEL)
    assert (told.total, told.terms[0].share, told.file) == (MODEL.intercept, 0.0, "")


def test_the_weights_file_names_its_priors() -> None:
    text = 'elsewhere = 0.1\npriors = ["soft"]\nintercept = -1\nfitted=""\ndata=""\n'
    text += "[thresholds]\nask=0.5\nblock=0.9\n[weights]\n"
    assert parse_model(text).priors == {"soft"}
    assert parse_model(text).elsewhere == 0.1
    with pytest.raises(BadModel):
        parse_model(text.replace("0.1", "1.1"))
    with pytest.raises(BadModel):
        parse_model(text.partition("\n")[2])


@settings(max_examples=40)
@given(
    st.lists(st.builds(seen, NAMES, st.just(Phase.INSTALL), FILES), max_size=6),
    st.builds(seen, NAMES, st.sampled_from([None, Phase.INSTALL]), FILES),
    st.sampled_from([0.0, 0.1, 1.0]),
)
def test_more_evidence_never_lowers_the_score(some: list[Evidence], more: Evidence, elsewhere: float) -> None:
    model = replace(MODEL, elsewhere=elsewhere)
    assert score([*some, more], model) >= score(some, model) - 1e-12


def test_what_comes_together_in_one_file_counts_in_full() -> None:
    model = replace(MODEL, elsewhere=0.1)
    together = [seen("loud", Phase.CALL), seen("soft", Phase.CALL)]
    apart = [seen("loud", Phase.CALL), seen("soft", Phase.CALL, "b.py")]
    assert log_odds(places(together).values(), model) == pytest.approx(-4 + 3.5)
    assert log_odds(places(apart).values(), model) == pytest.approx(-4 + 3 + 0.05)
    told = explain(apart, model)
    assert told.file == "setup.py"
    assert told.total == pytest.approx(-0.95)
    assert [one.log_odds for one in told.terms] == pytest.approx([3.0, 0.05])
    assert told.score == score(apart, model)


def test_what_is_said_of_the_artifact_as_a_whole_counts_in_full_with_any_file() -> None:
    model = replace(MODEL, elsewhere=0.1)
    evidence = [seen("loud", Phase.CALL), seen("soft", None, "PKG-INFO")]
    assert log_odds(places(evidence).values(), model) == pytest.approx(-4 + 3.5)
    alone = explain(evidence[1:], model)
    assert (alone.file, alone.total) == ("", -3.5)


def test_the_shipped_weights_are_a_model() -> None:
    model = parse_model(weights())
    assert 0 < model.ask <= model.block < 1
    assert model.intercept < 0


@pytest.mark.parametrize(
    "text",
    [
        "nonsense",
        "intercept = 1",
        'intercept = -1\nfitted=""\ndata=""\n[thresholds]\nask=0.9\nblock=0.5\n[weights]\n',
        'intercept = -1\nfitted=""\ndata=""\n[thresholds]\nask=0.5\nblock=0.9\n[weights]\na = -1\n',
        'intercept = -1\nfitted=""\ndata=""\nweights = 3\n[thresholds]\nask=0.5\nblock=0.9\n',
    ],
)
def test_damaged_weights_are_refused(text: str) -> None:
    with pytest.raises(BadModel):
        parse_model(text)
