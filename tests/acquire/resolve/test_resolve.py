"""Requirements to closures, in a world in memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acquire.resolve.worlds import World, shown


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_the_closure_holds_what_is_asked_and_what_it_brings(world: World) -> None:
    world.wheel("alpha", "1.0", "beta>=2", "gamma; python_version < '3'")
    world.wheel("beta", "2.0", "delta")
    world.wheel("beta", "1.0")
    world.wheel("delta", "4.0")
    closure = world.resolve("alpha")
    assert shown(closure) == ["alpha==1.0", "beta==2.0", "delta==4.0"]
    alpha, beta, delta = closure.releases
    assert (alpha.direct, beta.direct, delta.direct) == (True, False, False)
    assert (alpha.requires, beta.requires, delta.requires) == (("beta",), ("delta",), ())
    assert not closure.gaps and not closure.notes
    assert "gamma" not in world.asked


def test_every_file_that_the_installer_could_pick_is_taken_and_no_other(world: World) -> None:
    world.wheel("alpha", "1.0", tag="cp311-cp311-manylinux_2_17_x86_64")
    world.wheel("alpha", "1.0", tag="py3-none-any")
    world.wheel("alpha", "1.0", tag="cp311-cp311-win_amd64")
    world.sdist("alpha", "1.0")
    names = [one.filename for one in world.resolve("alpha").releases[0].files]
    assert names == [
        "alpha-1.0-cp311-cp311-manylinux_2_17_x86_64.whl",
        "alpha-1.0-py3-none-any.whl",
        "alpha-1.0.tar.gz",
    ]
    everything = world.resolve("alpha", all_files=True).releases[0].files
    assert {one.filename for one in everything} == {*names, "alpha-1.0-cp311-cp311-win_amd64.whl"}
