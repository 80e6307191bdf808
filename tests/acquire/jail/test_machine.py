"""Profiles on a made-up machine: which paths and variables a plan has."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from stockade.acquire.jail.machine import Added, Here, planned, program, tools
from stockade.acquire.jail.plan import Kind, Network, Plan
from stockade.acquire.jail.profile import load
from stockade.errors import JailFailed


@pytest.fixture
def here(tmp_path: Path) -> Here:
    """A home with a project, a secret, and an interpreter of one's own with a virtual environment made of it."""
    home = tmp_path / "home"
    for name in ("proj/.git", "proj/sub", "python/bin", "python/lib", "proj/.venv/bin", ".local/bin", ".ssh"):
        (home / name).mkdir(parents=True)
    (home / "proj/pyproject.toml").touch()
    (home / "proj/.env").touch()
    _executable(home / "python/bin/python3.11")
    (home / "proj/.venv/bin/python").symlink_to(home / "python/bin/python3.11")
    (home / "proj/.venv/pyvenv.cfg").write_text(f"home = {home}/python/bin\nversion = 3.11\n")
    environ = {"PATH": f"{home}/.local/bin:/usr/bin:/bin", "AWS_SECRET_ACCESS_KEY": "x", "LC_ALL": "C"}
    return Here(environ=environ, home=home, folder=home / "proj/sub")


def _executable(path: Path, text: str = "") -> Path:
    path.write_text(text)
    path.chmod(0o755)
    return path


def kinds(plan: Plan) -> dict[Path, Kind]:
    return {mount.target: mount.kind for mount in plan.mounts}


def test_a_project_is_writable_and_what_runs_later_is_not(here: Here) -> None:
    project = here.home / "proj"
    found = planned(load("run", here.home), here, ("sh",), Added())
    assert kinds(found)[project] is Kind.WRITE
    assert kinds(found)[project / ".git"] is Kind.READ and kinds(found)[project / ".venv"] is Kind.READ
    assert kinds(found)[here.home] is Kind.EMPTY
    assert here.home / "python" in kinds(found)
    assert here.home / ".ssh" not in kinds(found) and project / ".idea" not in kinds(found)
    assert (found.folder, found.network) == (project / "sub", Network.NONE)
    # The outer comes before the inner, or else it would cover it.
    order = [mount.target for mount in found.mounts]
    assert order.index(here.home) < order.index(project) < order.index(project / ".git")


def test_variables_are_those_that_are_named(here: Here) -> None:
    found = planned(load("run", here.home), here, ("sh",), Added(variables={"ONE": "1"}))
    assert found.environment == {
        "PATH": here.environ["PATH"],
        "LC_ALL": "C",
        "HOME": str(here.home),
        "TMPDIR": "/tmp",
        "ONE": "1",
    }
    more = planned(load("run", here.home), here, ("sh",), Added(keep=("AWS_SECRET_ACCESS_KEY",)))
    assert more.environment["AWS_SECRET_ACCESS_KEY"] == "x"


def test_an_installation_writes_its_environment_and_reads_the_project(here: Here) -> None:
    project = here.home / "proj"
    found = kinds(planned(load("install", here.home), here, (str(project / ".venv/bin/python"),), Added()))
    assert (found[project], found[project / ".venv"]) == (Kind.READ, Kind.WRITE)
    assert found[project / ".env"] is Kind.HIDDEN
    assert project / ".venv/bin/python" not in found  # it may be replaced


def test_a_link_in_the_project_is_what_it_leads_to(here: Here, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (here.home / "proj/.idea").symlink_to(tmp_path / "elsewhere")
    found = kinds(planned(load("run", here.home), here, ("sh",), Added()))
    assert found[tmp_path / "elsewhere"] is Kind.READ and here.home / "proj/.idea" not in found


def test_a_person_may_add_paths(here: Here) -> None:
    added = Added(read=(here.home / ".ssh",), write=(here.home / "proj/.git",))
    found = kinds(planned(load("run", here.home), here, ("sh",), added))
    assert (found[here.home / ".ssh"], found[here.home / "proj/.git"]) == (Kind.READ, Kind.WRITE)


def test_nothing_suspicious_sees_the_project(here: Here) -> None:
    found = planned(load("detonate", here.home), here, ("sh",), Added())
    assert here.home / "proj" not in kinds(found)
    assert found.folder == here.home


def test_a_network_of_the_host_is_said_in_the_plan(here: Here) -> None:
    profile = replace(load("run", here.home), network="host")
    assert planned(profile, here, ("sh",), Added()).network is Network.HOST


@pytest.mark.parametrize("folder", [".", "..", "/"])
def test_the_home_is_no_project(here: Here, folder: str) -> None:
    (here.home / "pyproject.toml").touch()
    with pytest.raises(JailFailed, match="holds your home folder"):
        replace(here, folder=Path(os.path.normpath(here.home / folder))).project()


def test_a_project_that_is_none_is_where_one_stands(here: Here) -> None:
    (here.home / "loose/deep").mkdir(parents=True)
    loose = replace(here, folder=here.home / "loose/deep")
    assert loose.project() == here.home / "loose/deep"
    assert here.project() == here.home / "proj"


def test_a_home_by_another_name_is_no_project_either(here: Here, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(here.home)
    with pytest.raises(JailFailed):
        Here(environ={}, home=tmp_path / "link", folder=here.home).project()


def test_a_program_of_the_home_is_shown_with_what_it_needs(here: Here) -> None:
    tool = here.home / "tools/black"
    (tool / "bin").mkdir(parents=True)
    (tool / "pyvenv.cfg").write_text(f"version = 3\nhome = {here.home}/python/bin\n")
    _executable(tool / "bin/black", f"#!{tool}/bin/python\n")
    (here.home / ".local/bin/black").symlink_to("../../tools/black/bin/black")
    found = set(tools(("black",), here, None))
    assert {tool, here.home / ".local/bin/black", here.home / "python"} <= found
    assert not [path for path in found if not here.below_home(path)]


def test_what_looks_up_a_version_sees_all_of_them(here: Here) -> None:
    (here.home / ".pyenv/shims").mkdir(parents=True)
    _executable(here.home / ".pyenv/shims/python9", "#!/usr/bin/env bash\n")
    shims = replace(here, environ={"PATH": f"{here.home}/.pyenv/shims"})
    assert here.home / ".pyenv" in set(tools(("python9",), shims, None))


def test_a_command_is_found_as_a_shell_would(here: Here) -> None:
    _executable(here.folder / "mine")
    assert program(("./mine",), here) == here.folder / "mine"
    assert program(("mine",), here) is None and program((), here) is None
    assert program(("sh",), here) in {Path("/usr/bin/sh"), Path("/bin/sh")}
    assert not list(tools(("no-such-thing",), replace(here, environ={"PATH": "/usr/bin"}), None))


def test_an_environment_that_is_active_is_the_one(here: Here, tmp_path: Path) -> None:
    other = tmp_path / "other"
    (other / "bin").mkdir(parents=True)
    (other / "pyvenv.cfg").write_bytes(b"home = /usr/bin\n\xff")
    active = replace(here, environ={**here.environ, "VIRTUAL_ENV": str(other)})
    found = kinds(planned(load("install", here.home), active, ("sh",), Added()))
    assert found[other] is Kind.WRITE and Path("/usr") in found
    (other / "pyvenv.cfg").unlink()
    assert other not in kinds(planned(load("install", here.home), active, ("sh",), Added()))
