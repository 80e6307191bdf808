"""The figures of an evaluation: clusters weigh one, errors count against us, intervals are exact."""

from __future__ import annotations

import pytest

from stockade.act.report.evaluation import (
    ASK_ALARM,
    BLOCK,
    BLOCK_ALARM,
    Case,
    Share,
    alarms,
    later,
    recall,
    summary,
)


def case(
    cluster: str, action: str, *, malicious: bool = True, listed: str = "2024-01-01", size: int = 9_000
) -> Case:
    return Case(
        path=f"{cluster}.tar.gz",
        malicious=malicious,
        cluster=cluster,
        listed=listed,
        action=action,
        score=0.5,
        features=("loud", "loud@install") if action == "block" else (),
        size=size,
        source_bytes=1_000_000,
        parsed_bytes=100_000,
        seconds=0.1,
    )


def test_a_cluster_weighs_one_however_many_archives_it_has() -> None:
    cases = [case("big", "allow")] * 98 + [case("small", "block")]
    assert recall(cases, BLOCK) == Share(1.0, 2)


def test_half_a_cluster_counts_half() -> None:
    assert recall([case("a", "block"), case("a", "allow")], BLOCK).hits == 0.5


def test_undetermined_is_a_miss_and_an_alarm() -> None:
    unsure = case("a", "undetermined")
    assert recall([unsure], BLOCK).hits == 0
    assert alarms([unsure], BLOCK_ALARM).hits == alarms([unsure], ASK_ALARM).hits == 1


@pytest.mark.parametrize(
    ("hits", "total", "low", "high"),
    # Reference values: Clopper and Pearson, as tabulated.
    [(0, 100, 0.0, 0.0362), (5, 10, 0.1871, 0.8129), (10, 10, 0.6915, 1.0), (1, 473, 0.0001, 0.0117)],
)
def test_exact_intervals(hits: int, total: int, low: float, high: float) -> None:
    assert Share(hits, total).interval == pytest.approx((low, high), abs=1e-4)


def test_nothing_has_no_share() -> None:
    assert str(Share(0, 0)) == "none"
    assert Share(0, 0).interval == (0.0, 1.0)


def test_the_summary_says_it_all() -> None:
    cases = [
        case("a", "block"),
        case("b", "ask", listed="2024-09-01"),
        case("w.whl", "allow", malicious=False, size=900),
        case("v.whl", "block", malicious=False),
    ]
    text = summary(cases, peak_bytes=123_000_000, wall=2.0)
    assert "clusters blocked           50.0 % of 2" in text
    assert "  first listed 2024-08 on   0.0 % of 1" in text
    assert "clusters at ask           100.0 % of 2" in text
    assert "benign blocked             50.0 % of 2" in text
    assert "10.0 MB/s (2 MB in 0.2 s of processor time; 10 % parsed)" in text
    assert "100.0 ms median (1 up to 5000 bytes)" in text
    assert "123 MB" in text
    row = next(line for line in text.splitlines() if line.startswith("loud"))
    assert row.split() == ["loud", "1", "1", "1", "0.500"]


def test_one_side_alone_is_measured_too() -> None:
    assert "benign" not in summary([case("a", "block")]).splitlines()[1]
    assert "clusters" not in summary([case("v", "allow", malicious=False)]).partition("detector")[0]


def test_a_cluster_is_later_only_if_none_of_it_was_listed_before() -> None:
    old, again, new = (
        case("a", "block"),
        case("a", "ask", listed="2025-01-01"),
        case("b", "ask", listed="2024-08-01"),
    )
    assert later([old, again, new]) == [new]


def test_figures_stand_without_doubted_labels_too() -> None:
    cases = [case("a", "block"), case("b", "allow")]
    text = summary(cases, doubted=lambda one: one.cluster == "b")
    assert "clusters blocked           50.0 % of 2" in text
    assert "without 1 malicious archives" in text
    assert "clusters blocked          100.0 % of 1" in text
    assert "without" not in summary(cases, doubted=lambda one: False)
