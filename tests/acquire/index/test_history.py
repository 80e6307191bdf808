"""What an index tells of a project's past, and what remains of it where the index tells nonsense."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from stockade.acquire.index.about import read_about, read_vulnerabilities, trimmed
from stockade.acquire.index.history import Histories, address_of
from stockade.acquire.index.settings import IndexSettings, Source, SourceKind, Strategy
from stockade.errors import IndexUnavailable
from stockade.model.identity import ProjectHistory
from stockade.model.project import ProjectName
from tests.support.archives import wheel_name
from tests.support.asking import Ask, Asking
from tests.support.index import Fault, TwinFile, TwinIndex, TwinProject

DEMO = ProjectName("demo")
AT = datetime(2026, 11, 24, tzinfo=UTC)
INFO: dict[str, Any] = {
    "name": "Demo",
    "version": "1.1",
    "summary": "A demo.",
    "author": "Ada",
    "author_email": "ada@example.org",
    "maintainer": None,
    "home_page": "https://demo.example/",
    "project_urls": {"Source": "https://forge.example/ada/demo"},
    "description": "x" * 100,
}
ABOUT: dict[str, Any] = {
    "info": INFO,
    "ownership": {"organization": None, "roles": [{"role": "Owner", "user": "ada"}]},
}


def release(version: str, uploaded: str | None = "2024-01-01T00:00:00Z", **facts: Any) -> TwinFile:
    return TwinFile(wheel_name("demo", version), b"", uploaded=uploaded, **facts)


def histories(asking: Asking, cache: Path, *, offline: bool = False) -> Histories:
    return Histories(asking.index, asking.transport, cache, at=AT, offline=offline)


def told(tmp_path: Path, ask: Ask, twin: TwinIndex) -> ProjectHistory:
    return histories(ask(tmp_path, twin.url), tmp_path).of(DEMO)


def test_releases_in_time_and_what_the_project_claims(tmp_path: Path, ask: Ask) -> None:
    files = (
        release("1.1", "2024-03-01T00:00:00Z", provenance="https://forge.example/p"),
        release("1.0", yanked="broken"),
    )
    with TwinIndex({"demo": TwinProject(files, status="archived", about=ABOUT)}) as twin:
        found = told(tmp_path, ask, twin)
    assert [(one.version, one.yanked, one.attested) for one in found.releases] == [
        ("1.0", True, False),
        ("1.1", False, True),
    ]
    assert found.first == datetime(2024, 1, 1, tzinfo=UTC)
    assert found.last == datetime(2024, 3, 1, tzinfo=UTC)
    assert found.age == AT - datetime(2024, 1, 1, tzinfo=UTC)
    assert found.status == "archived"
    claims = found.claims
    assert claims is not None
    assert (claims.author, claims.author_email, claims.owners) == ("Ada", "ada@example.org", ("ada",))
    assert ("Source", "https://forge.example/ada/demo") in claims.links
    assert found.gaps == ()


def test_an_index_without_such_json_leaves_it_unknown_and_is_asked_once(tmp_path: Path, ask: Ask) -> None:
    files = [release("1.0")]
    with TwinIndex({"demo": files, "other": [TwinFile(wheel_name("other", "1"), b"")]}) as twin:
        one = histories(ask(tmp_path, twin.url), tmp_path)
        found = one.of(DEMO)
        one.of(ProjectName("other"))
        assert len(twin.hits("/pypi/")) == 1
    assert found.claims is None
    assert len(found.releases) == 1
    assert ["owners and links are unknown" in gap.why for gap in found.gaps] == [True]


@pytest.mark.parametrize(
    "fault",
    [Fault("error", status=503), Fault("page"), Fault("cut"), Fault("loop"), Fault("endless")],
    ids=lambda fault: fault.kind,
)
def test_a_source_that_misbehaves_costs_its_figure(tmp_path: Path, ask: Ask, fault: Fault) -> None:
    project = TwinProject((release("1.0"),), about=ABOUT)
    with TwinIndex({"demo": project}, faults={"demo/json": fault}) as twin:
        found = told(tmp_path, ask, twin)
    assert found.claims is None
    assert found.first is not None
    assert len(found.gaps) == 1


@pytest.mark.parametrize(
    "about",
    [
        b"",
        b"[]",
        b"null",
        b'{"info": []}',
        b'{"info": 7}',
        b"<html></html>",
        b'{"info": {"name": "another"}}',
        b"[" * 5000,
        b'{"info": {"author": "\xff"}}',
    ],
)
def test_what_is_no_such_page_is_unknown(tmp_path: Path, ask: Ask, about: bytes) -> None:
    with TwinIndex({"demo": TwinProject((release("1.0"),), about=about)}) as twin:
        found = told(tmp_path, ask, twin)
    assert (found.claims, len(found.gaps), len(found.releases)) == (None, 1, 1)


def test_each_wrong_field_costs_that_field() -> None:
    info = INFO | {"author": 7, "summary": ["x"], "project_urls": "none", "maintainer_email": {}}
    page = {"info": info, "ownership": {"organization": 3, "roles": [None, {"user": 1}, {"user": "ada"}, 4]}}
    claims, gaps = read_about(json.dumps(page).encode(), DEMO)
    assert (claims.author, claims.summary, claims.author_email) == ("", "", "ada@example.org")
    assert claims.owners == ("ada",)
    assert claims.links == (("Homepage", "https://demo.example/"),)
    names = (
        "author",
        "summary",
        "maintainer_email",
        "project_urls",
        "ownership.organization",
        "ownership.roles",
    )
    assert {gap.why.split()[5] for gap in gaps} == set(names)


@pytest.mark.parametrize("ownership", [None, {}, {"roles": None}, {"organization": "Org", "roles": []}, 7])
def test_owners_that_are_not_told_are_unknown_not_nobody(ownership: object) -> None:
    claims, _ = read_about(json.dumps({"info": INFO, "ownership": ownership}).encode(), DEMO)
    assert claims.owners is None


def test_missing_and_empty_claims_are_empty() -> None:
    claims, gaps = read_about(b'{"info": {"author": "UNKNOWN", "home_page": null}}', DEMO)
    assert (claims.author, claims.links, gaps) == ("", (), ())


def test_a_readme_of_forty_megabytes_is_passed_over() -> None:
    page = json.dumps({"info": INFO | {"description": "y" * (40 << 20)}}).encode()
    claims, gaps = read_about(page, DEMO)
    assert (claims.author, claims.description) == ("Ada", "")
    assert [gap.why for gap in gaps] == [
        "what the index gives as description in its JSON is too long to be compared"
    ]


@pytest.mark.parametrize("text", ["7", "{}", '["x"]'])
def test_a_readme_that_is_none_costs_itself(text: str) -> None:
    claims, gaps = read_about(f'{{"info": {{"author": "Ada", "description": {text}}}}}'.encode(), DEMO)
    assert (claims.author, claims.description, len(gaps)) == ("Ada", "", 1)


def test_ten_thousand_releases(tmp_path: Path, ask: Ask) -> None:
    start = datetime(2020, 1, 1, tzinfo=UTC)
    files = [release(f"0.{n}", (start + timedelta(hours=n)).isoformat()) for n in range(10_000)]
    with TwinIndex({"demo": TwinProject(tuple(files), about=ABOUT)}) as twin:
        found = told(tmp_path, ask, twin)
    assert len(found.releases) == 10_000
    assert found.releases[-1].version == "0.9999"


@pytest.mark.parametrize(
    "when", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "yesterday", "", "2024-13-01"]
)
def test_an_absurd_date_is_unknown_and_a_gap(tmp_path: Path, ask: Ask, when: str) -> None:
    with TwinIndex({"demo": [release("1.0", when)]}) as twin:
        found = told(tmp_path, ask, twin)
    assert (found.first, found.age, found.last) == (None, None, None)
    assert any("upload time" in gap.why for gap in found.gaps)


def test_a_date_still_to_come_is_unknown(tmp_path: Path, ask: Ask) -> None:
    with TwinIndex({"demo": [release("1.0", "2050-01-01T00:00:00Z")]}) as twin:
        found = told(tmp_path, ask, twin)
    assert found.age is None
    assert any("still to come" in gap.why for gap in found.gaps)


def test_a_release_without_a_time_may_be_the_first(tmp_path: Path, ask: Ask) -> None:
    with TwinIndex({"demo": [release("1.0", None), release("2.0")]}) as twin:
        found = told(tmp_path, ask, twin)
    assert found.age is None
    assert len(found.dated) == 1


def test_offline_uses_what_is_kept(tmp_path: Path, ask: Ask) -> None:
    with TwinIndex({"demo": TwinProject((release("1.0"),), about=ABOUT)}) as twin:
        first = told(tmp_path, ask, twin)
        asking = ask(tmp_path, twin.url, offline=True)
    again = histories(asking, tmp_path, offline=True).of(DEMO)
    assert again == first
    bare = tmp_path / "bare"
    assert histories(asking, bare, offline=True).of(DEMO).claims is None


def test_what_has_not_changed_is_not_sent_again(tmp_path: Path, ask: Ask) -> None:
    with TwinIndex({"demo": TwinProject((release("1.0"),), about=ABOUT)}, max_age=0) as twin:
        first = told(tmp_path, ask, twin)
        again = told(tmp_path, ask, twin)
        assert [hit.status for hit in twin.log if "/pypi/" in hit.path] == [200, 304]
        twin.put("demo", TwinProject((release("1.0"),), about=ABOUT | {"ownership": None}))
        changed = told(tmp_path, ask, twin)
    assert again == first
    assert changed.claims is not None
    assert changed.claims.owners is None


def test_only_who_offers_a_project_learns_that_it_is_asked_about(tmp_path: Path, ask: Ask) -> None:
    with (
        TwinIndex({"demo": TwinProject((release("1.0"),), about=ABOUT)}) as own,
        TwinIndex({"other": TwinProject((), about=ABOUT)}) as public,
    ):
        sources = (Source(url=public.url), Source(url=own.url))
        settings = IndexSettings(installer="pip", sources=sources, strategy=Strategy.MERGE, timeout=5.0)
        found = histories(ask(tmp_path, settings), tmp_path).of(DEMO)
        assert public.hits("/pypi/") == []
    assert found.claims is not None


def test_several_leave_out_what_is_not_listed_and_ask_only_where_told(tmp_path: Path, ask: Ask) -> None:
    with TwinIndex({"demo": TwinProject((release("1.0"),), about=ABOUT)}) as twin:
        one = histories(ask(tmp_path, twin.url), tmp_path)
        found = one.several([DEMO, ProjectName("absent")], lambda history: False)
        one.close()
        assert twin.hits("/pypi/") == []
    assert list(found) == [DEMO]
    assert found[DEMO].claims is None
    assert found[DEMO].gaps == ()


@pytest.mark.parametrize(
    ("url", "kind", "address"),
    [
        ("https://i.example/simple/", SourceKind.SIMPLE, "https://i.example/pypi/demo/json"),
        (
            "https://i.example/api/pypi/ours/simple",
            SourceKind.SIMPLE,
            "https://i.example/api/pypi/ours/pypi/demo/json",
        ),
        ("https://i.example/root/pypi/+simple/", SourceKind.SIMPLE, None),
        ("https://i.example/wheels", SourceKind.SIMPLE, None),
        ("https://i.example/simple", SourceKind.LINKS, None),
        ("file:///srv/simple", SourceKind.SIMPLE, None),
    ],
)
def test_the_address_is_derived_from_the_configured_index(
    url: str, kind: SourceKind, address: str | None
) -> None:
    assert address_of(Source(url=url, kind=kind), DEMO) == address


def test_another_projects_page_is_not_believed() -> None:
    with pytest.raises(IndexUnavailable, match="another project"):
        read_about(json.dumps({"info": INFO | {"name": "evil"}}).encode(), DEMO)


def test_a_page_that_is_kept_holds_what_is_read_of_it_and_no_more() -> None:
    advisory = {"id": "X-1", "fixed_in": ["2"]}
    whole = json.dumps(
        {**ABOUT, "releases": {"1": ["x" * 1000]}, "urls": [], "vulnerabilities": [advisory]}
    ).encode()
    kept = trimmed(whole)
    assert len(kept) < len(whole) - 1000
    assert read_about(kept, DEMO) == read_about(whole, DEMO)
    assert read_vulnerabilities(kept, DEMO) == read_vulnerabilities(whole, DEMO)
    assert trimmed(b'{"info": {}}') == b'{"info":{}}'
    with pytest.raises(IndexUnavailable):
        read_vulnerabilities(trimmed(json.dumps(ABOUT).encode()), DEMO)


@pytest.mark.parametrize("body", [b"", b"[1]", b"{", b'"\xff"'])
def test_what_cannot_be_read_is_kept_as_it_is(body: bytes) -> None:
    assert trimmed(body) == body
