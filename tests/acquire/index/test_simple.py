"""The index as a whole: sources merged as the installer would, pages cached, failures in one sentence."""

from __future__ import annotations

import hashlib
import time
from dataclasses import replace
from functools import partial
from operator import add
from pathlib import Path

import httpx
import pytest

from stockade import limits
from stockade.acquire.index.listing import files_of
from stockade.acquire.index.settings import IndexSettings, Source, SourceKind, Strategy
from stockade.errors import DigestMismatch, IndexUnavailable, InsecureRedirect, ProjectNotFound
from stockade.model.project import ArtifactRef, ProjectName
from tests.support.archives import core_metadata, sdist, sdist_name, wheel, wheel_name
from tests.support.asking import Ask, Asking
from tests.support.index import Fault, TwinFile, TwinIndex, TwinProject

DEMO = ProjectName("demo")
METADATA = core_metadata("demo", "1.0", ["other>=1"])


def demo(version: str = "1.0", **facts: str | bytes | None) -> TwinFile:
    data = wheel("demo", version, {"demo.py": "x = 1\n"})
    return TwinFile(wheel_name("demo", version), data, **facts)  # type: ignore[arg-type]


def source(version: str = "1.0") -> TwinFile:
    return TwinFile(sdist_name("demo", version), sdist("demo", version, {"demo.py": "x = 1\n"}))


def several(*urls: str, strategy: Strategy = Strategy.MERGE, **facts: object) -> IndexSettings:
    sources = tuple(Source(url=url) for url in urls)
    given: dict[str, object] = {"installer": "pip", "sources": sources, "strategy": strategy, "timeout": 5.0}
    return IndexSettings(**(given | facts))  # type: ignore[arg-type]


@pytest.mark.parametrize(("json", "html"), [(True, True), (True, False), (False, True)])
def test_a_project_in_either_format(tmp_path: Path, ask: Ask, json: bool, html: bool) -> None:
    one = demo(yanked="broken", requires_python=">=3.8", metadata=METADATA, uploaded="2024-01-02T03:04:05Z")
    project = TwinProject((one, source("2.0")), status="archived", reason="moved")
    with TwinIndex({"demo": project}, json=json, html=html) as twin:
        asking = ask(tmp_path, twin.url)
        listing = asking.index.listing(DEMO)
        assert (listing.status, listing.reason, listing.gaps) == ("archived", "moved", ())
        (wheel_ref,) = files_of(listing, "1")
        assert wheel_ref.url == f"{twin.base}/files/{one.filename}"
        assert (wheel_ref.sha256, wheel_ref.yanked) == (one.digest, "broken")
        assert (wheel_ref.requires_python, wheel_ref.metadata_sha256) == (">=3.8", one.metadata_digest)
        assert (wheel_ref.uploaded is not None) is json
        assert wheel_ref.index == twin.url
        accept = twin.log[0].headers["accept"]
        assert accept.startswith("application/vnd.pypi.simple.v1+json")


def test_a_page_is_asked_for_once_a_run_and_not_at_all_while_it_is_fresh(tmp_path: Path, ask: Ask) -> None:
    now = time.time()
    with TwinIndex({"demo": [demo()]}, max_age=300) as twin:
        for moment, requests in ((0.0, 1), (299.0, 1), (302.0, 2)):
            asking = ask(tmp_path, twin.url, now=partial(add, now, moment))
            assert asking.index.listing(DEMO) == asking.index.listing(DEMO)
            assert len(twin.hits()) == requests
        assert [hit.status for hit in twin.log] == [200, 304]
        assert twin.log[1].headers["if-none-match"]


def test_without_max_age_the_index_is_asked_whether_the_page_changed(tmp_path: Path, ask: Ask) -> None:
    with TwinIndex({"demo": [demo()]}) as twin:
        for version, status in (("1.0", 200), ("1.0", 304), ("2.0", 200)):
            twin.put("demo", [demo(version)])
            asking = ask(tmp_path, twin.url)
            assert asking.index.listing(DEMO).versions == (version,)
            assert twin.log[-1].status == status


def test_an_index_that_knows_only_dates(tmp_path: Path, ask: Ask) -> None:
    date = "Mon, 01 Jan 2024 00:00:00 GMT"
    asked: list[str | None] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request.headers.get("if-modified-since"))
        if asked[-1] == date:
            return httpx.Response(304)
        headers = {"Content-Type": "text/html", "Last-Modified": date}
        return httpx.Response(200, headers=headers, text=f'<a href="{demo().filename}">x</a>')

    for _ in range(2):
        asking = ask(tmp_path, "https://index.invalid/simple", base=httpx.MockTransport(handler))
        assert asking.index.listing(DEMO).versions == ("1.0",)
    assert asked == [None, date]


