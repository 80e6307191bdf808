"""Requirements to closures, in a world in memory."""

from __future__ import annotations

from datetime import timedelta

import pytest

from stockade import limits
from stockade.acquire.resolve import target_for
from stockade.errors import IndexUnavailable, ProjectNotFound, ResolutionFailed
from stockade.model.evidence import Gap, GapKind
from stockade.model.project import ArtifactRef, Digest, ProjectName, Requirement
from tests.acquire.resolve.worlds import YOUNG, Page, World, shown


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


def test_nothing_asked_is_an_empty_closure(world: World) -> None:
    assert shown(world.resolve()) == []


def test_every_file_that_the_installer_could_pick_is_taken_and_no_other(world: World) -> None:
    world.wheel("alpha", "1.0", tag="py3-none-any")
    world.wheel("alpha", "1.0", tag="cp311-cp311-manylinux_2_17_x86_64")
    world.wheel("alpha", "1.0", tag="cp311-cp311-win_amd64")
    world.wheel("alpha", "1.0", tag="cp312-cp312-manylinux_2_17_x86_64")
    world.sdist("alpha", "1.0")
    names = [one.filename for one in world.resolve("alpha").releases[0].files]
    assert names == [
        "alpha-1.0-cp311-cp311-manylinux_2_17_x86_64.whl",
        "alpha-1.0-py3-none-any.whl",
        "alpha-1.0.tar.gz",
    ]
    everything = [one.filename for one in world.resolve("alpha", all_files=True).releases[0].files]
    others = {"alpha-1.0-cp311-cp311-win_amd64.whl", "alpha-1.0-cp312-cp312-manylinux_2_17_x86_64.whl"}
    assert set(everything) == {*names, *others}


def test_the_metadata_of_the_wheel_that_would_be_installed_counts(world: World) -> None:
    world.wheel("alpha", "1.0", "beta", tag="cp311-cp311-manylinux_2_17_x86_64")
    world.wheel("alpha", "1.0", tag="py3-none-any")
    world.wheel("beta", "1.0")
    assert shown(world.resolve("alpha")) == ["alpha==1.0", "beta==1.0"]


def test_the_newest_release_is_taken_even_if_it_is_an_sdist_alone(world: World) -> None:
    # An installer would take it too; a resolver that skips what it may not build would judge the wrong release.
    world.wheel("alpha", "1.0")
    world.sdist("alpha", "2.0")
    assert shown(world.resolve("alpha")) == ["alpha==2.0"]


def test_extras_markers_and_constraints_are_followed(world: World) -> None:
    world.wheel("alpha", "1.0", "beta; extra == 'more'", "gamma; sys_platform == 'nothing'")
    for version in ("1.0", "2.0", "3.0"):
        world.wheel("beta", version)
    assert shown(world.resolve("alpha")) == ["alpha==1.0"]
    # METADATA without Provides-Extra still works: the marker says it.
    assert shown(world.resolve("alpha[more]", constraints=["beta<3"])) == ["alpha==1.0", "beta==2.0"]
    assert shown(world.resolve("alpha; python_version < '3'", "beta<2")) == ["beta==1.0"]


def test_the_target_decides_about_markers_and_requires_python(world: World) -> None:
    world.wheel("alpha", "1.0", "old; python_version < '3.12'", "new; python_version >= '3.12'")
    world.wheel("alpha", "2.0", requires_python=">=3.13")
    world.wheel("old", "1.0")
    world.wheel("new", "1.0")
    assert shown(world.resolve("alpha")) == ["alpha==1.0", "old==1.0"]
    assert shown(world.resolve("alpha", python=target_for("3.12.1"))) == ["alpha==1.0", "new==1.0"]
    with pytest.raises(ResolutionFailed, match=r"3\.13"):
        world.resolve("alpha==2.0")


def test_prereleases_only_where_asked(world: World) -> None:
    world.wheel("alpha", "1.0")
    world.wheel("alpha", "2.0rc1")
    assert shown(world.resolve("alpha")) == ["alpha==1.0"]
    assert shown(world.resolve("alpha", prereleases=True)) == ["alpha==2.0rc1"]


def test_a_yanked_release_only_where_it_is_pinned(world: World) -> None:
    world.wheel("alpha", "1.0")
    world.wheel("alpha", "2.0", yanked="broken")
    assert shown(world.resolve("alpha")) == ["alpha==1.0"]
    assert shown(world.resolve("alpha==2.0")) == ["alpha==2.0"]
    assert shown(world.resolve("alpha>=1", constraints=["alpha==2.0"])) == ["alpha==2.0"]


