"""Environments as the real tools make them: each is found as what it is, and nothing in a fresh one is odd."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from stockade.acquire.environments.find import find
from stockade.acquire.environments.inventory import inventory
from stockade.acquire.environments.published import not_as_published
from stockade.model.environment import EnvironmentKind, Inventory, Oddness
from tests.acquire.environments.making import Made
from tests.support.archives import core_metadata, wheel, wheel_name
from tests.support.clients import Name, client
from tests.support.gated import Gated, uv
from tests.support.index import TwinFile, TwinIndex

pytestmark = pytest.mark.slow

_OLD = "2020-01-01T00:00:00Z"
_BASE = str(Path(sys.base_prefix) / "bin" / f"python{sys.version_info[0]}.{sys.version_info[1]}")
_PROJECT = '[project]\nname = "mine"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = ["alpha"]\n'
_PACKAGE = '[build-system]\nrequires = ["poetry-core"]\nbuild-backend = "poetry.core.masonry.api"\n'


def _file(name: str, *requires: str, command: bool = False) -> TwinFile:
    files = {f"{name}/__init__.py": "def main(): print('at work')\n", f"{name}/data/some.txt": "text"}
    points = f"[console_scripts]\n{name} = {name}:main\n" if command else ""
    metadata = core_metadata(name, "1.0", requires)
    data = wheel(name, "1.0", files, metadata=metadata, entry_points=points)
    return TwinFile(wheel_name(name, "1.0"), data, metadata=metadata, uploaded=_OLD)


@pytest.fixture(scope="module")
def index() -> Iterator[TwinIndex]:
    """alpha brings beta; tool brings beta and a command."""
    packages = {"alpha": [_file("alpha", "beta")], "beta": [_file("beta")]}
    with TwinIndex(packages | {"tool": [_file("tool", "beta", command=True)]}) as twin:
        yield twin


@pytest.fixture
def machine(tmp_path: Path, index: TwinIndex) -> Gated:
    """A machine that is set up with the index."""
    variables = {
        "POETRY_NO_INTERACTION": "1",
        "PIPX_DEFAULT_BACKEND": "uv",
        "PATH": f"{Path(uv()).parent}:/usr/bin:/bin",
    }
    return Gated(tmp_path, index, env=variables)


def made(machine: Gated, *words: object) -> None:
    """A command that must do what it is asked for."""
    done = machine.plain(*words)
    assert done.code == 0, done.said


def held(machine: Gated, kind: EnvironmentKind, root: str = "") -> Inventory:
    """The one environment of a kind below the machine's folder, or that at `root`; the real machine's are no part."""
    folder = str(machine.folder)
    found = [
        inventory(one, root=machine.folder / "none")
        for one in find([machine.folder], machine.home, {}, note=print, root=machine.folder / "none")
        if one.root.startswith(folder + "/") and one.kind is kind and one.root.endswith(root)
    ]
    assert len(found) == 1, found
    return found[0]


def names(found: Inventory) -> set[str]:
    """What is installed."""
    return {f"{one.name}-{one.version}" for one in found.installed}


def as_it_should_be(found: Inventory) -> bool:
    """Whether nothing is odd, and all was looked at."""
    assert found.oddities == ()
    assert found.gaps == ()
    return True


VIRTUAL = EnvironmentKind.VIRTUALENV
ALL = {"alpha-1.0", "beta-1.0", "tool-1.0"}


@pytest.mark.parametrize("options", [(), ("--copies",), ("--without-pip",)])
def test_venv_and_pip(machine: Gated, options: tuple[str, ...]) -> None:
    made(machine, _BASE, "-m", "venv", *options, "env")
    pip = client("pip-newest").program("pip")
    made(machine, pip, "--python", machine.project / "env/bin/python", "install", "alpha", "tool")
    found = held(machine, VIRTUAL)
    assert names(found) >= ALL
    assert as_it_should_be(found)
    assert {one.name: one.requested for one in found.installed if one.name in ("alpha", "beta")} == {
        "alpha": True,
        "beta": False,
    }


@pytest.mark.parametrize("brought", ["poetry", "pdm", "hatch"])
def test_virtualenv(machine: Gated, brought: Name) -> None:
    made(machine, client(brought).program("virtualenv"), "--no-download", "-p", _BASE, "env")
    made(machine, machine.project / "env/bin/pip", "install", "alpha")
    assert as_it_should_be(held(machine, VIRTUAL))


@pytest.mark.parametrize("mode", ["hardlink", "copy", "symlink"])
def test_uv(machine: Gated, mode: str) -> None:
    python = machine.venv()
    compiled = ("--compile-bytecode",) if mode == "copy" else ()
    made(machine, uv(), "pip", "install", "-p", python, "--link-mode", mode, *compiled, "alpha", "tool")
    found = held(machine, VIRTUAL)
    assert names(found) == ALL
    assert as_it_should_be(found)
    assert {one.requested for one in found.installed} == {None}
    assert as_it_should_be(held(machine, EnvironmentKind.CACHE))


def test_a_uv_project(machine: Gated) -> None:
    machine.write("pyproject.toml", _PROJECT)
    made(machine, uv(), "sync", "-p", _BASE)
    assert as_it_should_be(held(machine, VIRTUAL))


def test_a_uv_tool(machine: Gated) -> None:
    made(machine, uv(), "tool", "install", "-p", _BASE, "tool")
    found = held(machine, EnvironmentKind.UV_TOOL)
    assert found.environment.name == "tool"
    assert names(found) == {"tool-1.0", "beta-1.0"}
    assert as_it_should_be(found)


def test_pipx(machine: Gated) -> None:
    made(machine, client("pipx").program("pipx"), "install", "tool")
    found = held(machine, EnvironmentKind.PIPX)
    assert found.environment.name == "tool"
    assert as_it_should_be(found)
    script = Path(found.environment.scripts[0]) / "tool"
    assert script.read_text().splitlines()[0].endswith(" -E")  # which is pipx's, and not what RECORD promises
    script.write_text(script.read_text() + "import evil\n")
    assert [(one.kind, one.path) for one in held(machine, EnvironmentKind.PIPX).oddities] == [
        (Oddness.CHANGED, str(script))
    ]


def test_poetry(machine: Gated) -> None:
    source = f'[[tool.poetry.source]]\nname = "twin"\nurl = "{machine.index.url}"\n'
    machine.write("pyproject.toml", _PROJECT + _PACKAGE + source)
    machine.write("mine/__init__.py", "")
    made(machine, client("poetry").program("poetry"), "install")
    found = held(machine, EnvironmentKind.POETRY)
    assert names(found) >= {"alpha-1.0", "beta-1.0", "mine-1"}
    assert found.added == (str(machine.project),)
    assert as_it_should_be(found)


def test_pdm(machine: Gated) -> None:
    source = (
        f'[tool.pdm]\ndistribution = false\n[[tool.pdm.source]]\nname = "pypi"\nurl = "{machine.index.url}"\n'
    )
    machine.write("pyproject.toml", _PROJECT + source)
    pdm = client("pdm").program("pdm")
    made(machine, pdm, "config", "venv.in_project", "false")
    made(machine, pdm, "use", "-f", _BASE)
    made(machine, pdm, "install")
    found = held(machine, EnvironmentKind.PDM)
    assert names(found) == {"alpha-1.0", "beta-1.0"}
    assert as_it_should_be(found)
    assert {one.name: one.requested for one in found.installed} == {"alpha": True, "beta": False}


def test_hatch(machine: Gated) -> None:
    more = '[tool.hatch.envs.default]\ninstaller = "uv"\nskip-install = true\ndependencies = ["tool"]\n'
    machine.write("pyproject.toml", _PROJECT + more)
    made(machine, client("hatch").program("hatch"), "env", "create")
    found = held(machine, EnvironmentKind.HATCH)
    assert names(found) == {"tool-1.0", "beta-1.0"}
    assert as_it_should_be(found)


def test_a_folder_that_pip_fills(machine: Gated) -> None:
    made(machine, client("pip-newest").program("pip"), "install", "--target", "target", "tool")
    found = held(machine, EnvironmentKind.FOLDER)
    assert names(found) == {"tool-1.0", "beta-1.0"}
    assert as_it_should_be(found)


def test_what_was_planted_is_told_and_what_the_index_published_is_known(machine: Gated) -> None:
    made(machine, _BASE, "-m", "venv", "env")
    made(machine, machine.project / "env/bin/pip", "install", "alpha", "tool")
    env = Made.__new__(Made)
    env.root, env.version = machine.project / "env", f"{sys.version_info[0]}.{sys.version_info[1]}"
    env.install("unheard-of", files={"beta/added.py": ""})
    env.write("alpha/__init__.py", "import evil\n")
    env.write("evil.pth", "import evil\n")
    found = held(machine, VIRTUAL)
    assert "unheard-of-1.0" in names(found)
    site = env.site
    assert [(one.kind, os.path.relpath(one.path, site), one.project) for one in found.oddities] == [
        (Oddness.CHANGED, "alpha/__init__.py", "alpha"),
        (Oddness.FOREIGN_PACKAGE, "beta/added.py", "unheard-of"),
        (Oddness.ORPHAN_STARTUP, "evil.pth", ""),
    ]
    by_name = {one.name: one for one in found.installed}
    said: list[str] = []

    def published(name: str) -> list[str]:
        import io
        import zipfile

        with zipfile.ZipFile(io.BytesIO(_file(name, "beta", command=name == "tool").data)) as archive:
            record = archive.read(f"{name}-1.0.dist-info/RECORD")
        odd = not_as_published(found.environment, by_name[name], record, note=said.append)  # type: ignore[index]
        return [os.path.relpath(one.path, site) for one in odd]

    assert published("tool") == []
    assert published("alpha") == ["alpha/__init__.py"]
    assert said == []
