"""Where an installer has chosen already: the closure of pins is what a resolver would make of them, and without one."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from packaging.version import Version

from stockade.acquire.resolve import Closure
from stockade.errors import ResolutionFailed
from stockade.model.project import ProjectName
from tests.acquire.resolve.worlds import YOUNG, World, shown


def sure(world: World, *asked: str, taken: Mapping[str, str] | None = None) -> Closure:
    """The closure of `asked`, if there is nothing to choose."""
    chosen = {ProjectName(name): Version(version) for name, version in (taken or {}).items()}
    return world.resolve(*asked, taken=chosen, sure=True)


def test_pins_for_all_that_is_reached_are_the_closure(world: World) -> None:
    world.wheel("alpha", "1.0", "beta[fast]>=1", "gamma; python_version < '3'", "alpha[more]")
    world.wheel("beta", "1.0", "delta; extra == 'fast'", "epsilon; extra == 'slow'")
    world.wheel("beta", "2.0")
    world.sdist("delta", "3.0", metadata=b"Metadata-Version: 2.2\nName: delta\nVersion: 3.0\n")
    asked = ("alpha==1.0", "beta==1.0", "delta==3.0")
    found = sure(world, *asked)
    assert found == world.resolve(*asked)
    assert shown(found) == ["alpha==1.0", "beta==1.0", "delta==3.0"]
    assert [one.requires for one in found.releases] == [("beta",), ("delta",), ()]


def test_an_extra_that_is_asked_for_late_is_followed(world: World) -> None:
    world.wheel("alpha", "1.0", "beta")
    world.wheel("beta", "1.0", "gamma; extra == 'x'")
    world.wheel("zeta", "1.0", "beta[x]")
    world.wheel("gamma", "1.0")
    asked = ("alpha==1.0", "beta==1.0", "zeta==1.0", "gamma==1.0")
    assert sure(world, *asked) == world.resolve(*asked)
    with pytest.raises(ResolutionFailed, match="something to choose"):
        sure(world, *asked[:3])


def test_what_the_installer_takes_of_a_project_that_nobody_pins_is_taken(world: World) -> None:
    world.wheel("alpha", "1.0", "beta>=1")
    world.wheel("beta", "1.5")
    world.wheel("beta", "2.0")
    found = sure(world, "alpha==1.0", taken={"beta": "1.5", "unrelated": "1.0"})
    assert shown(found) == ["alpha==1.0", "beta==1.5"]
    assert [one.direct for one in found.releases] == [True, False]


@pytest.mark.parametrize(
    "taken", [{}, {"beta": "0.5"}, {"beta": "3.0rc1"}, {"beta": "4.0"}, {"beta": "5.0"}, {"beta": "9"}]
)
def test_what_is_still_to_be_chosen_is_left_to_the_resolver(world: World, taken: dict[str, str]) -> None:
    world.wheel("alpha", "1.0", "beta>=1")
    world.wheel("beta", "0.5")
    world.wheel("beta", "2.0")
    world.wheel("beta", "3.0rc1")
    world.wheel("beta", "4.0", yanked="broken")
    world.wheel("beta", "5.0", uploaded=YOUNG)
    with pytest.raises(ResolutionFailed, match="something to choose"):
        sure(world, "alpha==1.0", taken=taken)
    chosen = {ProjectName(name): Version(version) for name, version in taken.items()}
    assert shown(world.resolve("alpha==1.0", taken=chosen)) == ["alpha==1.0", "beta==2.0"]


@pytest.mark.parametrize(
    "asked",
    [
        ("alpha",),
        ("alpha==1.0; python_version > '3'",),
        ("alpha===weird",),
        ("alpha==1.0", "beta==2.0"),  # which alpha does not fit
        ("alpha==1.0", "odd==1.0", "beta==1.0"),
        ("later==1.0",),
        ("forgiven==1.0", "beta==1.0"),
        ("unheard==1.0",),
    ],
)
def test_what_is_not_plainly_so_is_left_to_the_resolver(world: World, asked: tuple[str, ...]) -> None:
    world.wheel("alpha", "1.0", "beta<2")
    world.wheel("beta", "1.0")
    world.wheel("beta", "2.0")
    world.wheel("odd", "1.0", "beta; python_version ~= 'what'")
    world.wheel("later", "1.0", requires_python=">=3.12")
    world.wheel("forgiven", "1.0", "beta (>=1.0.*)")
    with pytest.raises(ResolutionFailed, match="something to choose"):
        sure(world, *asked)


def test_with_constraints_the_resolver_says(world: World) -> None:
    world.wheel("alpha", "1.0")
    with pytest.raises(ResolutionFailed, match="something to choose"):
        world.resolve("alpha==1.0", constraints=["alpha<1"], taken={}, sure=True)


def test_a_dependency_by_url_is_judged_as_ever(world: World) -> None:
    other = world.wheel("beta", "1.0", "gamma")
    world.pages.pop(ProjectName("beta"))
    world.wheel("alpha", "1.0", f"beta @ {other.url}")
    world.wheel("gamma", "1.0")
    asked = ("alpha==1.0", "gamma==1.0")
    found = sure(world, *asked)
    assert found == world.resolve(*asked)
    assert shown(found) == ["alpha==1.0", "beta==1.0", "gamma==1.0"]