def test_a_page_that_stands_before_the_index_is_not_kept(tmp_path: Path, ask: Ask) -> None:
    with TwinIndex({"demo": [demo()]}, faults={"demo": Fault("page", times=1)}) as twin:
        with pytest.raises(IndexUnavailable, match="lists no files"):
            ask(tmp_path, twin.url).index.listing(DEMO)
        assert list((tmp_path / "listings").glob("*/*")) == []
        assert ask(tmp_path, twin.url).index.listing(DEMO).versions == ("1.0",)


def test_a_damaged_cache_is_fetched_anew(tmp_path: Path, ask: Ask) -> None:
    with TwinIndex({"demo": [demo()]}, max_age=300) as twin:
        ask(tmp_path, twin.url).index.listing(DEMO)
        (kept,) = (tmp_path / "listings").glob("*/*")
        kept.write_bytes(kept.read_bytes().replace(b"1.0", b"6.6"))
        # What it was read as before is whole, and says what the page said.
        assert ask(tmp_path, twin.url).index.listing(DEMO).versions == ("1.0",)
        assert len(twin.hits()) == 1
        (read,) = (tmp_path / "parsed").glob("*/*")
        read.write_bytes(read.read_bytes().replace(b"1.0", b"6.6"))
        asking = ask(tmp_path, twin.url)
        assert asking.index.listing(DEMO).versions == ("1.0",)
        assert len(twin.hits()) == 2


def test_unknown_projects_are_said_to_be_unknown(tmp_path: Path, ask: Ask) -> None:
    with TwinIndex({}) as twin:
        asking = ask(tmp_path, twin.url)
        with pytest.raises(ProjectNotFound, match=rf"no project demo on {twin.url}"):
            asking.index.listing(DEMO)
        offline = ask(tmp_path, twin.url, offline=True)
        with pytest.raises(ProjectNotFound, match="by what is cached"):
            offline.index.listing(DEMO)


def test_pip_takes_from_all_indexes_uv_from_the_first(tmp_path: Path, ask: Ask) -> None:
    with (
        TwinIndex({"demo": [demo("1.0")]}) as one,
        TwinIndex({"demo": [demo("2.0")], "two": [demo()]}) as two,
    ):
        both = ask(tmp_path, several(one.url, two.url))
        listing = both.index.listing(DEMO)
        assert [(ref.release.version, ref.index) for ref in listing.files] == [
            ("1.0", one.url),
            ("2.0", two.url),
        ]
        first = ask(tmp_path, several(one.url, two.url, strategy=Strategy.FIRST))
        assert first.index.listing(DEMO).versions == ("1.0",)
        assert "two" in first.index.listings([ProjectName("two")])


def test_a_pinned_project_comes_from_its_index_alone(tmp_path: Path, ask: Ask) -> None:
    with TwinIndex({"demo": [demo("1.0")]}) as one, TwinIndex({"demo": [demo("2.0")]}) as two:
        special = Source(url=two.url, name="special", explicit=True)
        settings = replace(several(one.url), sources=(special, Source(url=one.url)))
        asking = ask(tmp_path, settings)
        assert asking.index.listing(DEMO).versions == ("1.0",), "an explicit index is not asked for others"
        pinned = ask(tmp_path, replace(settings, pins={DEMO: "special"}))
        assert pinned.index.listing(DEMO).versions == ("2.0",)
        lost = ask(tmp_path, replace(settings, pins={DEMO: "lost"}))
        with pytest.raises(IndexUnavailable, match="pinned to an index named 'lost'"):
            lost.index.listing(DEMO)


def test_find_links_beside_an_index(tmp_path: Path, ask: Ask) -> None:
    folder = tmp_path / "wheels"
    folder.mkdir()
    (folder / wheel_name("demo", "3.0")).write_bytes(b"x")
    with TwinIndex({"demo": [demo("1.0")], "links": [demo("2.0"), TwinFile("x-1.tar.gz", b"")]}) as twin:
        # The page of "links" does as a page of files: it lists those of any project.
        links = Source(url=f"{twin.url}links/", kind=SourceKind.LINKS)
        local = Source(url=folder.as_uri(), kind=SourceKind.LINKS)
        twin.json = False
        asking = ask(tmp_path, replace(several(), sources=(Source(url=twin.url), links, local)))
        assert asking.index.listing(DEMO).versions == ("1.0", "2.0", "3.0")
        with pytest.raises(ProjectNotFound):
            asking.index.listing(ProjectName("absent"))
        assert len(twin.hits("/links/")) == 1, "one page serves every project"


