"""Pages: what they say is what the index said, less what nobody may have, and nothing in them is markup of others."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet
from packaging.utils import parse_sdist_filename, parse_wheel_filename

from stockade.acquire.advisories.osv import record
from stockade.acquire.index.html_page import read_html
from stockade.acquire.index.json_page import read_json
from stockade.acquire.index.listing import Listing
from stockade.act.advised import Advised
from stockade.act.gate import listings
from stockade.act.gate.book import Book
from stockade.act.gate.ports import Found
from stockade.decide.policy import DEFAULT_RULES, Action, Condition, Exempt, Mode, Policy
from stockade.model.advisory import Feed, FeedKind, FeedState
from stockade.model.project import ArtifactRef, Digest, ProjectName
from stockade.pipeline import Road, excluded
from stockade.remember import feeds
from stockade.remember.feeds import Feeds
from tests.support import advisories
from tests.support.gate_parts import (
    INDEX,
    LONG_AGO,
    LOUD,
    NOW,
    ref_of,
    release,
    road,
    seen_of,
    unfetched,
    waiver,
)

NAME = ProjectName("demo")
PAGE = f"{INDEX}demo/"


def full() -> tuple[ArtifactRef, ...]:
    wheel = replace(
        ref_of("demo"),
        requires_python=">=3.9,<4",
        metadata_sha256="b" * 64,
        provenance="https://index.example/integrity/demo",
    )
    sdist = ref_of("demo", filename="demo-1.0.tar.gz", yanked='it\'s "broken" <b>&amp;')
    unnamed = replace(ref_of("demo", "2.0"), yanked="", metadata_sha256="")
    local = ref_of("demo", "2.0+cpu.1", filename="demo-2.0+cpu.1-py3-none-any.whl")
    return wheel, sdist, unnamed, local


def page(*files: ArtifactRef, status: str = "active", reason: str = "") -> Listing:
    return Listing(project=NAME, files=files, status=status, reason=reason)


def body(kind: str, one: Listing, address: listings.Address = listings.as_upstream) -> bytes:
    return listings.rendered(NAME, one, one.files, kind, address)


def told(kind: str, raw: bytes, where: str = PAGE) -> Listing:
    read = read_json if kind == listings.JSON else read_html
    return read(raw, NAME, index=INDEX, page=where)


def test_json_says_all_that_the_index_said() -> None:
    one = page(*full(), status="archived", reason="use <other>")
    again = told(listings.JSON, body(listings.JSON, one))
    # Every wheel's metadata can be had from the gate.
    offered = tuple(
        replace(ref, metadata_sha256=ref.metadata_sha256 or "") if ref.filename.endswith(".whl") else ref
        for ref in one.files
    )
    assert again == replace(one, files=offered)


@pytest.mark.parametrize("kind", [listings.HTML, listings.PLAIN])
def test_html_says_what_html_can(kind: str) -> None:
    one = page(*full(), status="quarantined", reason='a "reason" <i>')
    again = told(kind, body(kind, one))
    assert (again.status, again.reason, again.gaps) == ("quarantined", 'a "reason" <i>', ())
    for ref, read in zip(one.files, again.files, strict=True):
        assert read == replace(ref, size=None, uploaded=None, metadata_sha256=read.metadata_sha256)
    assert [ref.metadata_sha256 for ref in again.files] == ["b" * 64, None, "", ""]


@pytest.mark.parametrize("kind", [listings.JSON, listings.PLAIN])
def test_addresses_lead_through_the_gate(kind: str) -> None:
    one = page(*full())
    where = "http://127.0.0.1:8080/simple/demo/"
    again = told(kind, body(kind, one, listings.through_gate), where)
    for ref, read in zip(one.files, again.files, strict=True):
        path = urlsplit(read.url).path
        assert unquote(path) == f"/files/demo/{ref.sha256}/{ref.filename}"
        assert read.url.startswith("http://127.0.0.1:8080/")


def test_what_the_specifications_ask_of_json() -> None:
    data = json.loads(body(listings.JSON, page(*full(), status="archived", reason="done")))
    assert data["meta"] == {"api-version": "1.4"}
    assert data["name"] == "demo"
    assert data["project-status"] == {"status": "archived", "reason": "done"}
    assert set(data["versions"]) == {"1.0", "2.0", "2.0+cpu.1"}
    for one in data["files"]:
        assert isinstance(one["size"], int)
        assert one["upload-time"].endswith("Z")
        assert len(one["hashes"]["sha256"]) == 64
        assert one["yanked"] is True or one["yanked"] is False or one["yanked"]
        SpecifierSet(one.get("requires-python", ""))
        parse = parse_wheel_filename if one["filename"].endswith(".whl") else parse_sdist_filename
        assert parse(one["filename"])[0] == "demo"
    assert [one["yanked"] for one in data["files"]][2] is True
    assert data["files"][0]["core-metadata"] == data["files"][0]["dist-info-metadata"] == {"sha256": "b" * 64}
    assert data["files"][2]["core-metadata"] is True
    assert "core-metadata" not in data["files"][1]


def test_an_index_without_sizes_is_passed_on_as_one() -> None:
    data = json.loads(body(listings.JSON, page(replace(full()[0], size=None, sha256=None, uploaded=None))))
    assert data["meta"] == {"api-version": "1.0"}
    (one,) = data["files"]
    assert one["hashes"] == {}
    assert {"size", "upload-time"} & set(one) == set()


def test_pip_reads_the_same_of_both() -> None:
    """By pip's own parsers: they are what pip sees."""
    from pip._internal.index.collector import IndexContent, parse_links

    found = []
    for kind in (listings.JSON, listings.HTML):
        content = IndexContent(body(kind, page(*full())), kind, "utf-8", PAGE)
        found.append(list(parse_links(content)))
    for as_json, as_html, ref in zip(*found, full(), strict=True):
        assert as_json.url_without_fragment == as_html.url_without_fragment
        assert unquote(as_json.filename) == unquote(as_html.filename) == ref.filename
        assert as_json.hash == as_html.hash == ref.sha256
        assert as_json.is_yanked == as_html.is_yanked == (ref.yanked is not None)
        assert (as_json.yanked_reason or "") == (as_html.yanked_reason or "") == (ref.yanked or "")
        assert as_json.requires_python == as_html.requires_python == ref.requires_python
        beside = as_json.metadata_link()
        assert (beside is not None) == ref.filename.endswith(".whl")


class Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]


HOSTILE = st.text(
    st.sampled_from("\"'<>&;=\r\n\t \x00\u202e/\\`a1-") | st.characters(codec="utf-8"), max_size=30
)


MARKUP = "\"'></a><script>"


@example(name=MARKUP, yanked="", requires="", reason="", url="")
@example(name="", yanked=MARKUP, requires=MARKUP, reason="", url="")
@example(name="", yanked="", requires="", reason=MARKUP, url=MARKUP)
@given(name=HOSTILE, yanked=HOSTILE, requires=HOSTILE, reason=HOSTILE, url=HOSTILE)
def test_no_text_of_an_index_becomes_markup(
    name: str, yanked: str, requires: str, reason: str, url: str
) -> None:
    ref = replace(
        full()[0],
        filename=f"demo-1.0-{name}.whl",
        yanked=yanked,
        requires_python=requires,
        provenance=url,
        url=f"https://files.example/{url}",
        metadata_sha256=None,
    )
    parser = Elements()
    for address in (listings.as_upstream, listings.through_gate):
        raw = body(listings.HTML, page(ref, status=reason, reason=reason), address)
        parser.feed(raw.decode())
    assert parser.tags.count("a") == 2
    assert set(parser.tags) == {"html", "head", "meta", "title", "body", "h1", "a", "br"}
    assert set(parser.attributes) <= {
        "name", "content", "href", "data-requires-python", "data-yanked", "data-core-metadata",
        "data-dist-info-metadata", "data-provenance",
    }  # fmt: skip
    json.loads(body(listings.JSON, page(ref, reason=reason)))
    assert "\n" not in listings.through_gate(ref)
    assert ".." not in urljoin(
        "http://gate/simple/demo/", listings.through_gate(replace(ref, filename="x.whl"))
    )


@pytest.mark.parametrize(
    ("accept", "asked", "kind"),
    [
        ("application/vnd.pypi.simple.v1+json, text/html;q=0.01", "", listings.JSON),
        ("application/vnd.pypi.simple.latest+json", "", listings.JSON),
        ("application/vnd.pypi.simple.v1+html", "", listings.HTML),
        ("text/html", "", listings.PLAIN),
        ("*/*", "", listings.PLAIN),
        ("", "", listings.PLAIN),
        ("text/html", listings.JSON, listings.JSON),
    ],
)
def test_formats(accept: str, asked: str, kind: str) -> None:
    assert listings.kind_for(accept, asked) == kind


# What is left out.

A = ref_of("demo", "1.0")
B = ref_of("demo", "2.0")
C = ref_of("demo", "3.0")


