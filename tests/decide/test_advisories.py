"""Which advisories a release is under, beside a slow and literal reading of OSV's evaluation algorithm."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from packaging.version import InvalidVersion, Version

from stockade.decide.advisories import _order, affects, covers, fix_for, matches_among
from stockade.model.advisory import Advisory, Range, Scope, canonical, scope
from stockade.model.project import ProjectName, Release

NAME = ProjectName("acme")
Events = list[tuple[str, str]]


def advisory(
    *versions: str, events: Iterable[tuple[str, str]] = (), key: str = "X-1", bad: bool = False
) -> Advisory:
    fixed = tuple(text for kind, text in events if kind == "fixed")
    ranges = (Range(events=tuple(events)),) if events else ()
    return Advisory(
        id=key, project=NAME, source="here", malicious=bad, versions=versions, ranges=ranges, fixed=fixed
    )


def release(version: str) -> Release:
    return Release(name=NAME, version=version)


# --- The algorithm as the schema writes it, for versions that are PEP 440's. ---


def literal(version: str, versions: list[str], ranges: list[Events]) -> bool:
    at = Version(version)
    return any(Version(one) == at for one in versions) or any(in_range(at, events) for events in ranges)


def in_range(at: Version, events: Events) -> bool:
    if not before_limits(at, events):
        return False
    vulnerable = False
    for kind, text in sorted((one for one in events if one[0] != "limit"), key=place):
        lowest = kind == "introduced" and text == "0"
        if kind == "introduced" and (lowest or at >= Version(text)):
            vulnerable = True
        elif (kind == "fixed" and at >= Version(text)) or (kind == "last_affected" and at > Version(text)):
            vulnerable = False
    return vulnerable


def place(event: tuple[str, str]) -> tuple[bool, Version]:
    """``introduced: "0"`` stands before everything; sorting keeps the record's order where versions are the same."""
    lowest = event == ("introduced", "0")
    return not lowest, Version("0") if lowest else Version(event[1])


def before_limits(at: Version, events: Events) -> bool:
    ends = [text for kind, text in events if kind == "limit"]
    return not ends or any(text == "*" or at < Version(text) for text in ends)


VERSIONS = st.builds(
    lambda epoch, release, pre, post, dev, local: (
        f"{epoch}{'.'.join(map(str, release))}{pre}{post}{dev}{local}"
    ),
    st.sampled_from(["", "", "", "1!", "v"]),
    st.lists(st.integers(0, 3), min_size=1, max_size=3),
    st.sampled_from(["", "", "", "a1", "b2", "rc1", ".RC1"]),
    st.sampled_from(["", "", ".post1"]),
    st.sampled_from(["", "", ".dev0"]),
    st.sampled_from(["", "", "", "+cu118", "+local.1"]),
)
EVENTS = st.lists(
    st.tuples(st.sampled_from(["introduced", "introduced", "fixed", "last_affected"]), VERSIONS)
    | st.just(("introduced", "0"))
    | st.tuples(st.just("limit"), VERSIONS | st.just("*")),
    max_size=6,
)


@settings(max_examples=1500, deadline=None)
@example("1.0+x", ["1"], [])
@example("0a1", [], [[("introduced", "0")]])
@example("0a1", [], [[("introduced", "0.0")]])
@example("1", [], [[("introduced", "1"), ("fixed", "1.0")]])
@example("1", [], [[("fixed", "1.0"), ("introduced", "1")]])
@example("2", [], [[("introduced", "0"), ("limit", "1"), ("limit", "*")]])
@given(VERSIONS, st.lists(VERSIONS, max_size=4), st.lists(EVENTS, max_size=3))
def test_it_finds_what_the_literal_algorithm_finds(
    version: str, versions: list[str], ranges: list[Events]
) -> None:
    """A property; a local version is under what its public part is under, too."""
    one = Advisory(
        id="X-1",
        project=NAME,
        source="here",
        versions=tuple(versions),
        ranges=tuple(Range(events=tuple(events)) for events in ranges),
    )
    expected = literal(version, versions, ranges) or literal(Version(version).public, versions, ranges)
    assert affects(one, version) == expected


