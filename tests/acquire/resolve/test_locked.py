"""From a lock to the files that an installer would take."""

from __future__ import annotations

import hashlib

from stockade.acquire.resolve import Closure, target_for
from stockade.acquire.resolve.locked import from_lock
from stockade.acquire.sources.locks import Lock
from stockade.model.evidence import Gap, GapKind
from stockade.model.project import ArtifactRef, Digest, ProjectName, Requirement
from tests.acquire.resolve.worlds import World, shown
from tests.support.archives import sdist


def _pin(name: str, version: str = "1.0", *hashes: Digest | None, url: str | None = None) -> Requirement:
    return Requirement(
        name=ProjectName(name),
        specifier="" if url else f"=={version}",
        url=url,
        hashes=tuple(one for one in hashes if one),
    )


def _closure(world: World, *pins: Requirement, all_files: bool = False) -> Closure:
    lock = Lock(kind="uv.lock", path="uv.lock", pins=pins)
    return from_lock(lock, index=world, fetcher=world, python=target_for("3.11"), all_files=all_files)


def test_the_files_are_what_the_lock_allows_and_this_machine_could_pick(world: World) -> None:
    wheel = world.wheel("alpha", "1.0")
    foreign = world.wheel("alpha", "1.0", tag="cp311-cp311-win_amd64")
    world.sdist("alpha", "1.0")  # added after the lock was made
    world.wheel("alpha", "2.0")
    closure = _closure(world, _pin("alpha", "1.0.0", wheel.sha256, foreign.sha256))
    assert shown(closure) == ["alpha==1.0"]
    assert closure.releases[0].files == (wheel,)
    assert closure.gaps == ()
    everything = _closure(world, _pin("alpha", "1.0", wheel.sha256, foreign.sha256), all_files=True)
    assert set(everything.releases[0].files) == {wheel, foreign}


def test_without_digests_every_pickable_file_is_taken(world: World) -> None:
    wheel, sdist = world.wheel("alpha", "1.0"), world.sdist("alpha", "1.0")
    assert _closure(world, _pin("alpha")).releases[0].files == (wheel, sdist)


def test_a_digest_that_the_index_does_not_offer_is_a_limit(world: World) -> None:
    wheel = world.wheel("alpha", "1.0")
    closure = _closure(world, _pin("alpha", "1.0", wheel.sha256, Digest("0" * 64), Digest("1" * 64)))
    assert closure.releases[0].files == (wheel,)
    (gap,) = closure.gaps
    assert gap.kind is GapKind.LIMIT and "0000" in gap.why and "1 more" in gap.why
    alone = _closure(world, _pin("alpha", "1.0", Digest("0" * 64)))
    assert alone.releases == () and [one.kind for one in alone.gaps] == [GapKind.LIMIT]


def test_files_without_a_digest_on_the_index_stay_to_be_checked(world: World) -> None:
    ref = world.wheel("alpha", "1.0")
    bare = ArtifactRef(release=ref.release, filename=ref.filename, url=ref.url, index=ref.index)
    world.pages[ProjectName("alpha")] = [bare]
    closure = _closure(world, _pin("alpha", "1.0", ref.sha256))
    assert closure.releases[0].files == (bare,) and closure.gaps == ()


def test_what_the_index_does_not_have_is_a_limit(world: World) -> None:
    world.wheel("alpha", "2.0")
    closure = _closure(world, _pin("alpha"), _pin("gone"))
    assert closure.releases == ()
    assert [one.kind for one in closure.gaps] == [GapKind.LIMIT, GapKind.LIMIT]
    assert "doesn't offer" in closure.gaps[0].why and "no project gone" in closure.gaps[1].why


def test_what_is_for_other_platforms_alone_is_shown_and_not_held_against_anyone(world: World) -> None:
    ref = world.wheel("alpha", "1.0", tag="cp311-cp311-win_amd64")
    closure = _closure(world, _pin("alpha", "1.0", ref.sha256))
    assert closure.releases == ()
    assert [one.kind for one in closure.gaps] == [GapKind.SCOPE]
    assert _closure(world, _pin("alpha", "1.0", ref.sha256), all_files=True).releases[0].files == (ref,)


def test_urls_in_a_lock_are_fetched_and_held_to_its_digests(world: World) -> None:
    data = sdist("alpha", "3.0", {})
    url = "https://elsewhere.invalid/main.tar.gz"
    world.data[url] = data
    good, bad = Digest(hashlib.sha256(data).hexdigest()), Digest("a" * 64)
    closure = _closure(world, _pin("alpha", "", good, url=url), _pin("beta", url="git+https://x.invalid/b"))
    assert shown(closure) == ["alpha==3.0"]
    assert closure.releases[0].files[0].sha256 == good
    assert [one.what for one in closure.gaps] == ["beta @ git+https://x.invalid/b"]
    for pin in (_pin("alpha", "", bad, Digest("b" * 64), url=url), _pin("beta", "", good, url=url)):
        refused = _closure(world, pin)
        assert refused.releases == () and [one.kind for one in refused.gaps] == [GapKind.LIMIT]


def test_a_release_that_is_locked_twice_is_one(world: World) -> None:
    wheel, sdist = world.wheel("alpha", "1.0"), world.sdist("alpha", "1.0")
    closure = _closure(world, _pin("alpha", "1.0", wheel.sha256), _pin("alpha", "1.0", sdist.sha256))
    assert shown(closure) == ["alpha==1.0"]
    assert closure.releases[0].files == (wheel, sdist)


def test_without_a_fetcher_the_name_of_a_file_is_believed(world: World) -> None:
    pin = _pin("alpha", "", Digest("a" * 64), url="https://elsewhere.invalid/alpha-3.0.tar.gz")
    gap = Gap(kind=GapKind.SCOPE, what="me", why="it is the project itself")
    lock = Lock(kind="uv.lock", path="uv.lock", pins=(pin,), gaps=(gap,))
    closure = from_lock(lock, index=world, python=target_for("3.11"))
    assert shown(closure) == ["alpha==3.0"] and closure.gaps == (gap,)
    assert closure.releases[0].files[0].sha256 == "a" * 64
