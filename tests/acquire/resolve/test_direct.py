"""Requirements that name a file by URL."""

from __future__ import annotations

import pytest

from stockade.acquire.resolve import target_for
from stockade.acquire.resolve.direct import direct_ref, unjudged
from stockade.errors import FetchFailed, ResolutionFailed
from stockade.model.evidence import GapKind
from stockade.model.project import Digest, ProjectName, Requirement
from tests.acquire.resolve.worlds import World, shown
from tests.support.archives import sdist, wheel

ELSEWHERE = "https://elsewhere.invalid/"


def _offer(world: World, filename: str, *requires: str, name: str = "alpha", version: str = "7.0") -> str:
    """A wheel or sdist at a URL that no index lists."""
    make = wheel if filename.endswith(".whl") else sdist
    world.data[ELSEWHERE + filename] = make(name, version, {"alpha.py": "x = 1\n"}, requires=requires)
    return ELSEWHERE + filename


def test_a_wheel_by_url_takes_the_place_of_the_index(world: World) -> None:
    world.wheel("alpha", "9.0")
    world.wheel("beta", "1.0")
    url = _offer(world, "alpha-7.0-py3-none-any.whl", "beta")
    closure = world.resolve(f"alpha @ {url}")
    assert shown(closure) == ["alpha==7.0", "beta==1.0"]
    (ref,) = closure.releases[0].files
    assert ref.url == url and ref.sha256 and ref.size == len(world.data[url])
    assert "alpha" not in world.asked


def test_an_archive_without_a_version_in_its_name_says_it_inside(world: World) -> None:
    url = _offer(world, "main.tar.gz", version="3.1")
    assert shown(world.resolve(f"alpha @ {url}")) == ["alpha==3.1"]


def test_extras_of_a_url_are_followed(world: World) -> None:
    world.wheel("beta", "1.0")
    url = _offer(world, "alpha-7.0-py3-none-any.whl", "beta; extra == 'more'")
    assert shown(world.resolve(f"alpha[more] @ {url}")) == ["alpha==7.0", "beta==1.0"]
    assert shown(world.resolve(f"alpha @ {url}")) == ["alpha==7.0"]


def test_a_url_for_another_python_is_not_even_fetched(world: World) -> None:
    assert shown(world.resolve(f"alpha @ {ELSEWHERE}alpha-1.0.zip ; python_version < '3'")) == []
    assert world.fetched == []


def test_what_holds_another_project_is_refused(world: World) -> None:
    url = _offer(world, "alpha-7.0-py3-none-any.whl", name="mallory")
    with pytest.raises(ResolutionFailed, match="holds mallory, not alpha"):
        world.resolve(f"alpha @ {url}")


def test_two_urls_for_one_project_are_refused_and_the_same_twice_is_not(world: World) -> None:
    url = _offer(world, "alpha-7.0-py3-none-any.whl")
    other = _offer(world, "alpha-8.0-py3-none-any.whl", version="8.0")
    with pytest.raises(ResolutionFailed, match="two URLs"):
        world.resolve(f"alpha @ {url}", f"alpha @ {other}")
    assert shown(world.resolve(f"alpha @ {url}", f"alpha @ {url}")) == ["alpha==7.0"]


def test_the_hashes_of_a_requirement_hold_for_its_url(world: World) -> None:
    url = _offer(world, "alpha-7.0-py3-none-any.whl")
    asked = Requirement(
        name=ProjectName("alpha"), url=url, hashes=(Digest("0" * 64), Digest("1" * 64)), origin="a.txt"
    )
    with pytest.raises(FetchFailed, match=r"none of the digests that a\.txt allows"):
        world.resolve(asked)


def test_a_url_that_cannot_be_had_fails_where_a_person_named_it(world: World) -> None:
    with pytest.raises(FetchFailed):
        world.resolve(f"alpha @ {ELSEWHERE}alpha-1.0.zip")


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("git+https://elsewhere.invalid/alpha.git", "version-control"),
        ("git://elsewhere.invalid/alpha.git", "version-control"),
        ("ftp://elsewhere.invalid/alpha-1.0.zip", "ftp"),
        ("https://elsewhere.invalid/alpha", "not an archive"),
    ],
)
def test_what_cannot_be_judged_is_a_limit(world: World, url: str, why: str) -> None:
    world.wheel("beta", "1.0")
    closure = world.resolve(f"alpha @ {url}", "beta")
    assert shown(closure) == ["beta==1.0"]
    (gap,) = closure.gaps
    assert gap.kind is GapKind.LIMIT and why in gap.why and "alpha" in gap.what


# URLs that releases of an index depend on: the way around quarantine, feeds and minimum age.


