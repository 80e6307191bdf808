"""Every environment of a made-up machine, each once."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from stockade import limits
from stockade.acquire.environments.find import environment_at, find, project_environment
from stockade.model.environment import Environment, EnvironmentKind
from tests.acquire.environments.making import Made, conda, put


class Machine:
    """A root with a home in it; nothing of the real machine is looked at."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "root"
        self.home = self.root / "home" / "ada"
        self.home.mkdir(parents=True)
        self.said: list[str] = []

    def find(
        self, *roots: Path, environ: Mapping[str, str] | None = None, system: bool = True
    ) -> dict[str, Environment]:
        """What is found, by its root relative to the machine's; each once."""
        self.said = []
        found = list(
            find(
                roots,
                self.home,
                environ or {},
                note=self.said.append,
                system=system,
                root=self.root,
                platform="linux",
            )
        )
        by_root = {os.path.relpath(one.root, self.root): one for one in found}
        assert len(by_root) == len(found), found
        return by_root

    def interpreter(self, prefix: str, version: str = "3.12", *, site: str = "site-packages") -> Path:
        """An interpreter's folders, without the interpreter."""
        library = self.root / prefix / "lib" / f"python{version}"
        put(library / "os.py", "")
        (library / site).mkdir()
        return put(self.root / prefix / "bin" / f"python{version}", "\x7fELF")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


HOME = "home/ada"


@pytest.mark.parametrize(
    ("place", "kind", "name"),
    [
        (".local/share/uv/tools/black", EnvironmentKind.UV_TOOL, "black"),
        (".local/share/pipx/venvs/httpie", EnvironmentKind.PIPX, "httpie"),
        (".local/pipx/venvs/httpie", EnvironmentKind.PIPX, "httpie"),
        (".local/share/pipx/shared", EnvironmentKind.PIPX, ""),
        (".cache/pypoetry/virtualenvs/mine-Xy1-py3.12", EnvironmentKind.POETRY, ""),
        (".local/share/pypoetry/venv", EnvironmentKind.POETRY, ""),
        (".local/share/pdm/venvs/mine-Xy1", EnvironmentKind.PDM, ""),
        (".local/share/hatch/env/virtual/mine/Xy1/mine", EnvironmentKind.HATCH, ""),
        (".local/share/hatch/env/virtual/.pythons/3.12", EnvironmentKind.HATCH, ""),
        (".virtualenvs/mine", EnvironmentKind.VIRTUALENV, ""),
        (".local/share/virtualenvs/mine-Xy1", EnvironmentKind.VIRTUALENV, ""),
        (".cache/uv/environments-v2/script-1", EnvironmentKind.VIRTUALENV, ""),
        (".cache/pre-commit/repo1/py_env-python3", EnvironmentKind.VIRTUALENV, ""),
    ],
)
def test_the_places_of_tools(machine: Machine, place: str, kind: EnvironmentKind, name: str) -> None:
    Made(machine.home / place)
    found = machine.find()
    one = found[f"{HOME}/{place}"]
    assert (one.kind, one.name, one.python) == (kind, name, "3.12.4")
    assert one.site == (str(machine.home / place / "lib/python3.12/site-packages"),)
    assert one.scripts == (str(machine.home / place / "bin"),)
    assert one.via
    assert machine.said == []


@pytest.mark.parametrize(
    ("variable", "value", "place", "kind"),
    [
        ("UV_TOOL_DIR", "moved", "moved/black", EnvironmentKind.UV_TOOL),
        ("PIPX_HOME", "moved", "moved/venvs/black", EnvironmentKind.PIPX),
        ("POETRY_CACHE_DIR", "moved", "moved/virtualenvs/a", EnvironmentKind.POETRY),
        ("POETRY_VIRTUALENVS_PATH", "moved", "moved/a", EnvironmentKind.POETRY),
        ("WORKON_HOME", "moved", "moved/a", EnvironmentKind.VIRTUALENV),
        ("HATCH_DATA_DIR", "moved", "moved/env/virtual/a/b/c", EnvironmentKind.HATCH),
        ("XDG_DATA_HOME", "moved", "moved/pipx/venvs/a", EnvironmentKind.PIPX),
        ("XDG_CACHE_HOME", "moved", "moved/pypoetry/virtualenvs/a", EnvironmentKind.POETRY),
        ("VIRTUAL_ENV", "moved", "moved", EnvironmentKind.VIRTUALENV),
    ],
)
def test_variables_that_move_a_tools_folder(
    machine: Machine, variable: str, value: str, place: str, kind: EnvironmentKind
) -> None:
    Made(machine.root / place)
    assert machine.find() == {}
    found = machine.find(environ={variable: str(machine.root / value)})
    assert found[place].kind is kind