def chosen(
    *files: ArtifactRef,
    learnt: Found = Found(),  # noqa: B008 (frozen)
    rules: Callable[[], Road] = road,
    status: str = "active",
) -> listings.Choice:
    book = Book(rules, lambda: 0.0)
    book.learn(learnt)
    return listings.choose(page(*files, status=status), book, rules())


def test_nothing_is_left_out_without_a_reason() -> None:
    assert chosen(A, B) == listings.Choice((A, B), (), None)


def test_what_was_condemned_is_left_out() -> None:
    choice = chosen(A, B, C, learnt=Found(seen=[seen_of(B, [LOUD]), seen_of(A)]))
    assert choice.files == (A, C)
    (hidden,) = choice.hidden
    assert hidden.ref == B
    assert hidden.why


def test_what_could_not_be_had_stays() -> None:
    assert chosen(A, B, learnt=Found(seen=[unfetched(B)])).files == (A, B)


def test_a_waiver_brings_it_back_until_it_ends() -> None:
    ends = NOW + timedelta(days=2)
    choice = chosen(
        A, B, learnt=Found(seen=[seen_of(B, [LOUD])]), rules=lambda: road(waivers=(waiver(B, ends),))
    )
    assert (choice.files, choice.until) == ((A, B), ends)


def test_what_is_too_young_is_left_out_until_it_is_of_age() -> None:
    young = replace(B, uploaded=NOW - timedelta(days=1))
    younger = replace(C, uploaded=NOW - timedelta(hours=1))
    choice = chosen(A, young, younger)
    assert choice.files == (A,)
    assert choice.until == NOW - timedelta(hours=1) + timedelta(days=1)
    later = chosen(A, young, younger, rules=lambda: road(now=NOW + timedelta(days=2)))
    assert later.files == (A, young)
    assert later.until == NOW - timedelta(hours=1) + timedelta(days=3)
    assert "ago" in choice.hidden[0].why


def test_an_exemption_ends_when_it_says() -> None:
    until = NOW + timedelta(hours=5)
    policy = Policy(exempt=(Exempt(project=NAME, until=until, because="ours"),))
    young = replace(B, uploaded=NOW - timedelta(days=1))
    choice = chosen(A, young, rules=lambda: road(policy))
    assert (choice.files, choice.until) == ((A, young), until)


def test_a_new_project_is_told_by_its_first_upload() -> None:
    first = replace(A, uploaded=NOW - timedelta(days=4))
    fresh = replace(B, uploaded=NOW - timedelta(hours=2))
    assert "new" in chosen(first, fresh).hidden[0].why
    unknown = chosen(replace(A, uploaded=None), fresh)
    assert "its project is new" not in unknown.hidden[0].why


def test_what_has_no_digest_is_left_out() -> None:
    assert chosen(A, replace(C, sha256=None)).files == (A,)
    allowing = Policy(rules=DEFAULT_RULES | {Condition.NO_DIGEST: Action.ALLOW})  # type: ignore[operator]
    assert len(chosen(A, replace(C, sha256=None), rules=lambda: road(allowing)).files) == 2


def test_what_is_yanked_stays_and_is_no_reason_to_leave_others_out() -> None:
    """Installers pass it over by themselves; where it is pinned, they print the refusal."""
    yanked, young = replace(B, yanked=""), replace(C, uploaded=NOW)
    assert chosen(A, yanked).files == (A, yanked)
    assert chosen(A, replace(yanked, uploaded=NOW)).files == (A,)
    assert chosen(yanked, young).files == (yanked, young)
    choice = chosen(A, yanked, replace(young, release=release("demo", "1.5")))
    assert choice.files == (A, yanked)
    assert [one.ref.release.version for one in listings.newest(choice)] == ["1.5"]


def test_where_nothing_would_be_left_everything_stays() -> None:
    """So that an installer prints why it is refused, instead of finding no version."""
    choice = chosen(A, B, learnt=Found(seen=[seen_of(A, [LOUD]), seen_of(B, [LOUD])]))
    assert choice == listings.Choice((A, B), (), None)
    assert chosen(A, B, status="quarantined").files == (A, B)
    assert chosen() == listings.Choice((), (), None)


def test_in_monitor_mode_everything_stays() -> None:
    choice = chosen(
        A, B, learnt=Found(seen=[seen_of(B, [LOUD])]), rules=lambda: road(Policy(mode=Mode.MONITOR))
    )
    assert choice.files == (A, B)


