"""Records in OSV's form: strict in what is used, tolerant of the rest."""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockade import limits
from stockade.acquire.advisories.osv import UnreadableRecord, record, record_of
from stockade.model.advisory import Range
from tests.support import advisories


def read(**document: Any) -> Any:
    return record(json.dumps({"id": "X-1", "modified": "2025-01-01T00:00:00Z"} | document).encode(), "here")


def affected(name: str, ecosystem: str = "PyPI", **more: Any) -> dict[str, Any]:
    return {"package": {"name": name, "ecosystem": ecosystem}} | more


def test_everything_that_a_record_says_is_kept() -> None:
    """As OpenSSF publishes them, campaign, indicators and reasons included."""
    found = read(
        id="MAL-2025-1",
        schema_version="1.7.4",
        published="2024-12-31T23:00:00.123456+01:00",
        aliases=["GHSA-aaaa-bbbb-cccc"],
        summary="Malicious code in acme (PyPI)",
        details="text\n\nReasons (based on the campaign):\n\n\n - steals-tokens\n\n\n - clones\n\nend\n - no",
        affected=[affected("Acme.Tool", versions=["1.0"])],
        credits=[{"name": "somebody", "type": "FINDER"}],
        database_specific={
            "iocs": {
                "domains": ["Evil.Example"],
                "ips": ["192.0.2.1"],
                "urls": ["https://u:p@evil.example/x"],
            },
            "malicious-packages-origins": [{"id": "RLMA-1"}, {"id": "pypi/2025-01-acme/acme-tool", "x": 1}],
        },
        unheard_of={"deep": [1]},
    )
    (one,) = found.advisories
    assert (one.id, one.project, one.source, one.malicious) == ("MAL-2025-1", "acme-tool", "here", True)
    assert one.versions == ("1.0",) and one.ranges == () and one.aliases == ("GHSA-aaaa-bbbb-cccc",)
    assert one.campaign == ("2025-01-acme",)
    assert one.indicators == ("evil.example", "192.0.2.1", "https://evil.example/x")
    assert one.reasons == ("steals-tokens", "clones")
    assert one.published == datetime(2024, 12, 31, 22, 0, 0, 123456, tzinfo=UTC)


def test_several_entries_of_one_project_are_one_advisory_and_others_their_own() -> None:
    """Ranges of repositories and packages of other ecosystems are left out."""
    events = [{"introduced": "0"}, {"fixed": "2"}]
    found = read(
        affected=[
            affected("a", versions=["1"], ranges=[{"type": "ECOSYSTEM", "events": events}]),
            affected("A", versions=["1", "3"], ranges=[{"type": "GIT", "events": [{"fixed": "abc"}]}]),
            affected("a", "npm", versions=["9"]),
            affected("b", "PyPI:somewhere", ranges=[{"type": "SEMVER", "events": [{"introduced": "1"}]}]),
            {"ranges": []},
        ]
    )
    first, second = found.advisories
    assert (first.project, first.versions, first.fixed) == ("a", ("1", "3"), ("2",))
    assert first.ranges == (Range(events=(("introduced", "0"), ("fixed", "2"))),)
    assert (second.project, second.malicious) == ("b", False)


def test_an_alias_of_a_malicious_one_is_malicious() -> None:
    """Whatever its own id begins with."""
    (one,) = read(aliases=["MAL-2025-7"], affected=[affected("a", versions=["1"])]).advisories
    assert one.malicious


def test_a_malicious_record_that_names_no_version_means_all() -> None:
    """A vulnerability that names none says nothing."""
    bad = read(id="MAL-1", affected=[affected("a")]).advisories[0]
    weak = read(affected=[affected("a")]).advisories[0]
    assert bad.ranges == (Range(events=(("introduced", "0"),)),)
    assert weak.ranges == ()


