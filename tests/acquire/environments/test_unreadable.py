"""Folders and files that the system refuses: each is one sentence, and the rest is found and told."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stockade import limits
from stockade.acquire.environments import files
from stockade.acquire.environments.find import environment_at, find, project_environment
from stockade.acquire.environments.inventory import inventory
from stockade.acquire.environments.walk import made_up_folders, walk
from tests.acquire.environments.making import Made, conda, put

Refuse = Callable[..., None]


@pytest.fixture
def refuse(monkeypatch: pytest.MonkeyPatch) -> Refuse:
    """Makes the system refuse some paths, as another user's: the tests may run as one whom no mode keeps out."""
    refused: set[str] = set()
    scandir, opening = os.scandir, os.open

    def scans(path: Any = ".") -> Any:
        if str(path) in refused:
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    def opens(path: Any, *more: Any, **named: Any) -> int:
        if str(path) in refused:
            raise PermissionError(13, "Permission denied", path)
        return opening(path, *more, **named)

    monkeypatch.setattr(os, "scandir", scans)
    monkeypatch.setattr(os, "open", opens)
    return lambda *paths: refused.update(map(str, paths))


def found(root: Path, *roots: Path) -> tuple[set[str], list[str]]:
    """The roots of what is found on the machine at `root`, relative to it, and what is said."""
    said: list[str] = []
    home = root / "home"
    held = [
        os.path.relpath(one.root, root)
        for one in find(roots, home, {}, note=said.append, root=root, platform="linux")
    ]
    return set(held), [sentence.replace(f"{root}/", "") for sentence in said]


@pytest.mark.parametrize(
    "refused",
    [
        "home/.local/share/uv/tools",
        "home/.local/share/jupyter/kernels",
        "home/.local/lib",
        "opt",
        "usr/lib",
        "home/.local/share/uv/tools/black/lib",
        "home/.local/share/uv/tools/black/pyvenv.cfg",
        "home/.local/share/jupyter/kernels/mine/kernel.json",
        "home/miniconda3/conda-meta",
        "home/miniconda3/lib/python3.12/site-packages",
    ],
)
def test_each_place_may_be_refused(tmp_path: Path, refuse: Refuse, refused: str) -> None:
    Made(tmp_path / "home/.local/share/uv/tools/black")
    Made(tmp_path / "srv/env")
    put(tmp_path / "home/.local/share/jupyter/kernels/mine/kernel.json", "{}")
    (tmp_path / "home/.local/lib/python3.12/site-packages").mkdir(parents=True)
    (tmp_path / "opt/python").mkdir(parents=True)
    put(tmp_path / "usr/lib/python3.12/os.py", "")
    conda(tmp_path / "home/miniconda3", "python", {"lib/python3.12/site-packages/x.py": ""}, "3.12.1")
    whole, said = found(tmp_path, tmp_path / "srv")
    assert said == []
    assert whole == {"home/.local/share/uv/tools/black", "srv/env", "home/.local", "usr", "home/miniconda3"}
    refuse(tmp_path / refused)
    rest, said = found(tmp_path, tmp_path / "srv")
    assert "srv/env" in rest
    assert f"{refused} cannot be read: Permission denied." in said


@pytest.mark.parametrize("which", ["site", "library", "pth", "conda-meta", "record", "pyc", "dpkg"])
def test_each_part_of_an_environment_may_be_refused(tmp_path: Path, refuse: Refuse, which: str) -> None:
    env = Made(tmp_path / "usr", config="")
    library = env.site.parent
    put(library / "os.py", "")
    env.install("alpha")
    pth = env.write("alpha.pth", "/nowhere\n")
    pyc = env.write("__pycache__/alpha.cpython-312.pyc", b"x" * 16)
    listed = put(
        tmp_path / "var/lib/dpkg/info/alpha.list", f"/usr/{os.path.relpath(library, env.root)}/os.py\n"
    )
    record = put(env.root / "conda-meta/alpha-1.0-0.json", "{}") if which == "conda-meta" else listed
    place = {
        "site": env.site,
        "library": library,
        "pth": pth,
        "conda-meta": record.parent,
        "record": record,
        "pyc": pyc,
        "dpkg": listed.parent,
    }[which]
    environment = environment_at(tmp_path / "usr", note=print)
    assert environment is not None
    assert inventory(environment, root=tmp_path).gaps == ()
    refuse(place)
    gaps = inventory(environment, root=tmp_path).gaps
    assert any(gap.startswith(f"{place} ") and gap.endswith("Permission denied.") for gap in gaps), gaps


def test_its_commands_may_be_refused(tmp_path: Path, refuse: Refuse) -> None:
    env = Made(tmp_path / "env")
    refuse(env.bin)
    assert env.inventory().gaps == (f"{env.bin} cannot be read: Permission denied.",)