@settings(max_examples=500, deadline=None)
@given(VERSIONS, EVENTS)
def test_the_fix_is_the_lowest_above_that_is_not_affected(version: str, events: Events) -> None:
    """A property, beside the literal algorithm."""
    fixed = [text for kind, text in events if kind == "fixed"]
    good = [
        Version(text)
        for text in fixed
        if Version(text) > Version(version)
        and not literal(text, [], [events])
        and not literal(Version(text).public, [], [events])
    ]
    found = fix_for(version, advisory(events=events))
    assert (Version(found) if found else None) == min(good, default=None)


@given(
    st.text(max_size=20),
    st.text(max_size=20),
    st.sampled_from(["introduced", "fixed", "last_affected", "limit"]),
)
def test_no_text_breaks_it(version: str, other: str, kind: str) -> None:
    """A property: versions that are none are compared all the same, each equal to itself."""
    one = advisory(version, events=[("introduced", "0"), (kind, other)])
    assert affects(one, version)
    affects(one, other)
    fix_for(version, one)


def test_a_version_that_is_none_sorts_below_all_that_are() -> None:
    """As it did when the index still took such versions."""
    assert affects(advisory(events=[("introduced", "0"), ("fixed", "1.0")]), "2004d")
    assert not affects(advisory(events=[("introduced", "1.0")]), "2004d")
    assert affects(advisory(events=[("introduced", "2004b"), ("fixed", "2004d")]), "2004c")
    assert not affects(advisory(events=[("introduced", "2004b"), ("fixed", "2004d")]), "2004d")
    long = "1" * 5000
    assert affects(advisory(events=[("introduced", "0"), ("fixed", "1.0")]), long)
    assert canonical(long) == long
    with pytest.raises(InvalidVersion):
        Version("2004d")


def test_withdrawn_ones_match_nothing() -> None:
    """Neither what they list nor what they span."""
    from dataclasses import replace
    from datetime import UTC, datetime

    one = advisory("1.0", events=[("introduced", "0")])
    assert affects(one, "1.0")
    gone = replace(one, withdrawn=datetime(2025, 1, 1, tzinfo=UTC))
    assert not affects(gone, "1.0")
    assert scope(gone) == Scope("", ())
    assert not covers(scope(gone), "1.0")


def test_the_malicious_come_first() -> None:
    """Then by release and id; each release once."""
    weak, bad = advisory("1", "2", key="A-1"), advisory("2", key="MAL-1", bad=True)
    other = Advisory(id="X", project=ProjectName("other"), source="here", versions=("1",))
    found = matches_among([release("1"), release("2.0"), release("2.0"), release("3")], [weak, bad, other])
    assert [(str(one.release), one.advisory.id) for one in found] == [
        ("acme==2.0", "MAL-1"),
        ("acme==1", "A-1"),
        ("acme==2.0", "A-1"),
    ]


def test_the_lowest_fix_above() -> None:
    """Of two series the one that the release is in; none where the advisory knows none."""
    one = advisory(events=[("introduced", "1"), ("fixed", "1.5"), ("introduced", "2"), ("fixed", "2.3")])
    assert fix_for("1.2", one) == "1.5"
    assert fix_for("2.0", one) == "2.3"
    assert fix_for("1.2", advisory("1.2")) == ""


@settings(max_examples=1500, deadline=None)
@given(VERSIONS, VERSIONS)
def test_versions_are_ordered_as_packaging_orders_them(one: str, other: str) -> None:
    """A property of what stands for a version in comparisons."""
    first, second = _order(one), _order(other)
    assert (first < second, first == second) == (
        Version(one) < Version(other),
        Version(one) == Version(other),
    )
    assert (canonical(one) == canonical(other)) == (Version(one) == Version(other))
