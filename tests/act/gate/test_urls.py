"""What URLs mean to the gate: the same as to the index, however they are spelt; and never more than that."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stockade import limits
from stockade.acquire.index.listing import Listing
from stockade.act.gate.local import NOTHING, address
from stockade.act.gate.urls import About, File, Meaning, Nothing, Overview, Project, Roads, release_of
from stockade.model.project import ProjectName, Release
from tests.support.gate_parts import ref_of

BASE = "https://index.example/simple/"
PRIVATE = "https://index.example/simple/private/"
SIMPLE = "application/vnd.pypi.simple.v1+json, text/html;q=0.01"
WHEEL = "alpha-1.0-py3-none-any.whl"
SHA = "a" * 64


def roads(*bases: str) -> Roads:
    found = Roads(bases or (BASE,))
    files = (
        ref_of("alpha"),
        ref_of("alpha", "2.0+cpu", filename="alpha-2.0+cpu-py3-none-any.whl"),
        ref_of("alpha", "3", url="https://Files.EXAMPLE:443/a b/alpha-3-py3-none-any.whl?sig=1&x=%2F"),
    )
    found.learn(Listing(project=ProjectName("alpha"), files=files))
    return found


@pytest.mark.parametrize(
    ("url", "meaning"),
    [
        (BASE, Overview(BASE)),
        (BASE.rstrip("/"), Overview(BASE)),
        (f"{BASE}?x=1", Overview(BASE)),
        (f"{BASE}alpha/", Project(ProjectName("alpha"), BASE)),
        (f"{BASE}alpha", Project(ProjectName("alpha"), BASE)),
        (f"{BASE}alpha//", Project(ProjectName("alpha"), BASE)),
        (f"{BASE}Al_pha/?format=json", Project(ProjectName("al-pha"), BASE)),
        (f"{BASE}zope%2Einterface/", Project(ProjectName("zope-interface"), BASE)),
        ("https://index.example:443/simple/alpha/", Project(ProjectName("alpha"), BASE)),
        ("https://INDEX.example/simple/alpha/", Project(ProjectName("alpha"), BASE)),
        (f"{BASE}al%2Fpha/", None),
        (f"{BASE}../alpha/", None),
        (f"{BASE}%2E%2E/alpha/", None),
        (f"{BASE}-alpha/", None),
        (f"{BASE}alpha%0d%0a/", None),
        (f"{BASE}alpha/beta/", None),
        ("https://index.example/", None),
        ("https://index.example/simpler/alpha/", None),
        ("https://index.example.evil.example/simple/alpha/", None),
        ("http://index.example/simple/alpha/", None),
        ("https://index.example@evil.example/simple/alpha/", None),
        ("https://user:word@index.example/simple/alpha/", None),
        ("https://[:::]/simple/alpha/", None),
        ("https://index.example:x/simple/alpha/", None),
        ("https://other.example/simple/alpha/", None),
        ("https://index.example/pypi/alpha/json", About("https://index.example/pypi/alpha/json")),
        ("https://other.example/pypi/alpha/json", None),
        (NOTHING, Nothing()),
    ],
)
def test_pages(url: str, meaning: Meaning) -> None:
    assert roads().meaning(url) == meaning


def test_the_most_particular_index_is_meant() -> None:
    both = roads(BASE, PRIVATE)
    assert both.meaning(f"{PRIVATE}alpha/") == Project(ProjectName("alpha"), PRIVATE)
    assert both.meaning(PRIVATE) == Overview(PRIVATE)
    assert both.meaning(f"{BASE}alpha/") == Project(ProjectName("alpha"), BASE)


def test_an_index_is_named_as_it_was_configured() -> None:
    spelt = "https://Index.Example:443/simple/"
    assert roads(spelt).meaning("https://index.example/simple/alpha/") == Project(ProjectName("alpha"), spelt)


def test_who_asks_for_a_page_of_an_index_makes_it_one() -> None:
    found = roads()
    there = "https://devpi.example/root/+simple/"
    assert found.meaning(f"{there}alpha/") is None
    assert found.meaning(f"{there}alpha/", SIMPLE) == Project(ProjectName("alpha"), there)
    assert found.meaning(f"{there}beta/") == Project(ProjectName("beta"), there)
    assert found.meaning(f"{there}..%2f/", SIMPLE) is None


@pytest.mark.parametrize("place", ["index.example@evil.example", "user:word@index.example", "[:::]", "h:x"])
def test_nobody_makes_an_index_of_an_address_that_hides_its_host(place: str) -> None:
    assert roads().meaning(f"https://{place}/simple/alpha/", SIMPLE) is None
    assert roads().meaning(f"https://{place}/{WHEEL}", SIMPLE) is None


def test_a_page_taken_for_a_project_hides_no_index_below_it() -> None:
    """Somebody asks for the overview of an index that is not known: it looks like the page of a project "simple"."""
    found = roads()
    assert found.meaning("https://other.example/simple/", SIMPLE) == Project(
        ProjectName("simple"), "https://other.example/"
    )
    there = "https://other.example/simple/"
    assert found.meaning(f"{there}alpha/", SIMPLE) == Project(ProjectName("alpha"), there)
    assert found.meaning(f"{there}beta/") == Project(ProjectName("beta"), there)


def test_indexes_that_are_learnt_are_bounded() -> None:
    found = roads()
    for number in range(limits.MAX_GATE_HOSTS + 5):
        found.meaning(f"https://h{number}.example/simple/alpha/", SIMPLE)
    assert found.meaning(f"https://h{limits.MAX_GATE_HOSTS + 4}.example/simple/alpha/", SIMPLE) is None
    assert isinstance(found.meaning(f"{BASE}alpha/", SIMPLE), Project)


@pytest.mark.parametrize(
    "url",
    [
        f"https://files.example/{WHEEL}",
        f"https://files.example:443/{WHEEL}",
        f"https://FILES.example/{WHEEL}",
        "https://files.example/alpha%2D1.0-py3-none-any.whl",
        "https://files.example/alpha-2.0+cpu-py3-none-any.whl",
        "https://files.example/alpha-2.0%2Bcpu-py3-none-any.whl",
        "https://files.example/alpha-2.0%2bcpu-py3-none-any.whl",
        "https://files.example/a%20b/alpha-3-py3-none-any.whl?sig=1&x=%2F",
    ],
)
def test_a_file_that_a_page_named_is_known_however_its_address_is_spelt(url: str) -> None:
    found = roads()
    meant = found.meaning(url)
    assert isinstance(meant, File)
    assert (meant.direct, meant.metadata) == (False, False)
    assert meant.ref.sha256
    assert found.file(url) == meant.ref
    beside = found.meaning(f"{url}.metadata")
    assert beside == File(meant.ref, metadata=True)


@pytest.mark.parametrize(
    ("path", "release", "filename"),
    [
        ("beta-1.0-py3-none-any.whl", "beta==1.0", "beta-1.0-py3-none-any.whl"),
        ("Be_ta-1.0-1-py3-none-any.whl", "be-ta==1.0", "Be_ta-1.0-1-py3-none-any.whl"),
        ("beta-1.0%2Bx-py3-none-any.whl?token=1", "beta==1.0+x", "beta-1.0+x-py3-none-any.whl"),
        ("beta-1.0.tar.gz", "beta==1.0", "beta-1.0.tar.gz"),
        ("be-ta-1.0.zip", "be-ta==1.0", "be-ta-1.0.zip"),
        ("beta-v2.TAR.GZ", "beta==2", "beta-v2.TAR.GZ"),
        ("archive/refs/tags/v1.0.zip", "v1-0==0", "v1.0.zip"),
        ("--.tar.bz2", "unnamed==0", "--.tar.bz2"),
        ("odd.whl", "unnamed==0", "odd.whl"),
    ],
)
def test_a_file_that_no_page_named_is_told_by_its_name(path: str, release: str, filename: str) -> None:
    url = f"https://lock.example/{path}"
    meant = roads().meaning(url)
    assert isinstance(meant, File)
    assert meant.direct
    assert (str(meant.ref.release), meant.ref.filename, meant.ref.url) == (release, filename, url)
    assert meant.ref.sha256 is None


@pytest.mark.parametrize(
    ("path", "url"),
    [
        ("b-1-py3-none-any.whl.metadata", "b-1-py3-none-any.whl"),
        ("b-1-py3-none-any.whl.metadata?sig=1", "b-1-py3-none-any.whl?sig=1"),
    ],
)
def test_metadata_beside_such_a_file(path: str, url: str) -> None:
    meant = roads().meaning(f"https://lock.example/{path}")
    assert isinstance(meant, File)
    assert meant.metadata
    assert meant.ref.url == f"https://lock.example/{url}"


@pytest.mark.parametrize(
    "path",
    [
        "..%2F..%2Fetc%2Fbeta-1.0.zip",
        "..%5Cbeta-1.0.zip",
        "beta%0d%0aX-Evil:%201-1.0.zip",
        "beta%00-1.0.tar.gz",
        "beta%E2%80%AE-1.0.zip",
        "x" * 300 + ".zip",
        "beta-1.0.exe",
        "beta-1.0.zip/",
        "beta-1.0.zip.asc",
        "beta-1.0-py3-none-any.whl.metadata.metadata",
        "install.sh",
        "",
    ],
)
def test_what_is_no_archive_or_has_no_plain_name_is_nothing(path: str) -> None:
    assert roads().meaning(f"https://lock.example/{path}") is None


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("a b-1.0.zip", "https://files.example/a b-1.0.zip"),
        ("a+b-1.0.zip", "https://files.example/a%2Bb-1.0.zip"),
        ("a+b-1.0.zip", "https://files.example/a+b-1.0.zip"),
        ("a%2Bb-1.0.zip", "https://files.example/a%2Bb-1.0.zip"),
        ("ä-1.0.zip", "https://files.example/ä-1.0.zip"),
        ("a-1.0.zip", "https://files.example/get?file=a-1.0.zip"),
        ("a-1.0.zip", "https://files.example/get?file=/a-1.0.zip"),
        ("a-1.0.zip", "https://files.example/12345"),
        ("a-1.0.zip", "file:///srv/a-1.0.zip"),
        ("a b-1.0.zip", "file:///srv/a b-1.0.zip"),
    ],
)
def test_files_are_known_by_the_addresses_that_pages_gave(name: str, url: str) -> None:
    ref, other = ref_of("a", filename=name, url=url), ref_of("a", filename=name, url="https://two.example/x")
    found = Roads((BASE,))
    found.learn(Listing(project=ProjectName("a"), files=(ref, other)))
    assert (found.file(address(ref)), found.file(other.url)) == (ref, other)
    assert found.file("https://three.example/a-1.0.zip") is None


def test_of_two_pages_that_give_an_address_the_newer_counts_and_a_strangers_never() -> None:
    older, newer, stranger = (ref_of("a", filename="a-1.0.zip", size=size) for size in (1, 2, 3))
    found = Roads((BASE,))
    found.learn(Listing(project=ProjectName("a"), files=(stranger,)), configured=False)
    assert found.file(stranger.url) == stranger
    for ref in (older, newer):
        found.learn(Listing(project=ProjectName("a"), files=(ref,)))
        assert found.file(ref.url) == ref
    found.learn(Listing(project=ProjectName("a"), files=(stranger,)), configured=False)
    assert found.file(newer.url) == newer


def test_addresses_are_bounded_and_the_oldest_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_GATE_ADDRESSES", 3)
    found = roads()
    found.learn(Listing(project=ProjectName("beta"), files=(ref_of("beta"),)))
    assert found.file(f"https://files.example/{WHEEL}") is None
    assert found.file("https://files.example/beta-1.0-py3-none-any.whl") is not None


@given(st.text(max_size=60), st.sampled_from(["", SIMPLE]))
@example("[:::]/x.whl", "")
@example("a/%ff%fe.whl", SIMPLE)
def test_no_url_breaks_it_and_no_file_has_more_than_a_plain_name(rest: str, accept: str) -> None:
    found = roads()
    for url in (f"https://{rest}", f"https://host.example/{rest}", f"{BASE}{rest}", rest):
        meant = found.meaning(url, accept)
        if isinstance(meant, File):
            assert not set(meant.ref.filename) & set("/\\\r\n\0")
        if isinstance(meant, Project):
            assert meant.base.startswith(("http", "/")) or meant.base


@given(st.text(max_size=40))
def test_a_file_name_is_of_one_release_at_most(name: str) -> None:
    assert isinstance(release_of(name), Release | None)


def test_an_index_that_somebody_named_claims_no_file_of_a_configured_one() -> None:
    found = roads()
    theirs = ref_of("alpha", data=b"theirs")
    found.learn(Listing(project=ProjectName("alpha"), files=(theirs,)), configured=False)
    assert found.file(theirs.url) == ref_of("alpha")
    found.learn(Listing(project=ProjectName("alpha"), files=(theirs,)))
    assert found.file(theirs.url) == theirs