def test_a_yanked_file_is_left_out_where_another_is_not(world: World) -> None:
    world.wheel("alpha", "1.0", yanked="", tag="cp311-cp311-manylinux_2_17_x86_64")
    world.wheel("alpha", "1.0")
    assert [one.yanked for one in world.resolve("alpha").releases[0].files] == [None]


# Minimum age.


def test_a_young_release_is_not_taken_unless_it_is_pinned(world: World) -> None:
    world.wheel("alpha", "1.0")
    world.wheel("alpha", "2.0", uploaded=YOUNG)
    closure = world.resolve("alpha")
    assert shown(closure) == ["alpha==1.0"]
    assert closure.notes == ("alpha 2.0 is younger than the minimum age of 3 days; 1.0 is taken",)
    assert shown(world.resolve("alpha==2.0")) == ["alpha==2.0"]
    assert shown(world.resolve("alpha", constraints=["alpha==2.0"])) == ["alpha==2.0"]
    assert shown(world.resolve("alpha", minimum_age=timedelta(hours=1))) == ["alpha==2.0"]
    assert shown(world.resolve("alpha", minimum_age=timedelta(0))) == ["alpha==2.0"]


def test_pinning_one_release_exempts_no_other(world: World) -> None:
    world.wheel("alpha", "1.0", "beta")
    world.wheel("beta", "1.0")
    world.wheel("beta", "2.0", uploaded=YOUNG)
    assert shown(world.resolve("alpha==1.0")) == ["alpha==1.0", "beta==1.0"]


def test_a_young_dependency_that_leaves_no_solution_is_named(world: World) -> None:
    world.wheel("alpha", "1.0", "beta>=2")
    world.wheel("beta", "1.0")
    world.wheel("beta", "2.0", uploaded=YOUNG)
    world.wheel("beta", "2.1rc1", uploaded=YOUNG)
    with pytest.raises(ResolutionFailed, match=r"beta 2\.0 is younger"):
        world.resolve("alpha")


def test_only_young_releases_say_so(world: World) -> None:
    world.wheel("alpha", "1.0", uploaded=YOUNG)
    with pytest.raises(ResolutionFailed, match=r"alpha 1\.0 is younger than the minimum age"):
        world.resolve("alpha")


def test_a_file_added_late_to_an_old_release_is_judged_too(world: World) -> None:
    world.wheel("alpha", "1.0")
    data = world.sdist("alpha", "0.9")
    world.put("alpha-1.0.tar.gz", world.data[data.url], uploaded=YOUNG)
    (release,) = world.resolve("alpha").releases
    assert {one.filename for one in release.files} == {"alpha-1.0-py3-none-any.whl", "alpha-1.0.tar.gz"}


def test_without_upload_times_the_age_cannot_be_applied_and_that_is_said(world: World) -> None:
    world.wheel("alpha", "2.0", uploaded=None)
    (release,) = world.resolve("alpha").releases
    assert release.notes == (
        "the index gives no upload time for it, so the minimum age could not be applied",
    )
    assert world.resolve("alpha==2.0").releases[0].notes == ()
    assert world.resolve("alpha", minimum_age=timedelta(0)).releases[0].notes == ()


# Several indexes.


def test_the_same_bytes_on_two_indexes_are_judged_once_and_other_bytes_too(world: World) -> None:
    first = world.wheel("alpha", "1.0")
    name = ProjectName("alpha")
    copy = _moved(first, "https://mirror.example/", dated=False)
    other = _moved(first, "https://other.example/", dated=True, sha256=Digest("f" * 64))
    world.pages[name] = [copy, first, other]
    (release,) = world.resolve("alpha").releases
    assert set(release.files) == {first, other}
    assert release.notes == ()


def _moved(ref: ArtifactRef, index: str, *, dated: bool, sha256: Digest | None = None) -> ArtifactRef:
    return ArtifactRef(
        release=ref.release,
        filename=ref.filename,
        url=index + ref.filename,
        index=index,
        sha256=sha256 or ref.sha256,
        uploaded=ref.uploaded if dated else None,
    )


# Hashes.


def test_hashes_hold_the_files_of_what_was_asked(world: World) -> None:
    wheel = world.wheel("alpha", "1.0")
    world.sdist("alpha", "1.0")
    assert wheel.sha256
    asked = Requirement(name=ProjectName("alpha"), specifier="==1.0", hashes=(wheel.sha256,), origin="a.txt")
    closure = world.resolve(asked)
    assert closure.releases[0].files == (wheel,)
    assert not closure.gaps