def test_a_release_that_depends_on_a_url_brings_it_into_the_closure(world: World) -> None:
    url = _offer(world, "beta-7.0-py3-none-any.whl", "gamma", name="beta")
    world.wheel("alpha", "1.0", f"beta @ {url}")
    world.wheel("beta", "9.0")
    world.wheel("gamma", "1.0")
    closure = world.resolve("alpha")
    assert shown(closure) == ["alpha==1.0", "beta==7.0", "gamma==1.0"]
    assert closure.releases[1].files[0].url == url
    assert not closure.releases[1].direct


def test_a_url_behind_an_extra_counts_only_with_the_extra(world: World) -> None:
    url = _offer(world, "beta-7.0-py3-none-any.whl", name="beta")
    world.wheel("alpha", "1.0", f"beta @ {url} ; extra == 'more'")
    world.wheel("omega", "1.0", "alpha[more]")
    assert shown(world.resolve("alpha")) == ["alpha==1.0"]
    assert shown(world.resolve("alpha[more]")) == ["alpha==1.0", "beta==7.0"]
    assert shown(world.resolve("omega")) == ["alpha==1.0", "beta==7.0", "omega==1.0"]


def test_a_url_that_contradicts_another_is_a_limit(world: World) -> None:
    mine, other = (
        _offer(world, f"beta-{n}.0-py3-none-any.whl", name="beta", version=f"{n}.0") for n in (1, 2)
    )
    world.wheel("alpha", "1.0", f"beta @ {other}")
    closure = world.resolve("alpha", f"beta @ {mine}")
    assert shown(closure) == ["alpha==1.0", "beta==1.0"]
    (gap,) = closure.gaps
    assert gap.kind is GapKind.LIMIT and "two URLs are given for beta" in gap.why
    world.wheel("omega", "1.0", f"beta @ {mine}")
    assert world.resolve("omega", f"beta @ {mine}").gaps == ()


def test_a_chain_of_urls_is_followed_to_a_bound(world: World) -> None:
    world.wheel("alpha", "1.0", f"p0 @ {ELSEWHERE}p0-1.0-py3-none-any.whl")
    for place in range(4):
        follow = f"p{place + 1} @ {ELSEWHERE}p{place + 1}-1.0-py3-none-any.whl"
        _offer(world, f"p{place}-1.0-py3-none-any.whl", follow, name=f"p{place}", version="1.0")
    _offer(world, "p4-1.0-py3-none-any.whl", name="p4", version="1.0")
    with pytest.raises(ResolutionFailed, match="dependencies by URL go on"):
        world.resolve("alpha")


def test_a_dependency_by_url_that_cannot_be_judged_is_a_limit_once(world: World) -> None:
    world.wheel("alpha", "1.0", f"beta @ {ELSEWHERE}gone-1.0.zip", "gamma @ git+https://elsewhere.invalid/g")
    closure = world.resolve("alpha")
    assert shown(closure) == ["alpha==1.0"]
    assert {gap.kind for gap in closure.gaps} == {GapKind.LIMIT}
    assert len(closure.gaps) == 2
    assert any("alpha==1.0 depends on beta" in gap.what for gap in closure.gaps)


def test_a_dependency_that_is_none_is_a_limit_unless_installers_agree_on_it(world: World) -> None:
    world.wheel("beta", "1.0")
    world.wheel("alpha", "1.0", "beta (>=1.0.*)")
    assert shown(world.resolve("alpha")) == ["alpha==1.0", "beta==1.0"]
    world.wheel("omega", "1.0", "beta @@ https://elsewhere.invalid/x.zip")
    closure = world.resolve("omega")
    assert shown(closure) == ["omega==1.0"]
    (gap,) = closure.gaps
    assert gap.kind is GapKind.LIMIT and "@@" in gap.what


def test_a_fragment_promises_a_digest_and_is_no_part_of_the_url() -> None:
    digest = "ab" * 32
    ref = direct_ref(
        ProjectName("alpha"), f"https://h.example/alpha-1.0.zip#egg=alpha&sha256={digest.upper()}"
    )
    assert (ref.sha256, ref.url) == (digest, "https://h.example/alpha-1.0.zip")
    assert ref.release.version == "1.0"
    assert direct_ref(ProjectName("alpha"), "https://h.example/a%20b.zip").filename == "a b.zip"
    one = direct_ref(ProjectName("alpha"), "https://h.example/alpha-1.0.zip", (Digest("c" * 64),))
    assert one.sha256 == "c" * 64


def test_files_of_this_machine_can_be_judged() -> None:
    assert unjudged("file:///srv/alpha-1.0.tar.gz") == ""
    assert target_for("3.12").minor == "3.12"