def test_a_flat_index_has_its_place_in_the_order(tmp_path: Path, ask: Ask) -> None:
    flat = Source(url=(tmp_path / "flat").as_uri(), kind=SourceKind.FLAT)
    (tmp_path / "flat").mkdir()
    with TwinIndex({"demo": [demo("1.0")]}) as twin:
        for sources, versions in (
            ((flat, Source(url=twin.url)), ("1.0",)),
            ((Source(url=twin.url), flat), ("1.0",)),
        ):
            asking = ask(tmp_path, replace(several(strategy=Strategy.FIRST), sources=sources))
            assert asking.index.listing(DEMO).versions == versions
        (tmp_path / "flat" / wheel_name("demo", "3.0")).write_bytes(b"x")
        for sources, versions in (
            ((flat, Source(url=twin.url)), ("3.0",)),
            ((Source(url=twin.url), flat), ("1.0",)),
        ):
            asking = ask(tmp_path, replace(several(strategy=Strategy.FIRST), sources=sources))
            assert asking.index.listing(DEMO).versions == versions


def test_find_links_that_are_not_there_are_a_gap(tmp_path: Path, ask: Ask) -> None:
    with TwinIndex({"demo": [demo()]}) as twin:
        links = Source(url=f"{twin.base}/nowhere", kind=SourceKind.LINKS)
        asking = ask(tmp_path, replace(several(), sources=(Source(url=twin.url), links)))
        assert "is not there" in asking.index.listing(DEMO).gaps[0].why


def test_no_index_and_no_links(tmp_path: Path, ask: Ask) -> None:
    asking = ask(tmp_path, several())
    with pytest.raises(ProjectNotFound, match="no-index is set"):
        asking.index.listing(DEMO)


def test_only_local_folders(tmp_path: Path, ask: Ask) -> None:
    folder = tmp_path / "simple" / "demo"
    folder.mkdir(parents=True)
    (folder / wheel_name("demo", "3.0")).write_bytes(b"x")
    asking = ask(tmp_path, several((tmp_path / "simple").as_uri()), offline=True)
    assert asking.index.listing(DEMO).versions == ("3.0",)


@pytest.mark.parametrize(
    ("fault", "error", "says"),
    [
        (Fault("error", status=401), IndexUnavailable, "wants a login"),
        (Fault("error", status=403), IndexUnavailable, "wants a login"),
        (Fault("error", status=418), IndexUnavailable, "answers 418 for /simple/demo/"),
        (Fault("error"), IndexUnavailable, "answers 500"),
        (Fault("page"), IndexUnavailable, "lists no files"),
        (Fault("garbage", body=b"{"), IndexUnavailable, "is not JSON"),
        (Fault("garbage", body=b"[]"), IndexUnavailable, "no project page"),
        (Fault("loop"), IndexUnavailable, "redirects more than"),
        (Fault("cut"), IndexUnavailable, "broke off"),
        (Fault("slow", seconds=3.0), IndexUnavailable, "did not answer within 1 s"),
    ],
)
def test_an_index_that_fails(
    tmp_path: Path, ask: Ask, fault: Fault, error: type[Exception], says: str
) -> None:
    with TwinIndex({"demo": [demo()]}, faults={"demo": fault}) as twin:
        settings = several(twin.url, timeout=1.0 if fault.kind != "slow" else 0.3)
        asking = ask(tmp_path, settings)
        if fault.kind == "slow":
            says = "did not answer within 0 s"
        with pytest.raises(error, match=says):
            asking.index.listing(DEMO)
        assert list((tmp_path / "listings").glob("*/*")) == []


def test_a_redirect_to_plain_http_is_refused(tmp_path: Path, ask: Ask) -> None:
    with TwinIndex({"demo": [demo()]}, tls=tmp_path / "ca", faults={"demo": Fault("plain")}) as twin:
        asking = ask(tmp_path, several(twin.url, ca=twin.authority))
        with pytest.raises(InsecureRedirect):
            asking.index.listing(DEMO)


def test_after_a_redirect_addresses_are_relative_to_where_it_led(tmp_path: Path, ask: Ask) -> None:
    with TwinIndex({"demo": [demo()]}) as there:
        there.faults["away"] = Fault("elsewhere", target=f"{there.url}demo/")
        asking = ask(tmp_path, there.url)
        kept = asking.index._page(f"{there.url}away/", Source(url=there.url))
        assert (kept.url, kept.address) == (f"{there.url}away/", f"{there.url}demo/")