def test_many_refused_folders_are_counted(
    tmp_path: Path, refuse: Refuse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_SENTENCES", 3)
    for number in range(8):
        (tmp_path / str(number)).mkdir()
        refuse(tmp_path / str(number))
    said: list[str] = []
    assert list(walk(str(tmp_path), said.append)) == []
    assert len(said) == 4
    assert said[-1] == f"5 more folders below {tmp_path} cannot be read."


def test_folders_without_end_and_those_that_the_kernel_makes_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("proc", "a", "b", "c", "d", "e"):
        (tmp_path / name).mkdir()
    Made(tmp_path / "proc/env")
    mounts = f"proc {tmp_path}/proc proc rw 0 0\n/dev/vda / ext4 rw 0 0\nodd\n"
    kept = made_up_folders(mounts)
    assert kept == {"/proc", "/sys", "/dev", f"{tmp_path}/proc"}
    said: list[str] = []
    assert list(walk(str(tmp_path), said.append, made_up=kept)) == []
    monkeypatch.setattr(limits, "MAX_WALKED_FOLDERS", 2)
    assert list(walk(str(tmp_path), said.append, made_up=kept)) == []
    assert said == [f"{tmp_path} is one of too many folders below {tmp_path}; not all of it was looked into."]


def test_environments_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_ENVIRONMENTS", 2)
    for name in "abc":
        Made(tmp_path / "srv" / name)
    held, said = found(tmp_path, tmp_path / "srv")
    assert len(held) == 2
    assert len(said) == 1
    assert said[0].startswith("There are more than 2 environments; srv/")


def test_added_folders_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_ADDED", 2)
    env = Made(tmp_path / "env")
    for name in "abc":
        (tmp_path / name).mkdir()
    env.write("paths.pth", "".join(f"{tmp_path}/{name}\n" for name in "abc") + "a\0b\n")
    assert env.inventory().gaps == (
        f"{env.site} adds more than 2 folders to its path; the rest was left out.",
    )


@pytest.mark.parametrize("root", ["a\0b", "~/a\0b"])
def test_paths_that_no_file_can_have(tmp_path: Path, root: str) -> None:
    Made(tmp_path / "home/tools/black")
    variables = {"UV_TOOL_DIR": root, "PIPX_HOME": "~/pipx", "VIRTUAL_ENV": root}
    said: list[str] = []
    assert list(find([], tmp_path / "home", variables, note=said.append, root=tmp_path)) == []
    assert project_environment(tmp_path, {"VIRTUAL_ENV": f"/{root}"}, note=said.append) is None
    put(tmp_path / ".pdm-python", f"/{root}\n")
    assert project_environment(tmp_path, {}, note=said.append) is None


class TestReading:
    """The one way in which files are read."""

    def test_a_file_that_grows_and_one_without_a_size(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = str(put(tmp_path / "file", b"x" * 100))
        real = os.fstat
        monkeypatch.setattr(os, "fstat", lambda number: _sized(real(number), 10))
        assert files.read(path, 100) == b"x" * 100
        with pytest.raises(OSError, match="larger than 50 bytes"):
            files.read(path, 50)
        assert files.digest(path, "sha256")[0] == __import__("hashlib").sha256(b"x" * 100).digest()
        monkeypatch.setattr(limits, "MAX_INSTALLED_FILE", 50)
        with pytest.raises(OSError, match="it grows while it is read"):
            files.digest(path, "sha256")

    def test_sentences_are_said_once(self) -> None:
        said = files.Sentences(2)
        for one in ("a", "a", "b", "c", "d"):
            said.say(one)
        assert said.all == ("a", "b", "2 more could not be looked at.")


def _sized(found: os.stat_result, size: int) -> os.stat_result:
    return os.stat_result((*found[:6], size, *found[7:10]))


def test_macos_and_its_frameworks(tmp_path: Path) -> None:
    home = tmp_path / "Users/ada"
    put(tmp_path / "Library/Frameworks/Python.framework/Versions/3.12/lib/python3.12/os.py", "")
    (home / "Library/Python/3.12/lib/python3.12/site-packages").mkdir(parents=True)
    Made(home / "Library/Caches/pypoetry/virtualenvs/mine")
    Made(home / "Library/Application Support/pdm/venvs/mine")
    put(home / "Library/Jupyter/kernels/odd/kernel.json", "{}")
    held = find([], home, {}, note=print, root=tmp_path, platform="darwin")
    assert {os.path.relpath(one.root, tmp_path) for one in held} == {
        "Library/Frameworks/Python.framework/Versions/3.12",
        "Users/ada/Library/Python/3.12",
        "Users/ada/Library/Caches/pypoetry/virtualenvs/mine",
        "Users/ada/Library/Application Support/pdm/venvs/mine",
    }


def test_variables_that_name_several_folders_and_others_that_move(tmp_path: Path) -> None:
    env = Made(tmp_path / "conda/envs/a")
    Made(tmp_path / "global/venvs/tool")
    Made(tmp_path / "project/.special")
    Made(tmp_path / "hatch")
    conda(env.root, "python", {"lib/python3.12/x.py": ""}, "3.12.1")
    variables = {
        "CONDA_PREFIX": f"{tmp_path}/conda",
        "CONDA_ENVS_PATH": f"{tmp_path}/none{os.pathsep}{tmp_path}/conda/envs",
        "PIPX_GLOBAL_HOME": f"{tmp_path}/global",
        "UV_PROJECT_ENVIRONMENT": f"{tmp_path}/project/.special",
        "HATCH_ENV_TYPE_VIRTUAL_PATH": f"{tmp_path}/hatch",
    }
    held = find([], tmp_path / "home", variables, note=print, root=tmp_path)
    assert {os.path.relpath(one.root, tmp_path) for one in held} == {
        "conda/envs/a",
        "global/venvs/tool",
        "project/.special",
        "hatch",
    }


def test_one_version_of_several(tmp_path: Path) -> None:
    for version in ("3.9", "3.11", "3.12"):
        put(tmp_path / f"usr/lib/python{version}/os.py", "")
        put(tmp_path / f"usr/bin/python{version}", "")
    (tmp_path / "usr/bin/python3").symlink_to("python3.11")
    for name, version in (("python3", "3.11"), ("python3.9", "3.9"), ("python3.12", "3.12")):
        one = environment_at(tmp_path / "usr/bin" / name, note=print)
        assert one is not None
        assert one.python == version
    held = find([], tmp_path / "home", {}, note=print, root=tmp_path)
    assert [one.python for one in held] == ["3.12", "3.11", "3.9"]