def test_hashes_that_no_file_has_are_a_limit(world: World) -> None:
    world.wheel("alpha", "1.0")
    asked = Requirement(
        name=ProjectName("alpha"), specifier="==1.0", hashes=(Digest("0" * 64),), origin="a.txt, line 3"
    )
    closure = world.resolve(asked)
    assert closure.releases[0].files == ()
    (gap,) = closure.gaps
    assert gap.kind is GapKind.LIMIT and "a.txt, line 3" in gap.why


# What goes wrong.


def test_an_unknown_project_is_named(world: World) -> None:
    world.wheel("alpha", "1.0")
    with pytest.raises(ProjectNotFound, match="no project nothere"):
        world.resolve("alpha", "nothere")


def test_a_dependency_that_no_index_has_is_named_with_whoever_wants_it(world: World) -> None:
    world.wheel("alpha", "1.0", "nothere>=2")
    with pytest.raises(ProjectNotFound, match=r"no project nothere.*alpha"):
        world.resolve("alpha")


def test_a_release_with_a_missing_dependency_is_passed_over_for_an_older_one(world: World) -> None:
    world.wheel("alpha", "2.0", "nothere")
    world.wheel("alpha", "1.0")
    assert shown(world.resolve("alpha")) == ["alpha==1.0"]


def test_no_solution_is_one_clean_line(world: World) -> None:
    world.wheel("alpha", "1.0", "beta<2")
    world.wheel("beta", "2.0")
    world.wheel("beta", "1.0")
    with pytest.raises(ResolutionFailed) as failed:
        world.resolve("alpha", "beta>=2")
    text = str(failed.value)
    assert "alpha" in text and "beta" in text
    assert "\n" not in text and "\x1b" not in text and "error:" not in text and "127.0.0.1" not in text


def test_an_index_that_fails_half_way_says_so_itself(world: World) -> None:
    world.wheel("alpha", "1.0", "beta")

    class Down(World):
        def listing(self, name: ProjectName) -> Page:
            if name == "beta":
                raise IndexUnavailable("index.example answers 502")
            return super().listing(name)

    down = Down(world.folder, world.pages, world.data)
    with pytest.raises(IndexUnavailable, match="answers 502"):
        down.resolve("alpha")


def test_a_file_that_cannot_be_had_says_nothing_and_stays_to_be_judged(world: World) -> None:
    ref = world.wheel("alpha", "1.0", "beta")
    del world.data[ref.url]
    (release,) = world.resolve("alpha").releases
    assert release.files == (ref,)
    assert "can't be read" in release.notes[0]


def test_a_closure_without_end_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.wheel("alpha", "1.0", "beta")
    world.wheel("beta", "1.0")
    monkeypatch.setattr(limits, "MAX_CLOSURE", 1)
    with pytest.raises(ResolutionFailed, match="more than 1"):
        world.resolve("alpha")


def test_a_release_whose_version_is_none_is_not_offered(world: World) -> None:
    world.wheel("alpha", "1.0")
    world.put("alpha-zzz.zip", b"PK")
    assert shown(world.resolve("alpha")) == ["alpha==1.0"]


def test_what_an_index_page_leaves_out_is_told_for_what_is_chosen(world: World) -> None:
    world.wheel("alpha", "1.0")
    world.wheel("beta", "1.0")
    gap = Gap(kind=GapKind.SCOPE, what="alpha", why="a file of the page has no name")

    class Gappy(World):
        def listing(self, name: ProjectName) -> Page:
            return Page(super().listing(name).files, (gap,) if name == "alpha" else ())

    gappy = Gappy(world.folder, world.pages, world.data)
    assert gappy.resolve("alpha").gaps == (gap,)
    assert gappy.resolve("beta").gaps == ()


def test_a_bug_in_the_view_is_not_taken_for_an_answer(world: World) -> None:
    class Broken(World):
        def listing(self, name: ProjectName) -> Page:
            raise KeyError(name)

    with pytest.raises(KeyError):
        Broken(world.folder).resolve("alpha")


def test_two_spellings_of_a_version_are_one_release(world: World) -> None:
    world.wheel("alpha", "1.0")
    world.put("alpha-1.0.0.tar.gz", world.data[world.sdist("beta", "1.0").url])
    (release,) = world.resolve("alpha").releases
    assert {one.release for one in release.files} == {release.release}
    assert len(release.files) == 2


def test_odd_versions_survive_the_window(world: World) -> None:
    world.wheel("alpha", "1!2.0+local.1")
    assert shown(world.resolve("alpha")) == ["alpha==1!2.0+local.1"]
