"""Which file belongs to which release."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stockade.acquire.index.listing import Listing, files_of, joined, outbids, same_version, version_of
from stockade.model.evidence import Gap, GapKind
from stockade.model.project import ArtifactRef, Digest, ProjectName, Release

DEMO = ProjectName("demo-kit")


def ref(filename: str, version: str, index: str = "https://one.invalid/simple") -> ArtifactRef:
    release = Release(name=DEMO, version=version)
    return ArtifactRef(release=release, filename=filename, url=f"{index}/{filename}", index=index)


@pytest.mark.parametrize(
    ("filename", "version"),
    [
        ("demo_kit-1.0-py3-none-any.whl", "1.0"),
        ("Demo.Kit-1.0-1-py3-none-any.whl", "1.0"),
        ("demo_kit-1.0_1-py3-none-any.whl", "1.0-1"),
        ("demo_kit-1.0+local.1-cp311-cp311-linux_x86_64.whl", "1.0+local.1"),
        ("demo_kit-py3-none-any.whl", None),
        ("other-1.0-py3-none-any.whl", None),
        ("demo_kit--py3-none-any.whl", None),
        ("demo_kit-1.0.tar.gz", "1.0"),
        ("demo-kit-1.0-beta2.zip", "1.0-beta2"),
        ("DEMO.KIT-1.0.TGZ", "1.0"),
        ("demo-kit-1.0.tar.Z", "1.0"),
        ("demo-1.0.tar.gz", None),
        ("demo-kit-.tar.gz", None),
        ("demo-kit-extra-1.0.tar.gz", "extra-1.0"),
        ("demo_kit-1.0-py2.7.egg", "1.0"),
        ("demo-kit-1.0.win32-py2.7.exe", "1.0"),
        ("demo-kit-1.0.linux-x86_64.rpm", "1.0"),
        ("demo.egg", None),
        ("demo_kit-1.0.tar.gz.asc", None),
        ("demo_kit-1.0.whl", None),
    ],
)
def test_versions_that_names_claim(filename: str, version: str | None) -> None:
    assert version_of(filename, DEMO) == version


def test_versions_are_compared_by_pep_440() -> None:
    assert same_version("1.0", "1.0.0")
    assert same_version("1.0-1", "1.0.post1")
    assert not same_version("1.0", "1.0.1")
    assert same_version("not a version", "not a version")
    assert not same_version("not a version", "1.0")
    assert not same_version("1.0", "not a version")


def test_the_files_of_a_release() -> None:
    wheel, sdist, other = ref("a.whl", "1.0"), ref("a.tar.gz", "1.0.0"), ref("b.whl", "2.0")
    listing = Listing(project=DEMO, files=(wheel, other, sdist))
    assert files_of(listing, "1") == (wheel, sdist)
    assert files_of(listing, "3") == ()
    assert listing.versions == ("1.0", "1.0.0", "2.0")


def test_versions_in_order() -> None:
    files = tuple(ref(f"{number}.whl", number) for number in ("1.10", "1.9", "odd one", "1.9rc1"))
    assert Listing(project=DEMO, files=files).versions == ("odd one", "1.9rc1", "1.9", "1.10")


def test_pages_are_joined_and_say_where_each_file_is_from() -> None:
    one, two = ref("a.whl", "1.0"), ref("a.whl", "1.0", "https://two.invalid/simple")
    gap = Gap(kind=GapKind.LIMIT, what="x", why="y")
    pages = [
        Listing(project=DEMO, files=(one,)),
        Listing(project=DEMO, files=(two, one), status="quarantined", reason="why", gaps=(gap,)),
    ]
    whole = joined(DEMO, pages)
    assert [file.index for file in whole.files] == [
        "https://one.invalid/simple",
        "https://two.invalid/simple",
    ]
    assert (whole.status, whole.reason, whole.gaps) == ("quarantined", "why", (gap,))
    assert joined(DEMO, []) == Listing(project=DEMO)


@pytest.mark.parametrize(
    ("version", "other", "said"),
    [
        ("99.0", ["1.0", "1.2"], "https://b.example, which has 1.2 at most"),
        ("1.2", ["1.0", "1.2"], ""),
        ("1.2+cpu", ["1.2"], ""),
        ("1.3", ["2.0"], ""),
        ("1.0.post1", ["1.0"], "https://b.example, which has 1.0 at most"),
        ("odd", ["1.0"], ""),
        ("1.0", ["odd"], ""),
        ("1.0", [], ""),
    ],
)
def test_whom_a_version_outbids(version: str, other: list[str], said: str) -> None:
    mine = ref("demo.whl", version, "https://a.example")
    files = (mine, *(ref("demo.whl", one, "https://b.example") for one in other))
    assert outbids(Listing(project=DEMO, files=files), version, "https://a.example") == said


def test_a_mirror_that_lags_is_not_outbid() -> None:
    here, there = "https://a.example", "https://b.example"
    old = replace(ref("demo-1.0.whl", "1.0", here), sha256=Digest("a" * 64))
    new = replace(ref("demo-2.0.whl", "2.0", here), sha256=Digest("b" * 64))
    mirrored = replace(old, index=there)
    another = replace(mirrored, sha256=Digest("c" * 64))
    undigested = replace(mirrored, sha256=None)
    assert outbids(Listing(project=DEMO, files=(old, new, mirrored)), "2.0", here) == ""
    for one in (another, undigested):
        said = outbids(Listing(project=DEMO, files=(old, new, one)), "2.0", here)
        assert said == "https://b.example, which has 1.0 at most"
