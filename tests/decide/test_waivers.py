"""Waivers: strict to read, exact to match, and never alive after their day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockade.decide.waivers import Waiver, add, find, make, parse_waivers, serialise
from stockade.errors import BadPolicy, BadRequirement

NOW = datetime(2030, 1, 10, 12, tzinfo=UTC)
LONGEST = timedelta(days=30)
SHA, OTHER = "a" * 64, "b" * 64


def waiver(**changes: object) -> Waiver:
    made = make(
        project="Foo_Bar",
        version="1.0",
        sha256=SHA,
        because="we wrote it",
        by="ada",
        now=NOW,
        lasting=timedelta(days=7),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def found(
    *waivers: Waiver, project: str = "foo-bar", version: str = "1.0", sha256: str = SHA
) -> Waiver | None:
    return find(waivers, project=project, version=version, sha256=sha256, now=NOW, longest=LONGEST).valid


def test_a_waiver_is_exact() -> None:
    one = waiver()
    assert one.project == "foo-bar" and one.expires == NOW + timedelta(days=7)
    assert found(one) == one
    assert found(one, project="Foo.Bar", version="1.0.0") == one, "names and versions are compared as such"
    assert found(one, project="foo") is None
    assert found(one, version="1.1") is None
    assert found(one, sha256=OTHER) is None
    assert found() is None


def test_without_a_name_the_digest_alone_pins() -> None:
    assert found(waiver(project="", version=""), project="anything", version="9")
    assert found(waiver(project="", version=""), sha256=OTHER) is None


def test_an_expired_waiver_never_counts_and_is_told() -> None:
    old = waiver(created=NOW - timedelta(days=8), expires=NOW)
    got = find([old], project="foo-bar", version="1.0", sha256=SHA, now=NOW, longest=LONGEST)
    assert got.valid is None and got.expired == (old,)
    young, long = waiver(), waiver(expires=NOW + timedelta(days=9))
    got = find([old, young, long], project="foo-bar", version="1.0", sha256=SHA, now=NOW, longest=LONGEST)
    assert got.valid == long and got.expired == (old,)


def test_one_that_is_too_long_does_not_hide_one_that_counts() -> None:
    short, long = waiver(), waiver(expires=NOW + timedelta(days=31))
    got = find([long, short], project="foo-bar", version="1.0", sha256=SHA, now=NOW, longest=LONGEST)
    assert got.valid == short and got.too_long == (long,)


def test_dating_it_into_the_future_buys_nothing() -> None:
    one = waiver(created=NOW + timedelta(days=50), expires=NOW + timedelta(days=57))
    assert one.length(NOW) == timedelta(days=57)


@pytest.mark.parametrize("because", ["", "…", "  ?!", "42"])
def test_a_reason_needs_words(because: str) -> None:
    with pytest.raises(BadPolicy, match="needs a reason"):
        make(project="a", version="1", sha256=SHA, because=because, by="x", now=NOW, lasting=timedelta(1))


def test_what_cannot_be_made() -> None:
    with pytest.raises(BadPolicy, match="last for some time"):
        make(project="a", version="1", sha256=SHA, because="why not", by="x", now=NOW, lasting=timedelta(0))
    with pytest.raises(BadRequirement):
        make(project="a", version="1", sha256="abc", because="why not", by="x", now=NOW, lasting=timedelta(1))
    with pytest.raises(BadRequirement):
        make(
            project="../a", version="1", sha256=SHA, because="why not", by="x", now=NOW, lasting=timedelta(1)
        )


def test_nothing_has_no_waiver() -> None:
    """All zeros stands for bytes that could not be had; a waiver for it would wave through any failure."""
    with pytest.raises(BadRequirement, match="the digest of nothing"):
        waiver_for("0" * 64)
    with pytest.raises(BadPolicy, match="the digest of nothing"):
        parse_waivers(ENTRY.replace(SHA, "0" * 64), source="w")


def waiver_for(sha256: str) -> Waiver:
    return make(project="", version="", sha256=sha256, because="why not", by="x", now=NOW, lasting=LONGEST)


def test_adding_replaces_the_one_for_the_same_bytes() -> None:
    first, other = waiver(because="first reason"), waiver(sha256=OTHER)
    second = waiver(because="second reason")
    assert add([first, other], second) == (other, second)


def test_the_file_reads_back() -> None:
    made = (waiver(because='quotes " and\nlines \u202e'), waiver(project="", version="", sha256=OTHER))
    text = serialise(made)
    assert text.startswith("#") and "version = 1" in text
    assert parse_waivers(text, source="w") == made
    assert parse_waivers("", source="w") == ()
    assert parse_waivers(serialise(()), source="w") == ()


@given(
    st.text(min_size=1).filter(lambda text: sum(map(str.isalpha, text)) > 2),
    st.datetimes(timezones=st.just(UTC)),
)
@settings(max_examples=40)
def test_any_reason_and_date_read_back(because: str, created: datetime) -> None:
    if created.year > 9990 or "\r" in because:
        return
    one = waiver(because=because, created=created, expires=created + timedelta(days=1))
    try:
        text = serialise([one])
        text.encode("utf-8")
    except UnicodeEncodeError:
        return
    assert parse_waivers(text, source="w") == (one,)


def test_a_zone_is_understood() -> None:
    zone = timezone(timedelta(hours=2))
    text = serialise([waiver(created=NOW.astimezone(zone), expires=(NOW + timedelta(1)).astimezone(zone))])
    assert parse_waivers(text, source="w")[0].created == NOW


ENTRY = f"""
[[waiver]]
project = "foo"
version = "1"
sha256 = "{SHA}"
because = "ours"
created = 2030-01-01T00:00:00Z
expires = 2030-01-08T00:00:00Z
by = "ada"
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[[waiver]]", "[[", "w is not TOML"),
        ("[[waiver]]", "[[waver]]", "w: 'waver' is not a key here; valid: version, waiver"),
        ("[[waiver]]", "version = 2\n[[waiver]]", "version is 2, but this Stockade reads version 1"),
        ("[[waiver]]", "[waiver]", "waivers are written as"),
        ("by =", "buy =", "w, waiver 1: 'buy' is not a key of a waiver"),
        ('by = "ada"', "", "w, waiver 1 lacks by"),
        ('by = "ada"', "by = 3", "by must be text"),
        ('because = "ours"', 'because = " "', "because must be text"),
        ("2030-01-08T00:00:00Z", '"2030-01-08"', "expires must be a date and time with a zone"),
        ("2030-01-08T00:00:00Z", "2030-01-08T00:00:00", "expires must be a date and time with a zone"),
        ("2030-01-08T00:00:00Z", "2030-01-08", "expires must be a date and time with a zone"),
        ("2030-01-08T00:00:00Z", "2030-01-01T00:00:00Z", "expires must be later than created"),
        (SHA, "abc", "is not a SHA-256 digest"),
        ('"foo"', '"f/o"', "is not a project name"),
        ('version = "1"', "", "project and version go together"),
        (ENTRY, "waiver = [3]", "w, waiver 1 must be a table"),
    ],
)
def test_a_mistake_is_named(old: str, new: str, said: str) -> None:
    assert len(parse_waivers(ENTRY, source="w")) == 1
    with pytest.raises(BadPolicy) as raised:
        parse_waivers(ENTRY.replace(old, new), source="w")
    assert said in str(raised.value)