def test_another_kind_of_answer_is_no_listing(tmp_path: Path, ask: Ask) -> None:
    with TwinIndex({"demo": [demo()]}) as twin:
        settings = several(f"{twin.base}/files")
        asking = ask(tmp_path, settings)
        twin.put("extra", [TwinFile("demo", b"x")])
        with pytest.raises(IndexUnavailable, match="'application/octet-stream', which is no listing"):
            asking.index.listing(DEMO)


def test_a_page_of_unbounded_size(tmp_path: Path, ask: Ask) -> None:
    with TwinIndex({"demo": [demo()]}, faults={"demo": Fault("endless")}) as twin:
        asking = ask(tmp_path, twin.url)
        with pytest.raises(IndexUnavailable, match="sends more than"):
            asking.index.listing(DEMO)


def test_offline_uses_what_is_cached_however_old(tmp_path: Path, ask: Ask) -> None:
    with TwinIndex({"demo": [demo()], "fresh": [demo()]}) as twin:
        ask(tmp_path, twin.url).index.listing(DEMO)
        offline = ask(tmp_path, twin.url, offline=True, now=lambda: time.time() + 1e8)
        assert offline.index.listing(DEMO).versions == ("1.0",)
        with pytest.raises(IndexUnavailable, match="--offline forbids"):
            offline.index.listing(ProjectName("fresh"))
        assert len(twin.hits()) == 1


def test_many_at_once(tmp_path: Path, ask: Ask) -> None:
    packages = {f"p{number}": [demo()] for number in range(40)}
    faults = {f"p{number}": Fault("slow", seconds=0.05) for number in range(40)}
    with TwinIndex(packages, faults=faults) as twin:
        asking = ask(tmp_path, twin.url)
        names = [ProjectName(name) for name in packages]
        began = time.monotonic()
        found = asking.index.listings(names)
        assert time.monotonic() - began < 40 * 0.05, "one after the other it would take longer"
        assert list(found) == names
        with pytest.raises(ProjectNotFound):
            asking.index.listings([*names, ProjectName("absent")])


def metadata_of(
    ask: Ask, twin: TwinIndex, tmp_path: Path, *, offline: bool = False
) -> tuple[Asking, ArtifactRef]:
    asking = ask(tmp_path, twin.url, offline=offline)
    return asking, asking.index.listing(DEMO).files[0]


def test_metadata_is_checked_and_kept(tmp_path: Path, ask: Ask) -> None:
    with TwinIndex({"demo": [demo(metadata=METADATA)]}) as twin:
        for _ in range(2):
            asking, ref = metadata_of(ask, twin, tmp_path)
            assert asking.index.metadata(ref) == METADATA
            assert len(twin.hits(".metadata")) == 1
        offline, ref = metadata_of(ask, twin, tmp_path, offline=True)
        assert offline.index.metadata(ref) == METADATA
        with pytest.raises(IndexUnavailable, match="--offline forbids"):
            offline.index.metadata(replace(ref, metadata_sha256="0" * 64))
        assert offline.index.metadata(replace(ref, metadata_sha256=None)) is None


def test_metadata_that_is_not_what_was_promised(tmp_path: Path, ask: Ask) -> None:
    wrong = hashlib.sha256(b"other").hexdigest()
    with TwinIndex({"demo": [demo(metadata=METADATA, metadata_sha256=wrong)]}) as twin:
        asking, ref = metadata_of(ask, twin, tmp_path)
        with pytest.raises(DigestMismatch, match=r"not what .* promised"):
            asking.index.metadata(ref)
        assert list((tmp_path / "metadata").glob("*/*")) == []


def test_metadata_without_a_digest_and_metadata_that_is_gone(tmp_path: Path, ask: Ask) -> None:
    with TwinIndex({"demo": [demo(metadata=METADATA, metadata_sha256="")]}) as twin:
        asking, ref = metadata_of(ask, twin, tmp_path)
        assert ref.metadata_sha256 == ""
        assert asking.index.metadata(ref) == METADATA
        twin.put("demo", [demo()])
        with pytest.raises(IndexUnavailable, match="answers 404 for the metadata"):
            asking.index.metadata(ref)


def test_a_cache_that_cannot_be_written_is_remarked_upon(tmp_path: Path, ask: Ask) -> None:
    (tmp_path / "listings").write_text("")
    with TwinIndex({"demo": [demo()]}) as twin:
        asking = ask(tmp_path, twin.url)
        assert asking.index.listing(DEMO).files
        assert any("cannot be written" in note for note in asking.index.notes)


def test_bounds_are_what_the_issue_says() -> None:
    assert limits.MAX_LISTING_AGE == 600.0
    assert 4 <= limits.MAX_CONNECTIONS <= 8