def test_severity_is_the_newest_vector_or_the_word() -> None:
    """CVSS 4 before 3; else what the source calls it."""
    rows = [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N"}, {"type": "CVSS_V4", "score": "CVSS:4.0/AV:N"}]
    assert read(severity=rows, affected=[affected("a")]).advisories[0].score == "CVSS:4.0/AV:N"
    rows = [{"type": "Ubuntu", "score": "low"}]
    for severity in (rows, None):
        found = read(severity=severity, database_specific={"severity": "HIGH"}, affected=[affected("a")])
        assert found.advisories[0].score == "HIGH"
    assert read(affected=[affected("a")]).advisories[0].score == ""


def test_without_a_summary_the_first_line_of_the_details_stands_for_it() -> None:
    """PyPA's records have details only; a source's control characters are escaped."""
    assert read(details="\n---\nfirst\x1b line\nsecond", affected=[affected("a")]).advisories[0].summary == (
        r"first\x1b line"
    )
    assert read(affected=[affected("a")]).advisories[0].summary == ""


def test_what_a_source_adds_in_another_shape_is_let_be() -> None:
    """database_specific is anything at all."""
    for strange in (
        ["a"],
        {"iocs": "none"},
        None,
        {"malicious-packages-origins": [{"id": 7}]},
        {"iocs": None},
    ):
        found = read(database_specific=strange, affected=[affected("a", versions=["1"])])
        assert found.advisories[0].campaign == ()


def test_many_words_are_cut() -> None:
    """A record is bounded, however long its lists are."""
    urls = [f"https://{number}.example/" for number in range(1000)] + ["x" * 1000]
    found = read(database_specific={"iocs": {"urls": urls}}, affected=[affected("a")])
    assert len(found.advisories[0].indicators) == limits.MAX_ADVISORY_WORDS
    found = read(database_specific={"iocs": {"urls": ["x" * 1000, "", "x" * 1000]}}, affected=[affected("a")])
    assert [len(one) for one in found.advisories[0].indicators] == [limits.MAX_ADVISORY_WORD]


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ({"id": "../../x"}, "its id"),
        ({"id": 7}, "str"),
        ({"modified": "yesterday"}, "RFC3339"),
        ({"modified": "9999-12-31T23:59:59-23:00"}, "no year"),
        ({"published": "0001-01-01T00:00:00+23:00"}, "no year"),
        ({"affected": [affected("cloud client")]}, "no project"),
        ({"affected": [affected("requеsts")]}, "no project"),
        ({"affected": [affected("a", versions="1.0")]}, "array"),
        ({"affected": [affected("a", ranges=[{"type": "ECOSYSTEM", "events": [{}]}])]}, "exactly one"),
        (
            {
                "affected": [
                    affected("a", ranges=[{"type": "SEMVER", "events": [{"fixed": "1", "limit": "2"}]}])
                ]
            },
            "exactly one",
        ),
        ({"affected": [affected("a", versions=[str(n) for n in range(50_001)])]}, "versions"),
        (
            {"affected": [affected("a", ranges=[{"type": "SEMVER", "events": [{"fixed": "1"}] * 20_001}])]},
            "events",
        ),
        ({"affected": [affected("a")] * 5_001}, "packages"),
    ],
)
def test_what_is_no_record_says_why(document: dict[str, Any], why: str) -> None:
    """Each in a few words; the rest of the feed is read all the same (see test_sync)."""
    with pytest.raises(UnreadableRecord, match=why):
        read(**document)


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{", b"<html>", b'"\xff"', b"[" * 100_000, b" " * (4 << 20) + b" "]
)
def test_what_is_no_json_object_is_no_record(data: bytes) -> None:
    """Nor what is longer than any record."""
    with pytest.raises(UnreadableRecord):
        record(data, "here")


@given(st.binary(max_size=300) | st.text(max_size=80).map(lambda text: advisories.record("X-1", text, text)))
def test_no_bytes_do_more_than_be_unreadable(data: bytes) -> None:
    """A property: a record or UnreadableRecord."""
    with contextlib.suppress(UnreadableRecord):
        assert record(data, "here").id


def test_a_document_read_from_yaml() -> None:
    """All its scalars are texts."""
    document = {
        "id": "PYSEC-1",
        "modified": "2024-01-01T00:00:00Z",
        "withdrawn": "2024-02-01T00:00:00",
        "affected": [affected("a", versions=["1.10"])],
    }
    (one,) = record_of(document, "here").advisories
    assert one.versions == ("1.10",)
    assert one.withdrawn == datetime(2024, 2, 1, tzinfo=UTC)
    for wrong in ("text", None, {"id": "x"}, {"id": "x", "modified": ["y"]}):
        with pytest.raises(UnreadableRecord):
            record_of(wrong, "here")