def test_what_a_release_brings_hides_it_from_no_page() -> None:
    """What it brings may have changed by the time it is asked for; the file itself is refused all the same."""
    found = Found(
        seen=[seen_of(A), seen_of(ref_of("evil"), [LOUD])],
        brings=[(A.release, frozenset({release("evil")}))],
    )
    assert chosen(A, B, learnt=found).files == (A, B)


def test_the_story_tells_of_newer_versions_only() -> None:
    choice = listings.Choice(
        (B,), (listings.Hidden(A, "old"), listings.Hidden(C, "new"), listings.Hidden(odd(), "odd")), None
    )
    assert listings.newest(choice) == (listings.Hidden(C, "new"),)


def odd() -> ArtifactRef:
    return replace(A, release=release("demo", "not-a-version"))


def test_ten_thousand_files() -> None:
    many = tuple(
        replace(
            A,
            release=release("demo", f"1.{number}"),
            filename=f"demo-1.{number}-py3-none-any.whl",
            url=f"https://files.example/demo-1.{number}-py3-none-any.whl",
            sha256=Digest(f"{number:064x}"),
            uploaded=LONG_AGO,
        )
        for number in range(10_000)
    )
    choice = chosen(*many)
    assert choice.files == many
    for kind in (listings.JSON, listings.HTML):
        raw = listings.rendered(NAME, page(*many), choice.files, kind, listings.through_gate)
        assert len(told(kind, raw).files) == 10_000
    assert listings.etag_of(b"a") != listings.etag_of(b"b")


def test_a_page_leaves_out_what_an_advisory_condemns_and_shows_it_again_when_that_is_withdrawn(
    tmp_path: Path,
) -> None:
    """Through a feed, and as soon as its copy is replaced; what is only vulnerable stays."""
    feed = Feed(name="osv", kind=FeedKind.FOLDER, url="/osv")

    def publish(*records: bytes) -> None:
        state = FeedState(name="osv", kind=feed.kind, url=feed.url, checked=NOW, full=NOW)
        with feeds.turn(tmp_path / "feeds"):
            feeds.replaced(tmp_path / "feeds", feed, (record(one, "osv") for one in records), lambda: state)

    publish(advisories.record("MAL-1", "demo", "2"), advisories.record("X-1", "demo", "1.0"))
    time = [0.0]
    with Feeds(tmp_path / "feeds", note=pytest.fail) as copies:
        way = replace(road(), advisories=Advised(copies, clock=lambda: time[0]))
        one, book = (
            page(ref_of("demo"), ref_of("demo", "2.0"), ref_of("demo", "3.0")),
            Book(lambda: way, lambda: 0.0),
        )
        choice = listings.choose(one, book, way)
        assert [ref.release.version for ref in choice.files] == ["1.0", "3.0"]
        assert [hidden.why for hidden in choice.hidden] == ["MAL-1 (osv) says that it is malicious"]
        before = way.advisories.token()
        publish(advisories.record("MAL-1", "demo", "2", withdrawn="2026-01-01T00:00:00Z"))
        assert way.advisories.token() == before
        time[0] += 1
        assert way.advisories.token() != before
        assert len(listings.choose(one, book, way).files) == 3
        assert not way.advisories.under(ref_of("demo").release)


@pytest.mark.parametrize("status", ["active", "archived", "quarantined"])
@pytest.mark.parametrize(
    "policy",
    [
        Policy(),
        Policy(minimum_age=timedelta(0), first_age=timedelta(0)),
        Policy(minimum_age=timedelta(days=400), first_age=timedelta(days=1)),
        Policy(minimum_age=timedelta(0), first_age=timedelta(days=2)),
        Policy(rules={**DEFAULT_RULES, Condition.YANKED: Action.ALLOW, Condition.NO_DIGEST: Action.ALLOW}),
    ],
)
def test_files_that_are_old_and_good_are_seen_to_be_so_without_a_closer_look(
    policy: Policy, status: str
) -> None:
    ages = [timedelta(0), timedelta(hours=30), timedelta(days=3), timedelta(days=399), timedelta(days=4000)]
    old = [ref_of("demo", f"1.{place}", uploaded=NOW - age) for place, age in enumerate(ages)]
    odd = [
        replace(one, **change)
        for one in old
        for change in ({"yanked": ""}, {"sha256": None}, {"uploaded": None})
    ]
    way = road(policy)
    for files in (old, [*odd, *old], odd):
        choice = listings.choose(page(*files, status=status), Book(lambda: way), way)
        born = min((one.uploaded for one in files if one.uploaded), default=None)
        born = born if all(one.uploaded for one in files) else None
        shown = tuple(one for one in files if not excluded(one, status, born, way))
        assert choice.files == (shown or tuple(files))