@pytest.mark.parametrize(
    ("file", "text", "kind"),
    [
        ("pypoetry/config.toml", '[virtualenvs]\npath = "~/.cache/pypoetry/moved"\n', EnvironmentKind.POETRY),
        ("pypoetry/config.toml", '[virtualenvs]\npath = "{cache-dir}/moved"\n', EnvironmentKind.POETRY),
        ("pdm/config.toml", '[venv]\nlocation = "~/.cache/pypoetry/moved"\n', EnvironmentKind.PDM),
        ("hatch/config.toml", '[dirs.env]\nvirtual = "~/.cache/pypoetry/moved"\n', EnvironmentKind.HATCH),
    ],
)
def test_settings_that_move_a_tools_folder(
    machine: Machine, file: str, text: str, kind: EnvironmentKind
) -> None:
    Made(machine.home / ".cache/pypoetry/moved/mine")
    put(machine.home / ".config" / file, text)
    (one,) = machine.find().values()
    assert one.kind is kind


@pytest.mark.parametrize(
    "text", ["not toml [", "[virtualenvs]\npath = 3\n", "virtualenvs = 1\n", "x" * 2_000_000]
)
def test_settings_that_cannot_be_read_move_nothing(machine: Machine, text: str) -> None:
    put(machine.home / ".config/pypoetry/config.toml", text)
    Made(machine.home / ".cache/pypoetry/virtualenvs/mine")
    assert len(machine.find()) == 1


