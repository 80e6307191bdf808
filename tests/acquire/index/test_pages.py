"""Project pages are read as untrusted: what can be had is had, the rest is a gap, nothing is a traceback."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockade import limits
from stockade.acquire.index.html_page import read_html
from stockade.acquire.index.json_page import read_json
from stockade.acquire.index.listing import Listing
from stockade.acquire.index.pages import is_plain_name
from stockade.errors import IndexUnavailable
from stockade.model.evidence import GapKind
from stockade.model.project import ProjectName

DEMO = ProjectName("demo")
PAGE = "https://index.invalid/simple/demo/"
LABEL = "https://index.invalid/simple"
WHEEL = "demo-1.0-py3-none-any.whl"
SHA = "a" * 64


def from_json(*files: Any, **more: Any) -> Listing:
    whole = {"meta": {"api-version": "1.1"}, "name": "demo", "files": list(files)} | more
    return read_json(json.dumps(whole).encode(), DEMO, index=LABEL, page=PAGE)


def entry(**facts: Any) -> dict[str, Any]:
    return {"filename": WHEEL, "url": f"https://files.invalid/x/{WHEEL}", "hashes": {"sha256": SHA}} | facts


def from_html(body: str, *, page: str = PAGE, of_any: bool = False) -> Listing:
    return read_html(body.encode(), DEMO, index=LABEL, page=page, of_any=of_any)


def whys(listing: Listing) -> list[str]:
    return [gap.why for gap in listing.gaps]


def test_json_with_everything() -> None:
    facts = {
        "size": 12,
        "upload-time": "2024-05-06T07:08:09.123456Z",
        "yanked": "broken",
        "requires-python": ">=3.8",
        "core-metadata": {"sha256": "B" * 64},
        "provenance": "https://index.invalid/integrity/x",
    }
    listing = from_json(entry(**facts), **{"project-status": {"status": "archived", "reason": "no more"}})
    (one,) = listing.files
    assert (one.release.name, one.release.version, one.filename) == ("demo", "1.0", WHEEL)
    assert (one.url, one.index) == (f"https://files.invalid/x/{WHEEL}", LABEL)
    assert (one.sha256, one.size) == (SHA, 12)
    assert one.uploaded == datetime(2024, 5, 6, 7, 8, 9, 123456, UTC)
    assert (one.yanked, one.requires_python, one.metadata_sha256) == ("broken", ">=3.8", "b" * 64)
    assert one.provenance == "https://index.invalid/integrity/x"
    assert (listing.status, listing.reason, listing.gaps) == ("archived", "no more", ())


def test_html_with_everything() -> None:
    listing = from_html(
        '<html><head><meta name="pypi:repository-version" content="1.3">'
        '<meta name="pypi:project-status" content="quarantined"><meta name="pypi:project-status-reason" content="r">'
        f'<base href="https://files.invalid/base/"></head><body><a href="{WHEEL}#sha256={SHA}" '
        'data-requires-python="&gt;=3.8" data-yanked="" data-core-metadata="sha256=' + "b" * 64 + '" '
        'data-provenance="https://p.invalid/">x</a><a href="help/">help</a><a name="top">'
    )
    (one,) = listing.files
    assert one.url == f"https://files.invalid/base/{WHEEL}"
    assert (one.sha256, one.yanked, one.requires_python) == (SHA, "", ">=3.8")
    assert (one.metadata_sha256, one.provenance) == ("b" * 64, "https://p.invalid/")
    assert (listing.status, listing.reason, listing.gaps) == ("quarantined", "r", ())


@pytest.mark.parametrize(
    ("value", "found"),
    [(True, ""), (False, None), ({}, ""), ({"sha256": SHA}, SHA), ({"sha256": "zz"}, None), ("x", None)],
)
def test_metadata_that_json_offers(value: object, found: str | None) -> None:
    for key in ("core-metadata", "dist-info-metadata"):
        assert from_json(entry(**{key: value})).files[0].metadata_sha256 == found


@pytest.mark.parametrize(
    ("value", "found"),
    [("true", ""), ("false", None), (f"sha256={SHA}", SHA), ("sha256=zz", None), ("md5=0", "")],
)
def test_metadata_that_html_offers(value: str, found: str | None) -> None:
    for key in ("data-core-metadata", "data-dist-info-metadata"):
        assert from_html(f'<a href="{WHEEL}" {key}="{value}">').files[0].metadata_sha256 == found


@pytest.mark.parametrize(
    "name",
    [
        "../demo-1.0.tar.gz",
        "a/demo-1.0.tar.gz",
        "a\\demo-1.0.tar.gz",
        "demo-1.0\n.tar.gz",
        "demo-\u202e1.tar.gz",
        "",
        "..",
    ],
)
def test_names_that_are_not_a_files(name: str) -> None:
    listing = from_json(entry(filename=name), entry())
    assert [one.filename for one in listing.files] == [WHEEL]
    assert len(listing.gaps) == 1
    assert listing.gaps[0].kind is GapKind.LIMIT


def test_plain_names() -> None:
    assert is_plain_name("déjà-1.0.tar.gz")
    assert not is_plain_name("a" * 256)
    assert not is_plain_name("a\x7f")
    assert not is_plain_name("a\u200bb")


def test_encoded_slashes_in_html_are_no_way_out() -> None:
    listing = from_html(f'<a href="..%2Fdemo-1.0.tar.gz">x</a><a href="https://[x/{WHEEL}">')
    assert listing.files == ()
    assert len(listing.gaps) == 2


@pytest.mark.parametrize(
    ("url", "why"),
    [
        (f"https://[x/{WHEEL}", "not a URL"),
        (f"https://x.invalid:port/{WHEEL}", "not a URL"),
        (f"ftp://x.invalid/{WHEEL}", "may send us to"),
        (f"file:///etc/{WHEEL}", "may send us to"),
        (f"https://:80/{WHEEL}", "may send us to"),
        (f"javascript:{WHEEL}", "may send us to"),
    ],
)
def test_addresses_that_are_not_followed(url: str, why: str) -> None:
    listing = from_json(entry(url=url))
    assert listing.files == ()
    assert why in whys(listing)[0]


def test_addresses_are_taken_relative_and_without_passwords() -> None:
    assert from_json(entry(url=f"../../files/{WHEEL}")).files[0].url == f"https://index.invalid/files/{WHEEL}"
    listing = from_json(entry(url=f"https://u:geheim@x.invalid/{WHEEL}"))
    assert listing.files[0].url == f"https://x.invalid/{WHEEL}"
    assert "password" in whys(listing)[0]
    listing = from_json(entry(url="https://x.invalid/other.whl"))
    assert "ends in another name" in whys(listing)[0]
    quoted = WHEEL.replace("-", "%2D")
    assert from_json(entry(url=f"https://x.invalid/{quoted}")).gaps == ()


def test_local_pages_may_name_local_files() -> None:
    page = "file:///srv/simple/demo/index.html"
    listing = read_html(f'<a href="../{WHEEL}">'.encode(), DEMO, index="x", page=page)
    assert listing.files[0].url == f"file:///srv/simple/{WHEEL}"


@pytest.mark.parametrize(
    ("field", "value", "attribute"),
    [
        ("size", -1, "size"),
        ("size", True, "size"),
        ("size", "12", "size"),
        ("size", 1 << 70, "size"),
        ("size", 1.5, "size"),
        ("upload-time", "yesterday", "uploaded"),
        ("upload-time", 12, "uploaded"),
        ("upload-time", "0001-01-01T00:00:00+23:00", "uploaded"),
        ("upload-time", "9999-12-31T00:00:00Z", "uploaded"),
        ("upload-time", "1970-01-01T00:00:00Z", "uploaded"),
        ("hashes", {"sha256": "zz"}, "sha256"),
        ("hashes", {"sha256": 5}, "sha256"),
        ("requires-python", ["x"], "requires_python"),
    ],
)
def test_fields_that_are_not_what_they_should_be(field: str, value: object, attribute: str) -> None:
    listing = from_json(entry(**{field: value}))
    assert getattr(listing.files[0], attribute) is None
    assert len(listing.gaps) == 1


def test_fields_that_are_missing_are_no_gap() -> None:
    listing = from_json({"filename": WHEEL, "url": WHEEL, "hashes": None})
    (one,) = listing.files
    assert (one.sha256, one.size, one.uploaded, one.yanked) == (None, None, None, None)
    assert listing.gaps == ()


@pytest.mark.parametrize(
    ("value", "found"), [(True, ""), (False, None), (None, None), ("why", "why"), (3, "")]
)
def test_yanked(value: object, found: str | None) -> None:
    assert from_json(entry(yanked=value)).files[0].yanked == found


def test_upload_times_in_other_zones_and_without() -> None:
    listing = from_json(entry(**{"upload-time": "2024-01-01T00:00:00+02:00"}))
    assert listing.files[0].uploaded == datetime(2023, 12, 31, 22, tzinfo=UTC)
    listing = from_json(entry(**{"upload-time": "2024-01-01T00:00:00"}))
    assert listing.files[0].uploaded == datetime(2024, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b"[" * 100_000])
def test_what_is_no_page_at_all(body: bytes) -> None:
    with pytest.raises(IndexUnavailable, match=r"index\.invalid"):
        read_json(body, DEMO, index=LABEL, page=PAGE)


def test_other_versions_of_the_interface() -> None:
    assert from_json(meta={"api-version": "1.99"}).gaps == ()
    assert "which version" in whys(from_json(meta=None))[0]
    with pytest.raises(IndexUnavailable, match="speaks version '2"):
        from_json(meta={"api-version": "2.0"})
    with pytest.raises(IndexUnavailable, match="speaks version '2"):
        from_html('<meta name="pypi:repository-version" content="2.0">')


def test_pages_that_hold_something_else() -> None:
    assert "no list of files" in whys(from_json(files=7))[0]
    assert "calls itself" in whys(from_json(name="other"))[0]
    listing = from_json(3, {"filename": WHEEL}, {"url": "x"}, None)
    assert listing.files == ()
    assert len(listing.gaps) == 4


@pytest.mark.parametrize("status", [3, {"status": 3}, []])
def test_a_status_that_is_none(status: object) -> None:
    listing = from_json(**{"project-status": status})
    assert (listing.status, len(listing.gaps)) == ("active", 1)


def test_a_status_without_a_reason() -> None:
    listing = from_json(**{"project-status": {"status": "deprecated", "reason": 3}})
    assert (listing.status, listing.reason) == ("deprecated", "")
    assert from_json(**{"project-status": {}}).status == "active"


def test_another_projects_file_is_left_out() -> None:
    listing = from_json(entry(filename="other-1.0-py3-none-any.whl"), entry(filename="demo-1.0.tar.gz.asc"))
    assert listing.files == ()
    assert [gap.kind for gap in listing.gaps] == [GapKind.SCOPE]
    both = f'<a href="other-1.0.tar.gz">x</a><a href="{WHEEL}">'
    assert len(from_html(both, of_any=True).gaps) == 0


def test_gaps_and_files_are_bounded() -> None:
    listing = from_json(*[entry(filename=f"demo/{number}") for number in range(1000)])
    assert len(listing.gaps) == limits.MAX_LISTING_GAPS
    many = [None] * (limits.MAX_LISTED + 1)
    assert "more than" in whys(from_json(*many))[0]
    anchors = f'<a href="{WHEEL}">' + '<a href="x">' * limits.MAX_LISTED
    assert "more than" in whys(from_html(anchors))[0]


def test_a_web_page_is_no_listing() -> None:
    with pytest.raises(IndexUnavailable, match="lists no files"):
        from_html('<h1>Please sign in</h1><a href="/help">help</a>')
    assert from_html("<h1>Links for demo</h1>").files == ()
    assert from_html('<meta name="pypi:repository-version" content="1.0">').files == ()


def test_a_base_that_is_no_url() -> None:
    assert (
        from_html(f'<base href="https://[x"><base href="y/"><a href="{WHEEL}">').files[0].url == PAGE + WHEEL
    )


def test_a_page_that_takes_too_long() -> None:
    ticks = iter(range(0, 1000, 30))
    with pytest.raises(IndexUnavailable, match="too long"):
        read_html(b"<a>", DEMO, index=LABEL, page=PAGE, clock=lambda: next(ticks))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
KEYS = st.sampled_from(
    [
        "filename",
        "url",
        "hashes",
        "size",
        "upload-time",
        "yanked",
        "requires-python",
        "core-metadata",
        "provenance",
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.dictionaries(KEYS, VALUES, max_size=6), max_size=3), VALUES, VALUES)
def test_no_json_makes_a_traceback(files: list[dict[str, Any]], meta: Any, status: Any) -> None:
    page = {"meta": meta, "files": [entry() | one for one in files], "project-status": status}
    try:
        listing = read_json(json.dumps(page).encode(), DEMO, index=LABEL, page=PAGE)
    except IndexUnavailable:
        return
    assert all(is_plain_name(one.filename) and "@" not in one.url for one in listing.files)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(["<a ", "href=", '"', ">", WHEEL, "#sha256=", "&#x0;", "<base ", "<!--", "]]", "</"])
    )
)
def test_no_html_makes_a_traceback(parts: list[str]) -> None:
    listing = from_html("".join(parts), of_any=True)
    assert all(is_plain_name(one.filename) for one in listing.files)