class TestBelowARoot:
    """One walk over names."""

    def test_virtual_and_conda_environments_at_any_depth(self, machine: Machine) -> None:
        Made(machine.root / "srv/a/b/c/.venv")
        Made(machine.root / "srv/.hidden/env")
        conda(machine.root / "srv/conda", "python", {"lib/python3.11/site-packages/x.py": ""}, "3.11.9")
        conda(
            machine.root / "srv/conda/envs/inner",
            "python",
            {"lib/python3.12/site-packages/x.py": ""},
            "3.12.1",
        )
        found = machine.find(machine.root / "srv")
        assert set(found) == {"srv/a/b/c/.venv", "srv/.hidden/env", "srv/conda", "srv/conda/envs/inner"}
        assert found["srv/conda"].kind is EnvironmentKind.CONDA
        assert (found["srv/conda"].python, found["srv/conda/envs/inner"].python) == ("3.11.9", "3.12.1")

    def test_each_is_told_once_and_as_its_tools(self, machine: Machine) -> None:
        Made(machine.home / ".local/share/uv/tools/black")
        (machine.home / "link").symlink_to(machine.home / ".local/share/uv/tools")
        found = machine.find(machine.home, machine.home / "link", machine.home / ".local")
        assert [(one.kind, one.name) for one in found.values()] == [(EnvironmentKind.UV_TOOL, "black")]

    def test_links_are_not_followed_so_that_loops_end(self, machine: Machine) -> None:
        Made(machine.root / "srv/one/env")
        (machine.root / "srv/one/env/loop").symlink_to(machine.root / "srv")
        (machine.root / "srv/again").symlink_to(machine.root / "srv/one")
        (machine.root / "srv/self").symlink_to("self")
        assert set(machine.find(machine.root / "srv")) == {"srv/one/env"}
        assert machine.said == []

    def test_stores_and_the_inside_of_an_environment_are_passed_over(self, machine: Machine) -> None:
        outer = Made(machine.root / "srv/project")
        Made(machine.root / "srv/project/.tox/py312")
        Made(outer.site / "hidden")
        Made(machine.root / "srv/.git/env")
        Made(machine.root / "srv/node_modules/env")
        assert set(machine.find(machine.root / "srv")) == {"srv/project", "srv/project/.tox/py312"}

    def test_what_is_left_of_a_deleted_environment(self, machine: Machine) -> None:
        put(machine.root / "srv/gone/pyvenv.cfg", "home = /nowhere\n")
        kept = Made(machine.root / "srv/kept", config="")
        kept.install("alpha")
        found = machine.find(machine.root / "srv")
        assert set(found) == {"srv/gone", "srv/kept"}
        assert found["srv/gone"].site == ()
        assert (found["srv/kept"].kind, found["srv/kept"].python) == (EnvironmentKind.FOLDER, "3.12")
        assert machine.said == [
            f"{machine.root}/srv/gone has a pyvenv.cfg and no site-packages: it is half deleted, or was never finished."
        ]

    def test_an_interpreter_that_a_program_brought(self, machine: Machine) -> None:
        machine.interpreter("srv/program/python")
        found = machine.find(machine.root / "srv")
        assert found["srv/program/python"].kind is EnvironmentKind.SYSTEM

    def test_pep_582(self, machine: Machine) -> None:
        put(
            machine.root / "srv/project/__pypackages__/3.12/lib/alpha-1.0.dist-info/METADATA", "Name: alpha\n"
        )
        (one,) = machine.find(machine.root / "srv").values()
        assert (one.kind, one.python) == (EnvironmentKind.FOLDER, "3.12")

    def test_a_zipapp_is_found_and_may_be_named(self, machine: Machine) -> None:
        import zipfile

        for name in ("app.pyz", "app"):
            with zipfile.ZipFile(machine.root / name, "w") as archive:
                archive.writestr("__main__.py", "")
        put(machine.root / "fake.pyz", "no zip")
        found = machine.find(machine.root, machine.root / "app")
        assert {name: one.kind for name, one in found.items()} == {
            "app.pyz": EnvironmentKind.ZIPAPP,
            "app": EnvironmentKind.ZIPAPP,
        }
        assert machine.find(machine.root / "fake.pyz", machine.root / "none") == {}
        assert machine.said == [
            f"{machine.root}/fake.pyz is neither a folder nor a zipapp.",
            f"{machine.root}/none is not there.",
        ]

    def test_a_folder_that_cannot_be_read_is_a_sentence_and_the_rest_is_found(
        self, machine: Machine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        Made(machine.root / "srv/env")
        shut = machine.root / "srv" / "shut"
        shut.mkdir()
        real = os.scandir

        # The tests may run as a user whom no mode keeps out.
        def refusing(path: str = ".") -> os.ScandirIterator[str]:  # type: ignore[name-defined]
            if str(path) == str(shut):
                raise PermissionError(13, "Permission denied", path)
            return real(path)

        monkeypatch.setattr(os, "scandir", refusing)
        assert set(machine.find(machine.root / "srv")) == {"srv/env"}
        assert machine.said == [f"{shut} cannot be read: Permission denied."]

    def test_a_folder_without_end_hides_only_itself(
        self, machine: Machine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(limits, "MAX_WALKED_FOLDER", 20)
        for number in range(40):
            put(machine.root / f"srv/many/{number}", "")
        Made(machine.root / "srv/z/env")
        assert set(machine.find(machine.root / "srv")) == {"srv/z/env"}
        assert machine.said == [
            f"{machine.root}/srv/many holds more than 20 files; the rest of it was not looked at."
        ]

    def test_a_root_without_end(self, machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(limits, "MAX_WALKED", 30)
        Made(machine.root / "srv/env")
        for number in range(40):
            put(machine.root / f"srv/many/{number % 4}/{number}", "")
        assert set(machine.find(machine.root / "srv")) == {"srv/env"}
        assert machine.said == [
            f"{machine.root}/srv holds more than 30 files; the rest of it was not looked at."
        ]


class TestTheSystem:
    """Interpreters that are there for everybody, and what users add to them."""

    def test_debians_with_its_folders_of_packages(self, machine: Machine) -> None:
        machine.interpreter("usr", "3.11", site="none")
        for folder in (
            "usr/lib/python3/dist-packages",
            "usr/local/lib/python3.11/dist-packages",
            "usr/local/bin",
        ):
            (machine.root / folder).mkdir(parents=True)
        (one,) = machine.find().values()
        assert [os.path.relpath(site, machine.root) for site in one.site] == [
            "usr/local/lib/python3.11/dist-packages",
            "usr/lib/python3/dist-packages",
        ]
        assert os.path.relpath(one.library, machine.root) == "usr/lib/python3.11"
        assert one.scripts == (str(machine.root / "usr/local/bin"), str(machine.root / "usr/bin"))

    def test_one_of_an_image(self, machine: Machine) -> None:
        machine.interpreter("usr/local")
        machine.interpreter("usr", "3.11")
        assert set(machine.find()) == {"usr/local", "usr"}

    def test_not_where_only_roots_are_asked_for(self, machine: Machine) -> None:
        machine.interpreter("usr/local")
        assert machine.find(system=False) == {}

    def test_conda_and_pipx_for_everybody(self, machine: Machine) -> None:
        conda(machine.root / "opt/conda", "python", {"lib/python3.12/site-packages/x.py": ""}, "3.12.1")
        conda(
            machine.root / "opt/conda/envs/e", "python", {"lib/python3.12/site-packages/x.py": ""}, "3.12.1"
        )
        Made(machine.root / "opt/pipx/venvs/tool")
        found = machine.find()
        assert set(found) == {"opt/conda", "opt/conda/envs/e", "opt/pipx/venvs/tool"}
        assert found["opt/pipx/venvs/tool"].name == "tool"

    def test_user_site_of_each_version(self, machine: Machine) -> None:
        (machine.home / ".local/lib/python3.11/site-packages").mkdir(parents=True)
        (one,) = machine.find().values()
        assert (one.kind, one.python, one.root) == (
            EnvironmentKind.USER_SITE,
            "3.11",
            str(machine.home / ".local"),
        )
        elsewhere = machine.root / "elsewhere/lib/python3.12/site-packages"
        elsewhere.mkdir(parents=True)
        (one,) = machine.find(environ={"PYTHONUSERBASE": str(machine.root / "elsewhere")}).values()
        assert one.site == (str(elsewhere),)

    def test_pyenv_and_its_environments(self, machine: Machine) -> None:
        machine.interpreter(f"{HOME}/.pyenv/versions/3.12.1")
        Made(machine.home / ".pyenv/versions/3.12.1/envs/mine")
        (machine.home / ".pyenv/versions/mine").symlink_to("3.12.1/envs/mine")
        found = machine.find()
        assert found[f"{HOME}/.pyenv/versions/3.12.1"].kind is EnvironmentKind.PYENV
        assert len(found) == 2

    def test_interpreters_that_other_tools_bring(self, machine: Machine) -> None:
        places = [
            ".local/share/uv/python/cpython-3.12.1-linux",
            ".local/share/mise/installs/python/3.12.1",
            ".asdf/installs/python/3.12.1",
            ".local/share/pdm/python/cpython@3.12.1",
            ".local/share/hatch/pythons/3.12/python",
        ]
        for place in places:
            machine.interpreter(f"{HOME}/{place}")
        found = machine.find()
        assert set(found) == {f"{HOME}/{place}" for place in places}
        assert found[f"{HOME}/{places[0]}"].kind is EnvironmentKind.UV_PYTHON

    def test_condas_own_list(self, machine: Machine) -> None:
        conda(machine.root / "data/env", "python", {"lib/python3.12/site-packages/x.py": ""}, "3.12.1")
        put(machine.home / ".conda/environments.txt", f"{machine.root}/data/env\n{machine.root}/gone\n\n")
        assert set(machine.find()) == {"data/env"}

    def test_caches_are_named(self, machine: Machine) -> None:
        (machine.home / ".cache/pip").mkdir(parents=True)
        (machine.home / ".cache/uv/archive-v0/Xy1").mkdir(parents=True)
        found = machine.find()
        assert {one.name for one in found.values()} == {"pip", "uv"}
        assert found[f"{HOME}/.cache/uv"].site == (str(machine.home / ".cache/uv/archive-v0/Xy1"),)


class TestWhatOthersLeadTo:
    """Kernels, processes, bases, .pth files."""

    def test_jupyters_kernels(self, machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
        env = Made(machine.root / "data/env")
        put(env.bin / "python", "")
        kernels = machine.home / ".local/share/jupyter/kernels"
        put(kernels / "mine/kernel.json", json.dumps({"argv": [str(env.bin / "python"), "-m", "ipykernel"]}))
        put(kernels / "bad/kernel.json", "{")
        put(kernels / "odd/kernel.json", '{"argv": 3}')
        put(kernels / "bare/kernel.json", '{"argv": ["python"]}')
        here = Made(
            machine.root / "data/here"
        )  # which is where we are, and not where a kernel would be started
        put(here.bin / "python", "")
        monkeypatch.chdir(here.bin)
        found = machine.find()
        assert {name: one.via for name, one in found.items()} == {"data/env": "a Jupyter kernel"}
        assert machine.said == [
            f"{kernels}/bad/kernel.json is no JSON; which interpreter it starts is not known."
        ]

    def test_interpreters_that_run(self, machine: Machine) -> None:
        base = machine.interpreter("data/base")
        env = Made(machine.root / "data/env")
        (env.bin / "python").symlink_to(base)
        other = machine.interpreter("data/other")
        for number, (exe, words) in enumerate(
            [(base, f"{env.bin}/python\0secret"), (other, "python3.12\0-m\0x"), (Path("/bin/sh"), "sh")]
        ):
            process = machine.root / "proc" / str(100 + number)
            put(process / "cmdline", words)
            (process / "exe").symlink_to(exe)
            (process / "cwd").symlink_to("/")
        (machine.root / "proc/999").mkdir()
        assert set(machine.find()) == {"data/env", "data/base", "data/other"}

    def test_a_process_that_was_started_by_a_relative_path(self, machine: Machine) -> None:
        base = machine.interpreter("data/base")
        env = Made(machine.root / "data/env")
        (env.bin / "python").symlink_to(base)
        process = machine.root / "proc/7"
        put(process / "cmdline", "env/bin/python\0")
        (process / "exe").symlink_to(f"{base} (deleted)")
        (process / "cwd").symlink_to(machine.root / "data")
        assert set(machine.find()) == {"data/env", "data/base"}

    def test_the_interpreter_that_an_environment_was_made_with(self, machine: Machine) -> None:
        machine.interpreter("data/base")
        Made(machine.root / "srv/env", config=f"home = {machine.root}/data/base/bin\nversion = 3.12.4\n")
        found = machine.find(machine.root / "srv")
        assert set(found) == {"srv/env", "data/base"}
        assert found["data/base"].via == f"the base of {machine.root}/srv/env"
        assert found["srv/env"].base == str(machine.root / "data/base")

    def test_folders_of_packages_that_a_pth_file_adds(self, machine: Machine) -> None:
        env = Made(machine.root / "srv/env")
        packages = machine.root / "data/packages"
        put(packages / "alpha-1.0.dist-info/METADATA", "Name: alpha\nVersion: 1.0\n")
        (machine.root / "data/source").mkdir()
        env.write("more.pth", f"# a comment\nimport os\n{packages}\n{machine.root}/data/source\n/nowhere\n")
        found = machine.find(machine.root / "srv")
        assert set(found) == {"srv/env", "data/packages"}
        assert found["data/packages"].kind is EnvironmentKind.FOLDER


class TestAsNamed:
    """What a person means by a path, and by none."""

    def at(self, path: Path) -> Environment | None:
        return environment_at(path, note=lambda sentence: None)

    def test_an_environment_its_parts_and_its_project(self, tmp_path: Path) -> None:
        env = Made(tmp_path / "project/.venv")
        (env.bin / "python").symlink_to("/nowhere/python3.12")
        whole = self.at(env.root)
        assert whole is not None
        for path in (env.bin / "python", tmp_path / "project"):
            found = self.at(path)
            assert found is not None
            assert found.site == whole.site

    def test_a_folder_that_packages_were_put_into(self, tmp_path: Path) -> None:
        put(tmp_path / "target/alpha-1.0.dist-info/METADATA", "Name: alpha\nVersion: 1.0\n")
        found = self.at(tmp_path / "target")
        assert found is not None
        assert (found.kind, found.site) == (EnvironmentKind.FOLDER, (str(tmp_path / "target"),))

    def test_an_interpreters_site_folder_is_the_interpreter(self, tmp_path: Path) -> None:
        machine = Machine(tmp_path)
        machine.interpreter("py")
        found = self.at(machine.root / "py/lib/python3.12/site-packages")
        assert found is not None
        assert found.library == str(machine.root / "py/lib/python3.12")

    @pytest.mark.parametrize(
        ("mark", "kind"),
        [("uv-receipt.toml", EnvironmentKind.UV_TOOL), ("pipx_metadata.json", EnvironmentKind.PIPX)],
    )
    def test_a_tool_by_what_its_maker_left(self, tmp_path: Path, mark: str, kind: EnvironmentKind) -> None:
        env = Made(tmp_path / "black")
        put(env.root / mark, "")
        found = self.at(env.root)
        assert found is not None
        assert (found.kind, found.name) == (kind, "black")

    def test_nothing(self, tmp_path: Path) -> None:
        assert self.at(tmp_path) is None
        assert self.at(tmp_path / "none") is None
        assert self.at(put(tmp_path / "file", "text")) is None

    def test_the_projects_own_goes_before_the_active_one(self, tmp_path: Path) -> None:
        own, active = Made(tmp_path / "project/.venv"), Made(tmp_path / "active")
        environ = {"VIRTUAL_ENV": str(active.root)}
        note = list[str]().append
        found = project_environment(tmp_path / "project", environ, note=note)
        assert found is not None
        assert found.root == str(own.root)
        found = project_environment(tmp_path, environ, note=note)
        assert found is not None
        assert found.root == str(active.root)
        assert project_environment(tmp_path, {"VIRTUAL_ENV": "relative"}, note=note) is None

    def test_pdms_choice(self, tmp_path: Path) -> None:
        env = Made(tmp_path / "elsewhere")
        put(env.bin / "python", "")
        put(tmp_path / "project/.pdm-python", f"{env.bin}/python\n")
        found = project_environment(tmp_path / "project", {}, note=list[str]().append)
        assert found is not None
        assert found.root == str(env.root)
