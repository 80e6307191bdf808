"""Real poetry, pdm, pipx, pip-tools, tox, nox and hatch behind `stockade run`."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.act.gate.conftest import one
from tests.support.clients import Name, client
from tests.support.gated import Gated, pip, uv
from tests.support.index import TwinIndex
from tests.support.tls import Certificates

pytestmark = pytest.mark.slow

PROJECT = '[project]\nname = "mine"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = [{}]\n'
_POETRY = '[tool.poetry]\npackage-mode = false\n[[tool.poetry.source]]\nname = "twin"\nurl = "{}"\n'
_PDM = '[tool.pdm]\ndistribution = false\n[[tool.pdm.source]]\nname = "pypi"\nurl = "{}"\n'


def project(machine: Gated, name: str, more: str) -> None:
    """A project that needs one distribution, and says where its tool finds it."""
    machine.write("pyproject.toml", PROJECT.format(f'"{name}"') + more.format(machine.index.url))


class TestPoetry:
    """Its lock, its sources, its environments."""

    @pytest.fixture
    def poetry(self, machine: Gated) -> str:
        machine.env = {"POETRY_VIRTUALENVS_IN_PROJECT": "true", "POETRY_NO_INTERACTION": "1"}
        return client("poetry").program("poetry")

    def test_a_lock_is_made_byte_for_byte_as_without_the_gate(self, machine: Gated, poetry: str) -> None:
        project(machine, "alpha", _POETRY)
        assert machine.plain(poetry, "lock").code == 0
        before = machine.read("poetry.lock")
        (machine.project / "poetry.lock").unlink()
        shutil.rmtree(machine.home / ".cache")
        machine.index.log.clear()
        done = machine.run(poetry, "lock")
        assert done.code == 0, done.said
        assert machine.read("poetry.lock") == before
        done = machine.run(poetry, "install")
        assert done.code == 0, done.said
        assert machine.installed() >= {"alpha-1.0", "beta-1.5"}  # poetry puts its pip there, too
        assert machine.read("poetry.lock") == before
        assert machine.clients_that_asked == set()

    def test_a_lock_that_holds_a_condemned_file(self, machine: Gated, poetry: str) -> None:
        project(machine, "chain", _POETRY)
        assert machine.plain(poetry, "lock").code == 0
        machine.index.log.clear()
        done = machine.run(poetry, "install")
        assert done.code == 10, done.said
        assert "Stockade: " in done.said and "stealer 1.0" in done.said
        assert "stealer-1.0" not in machine.installed()
        assert machine.clients_that_asked == set()

    def test_its_environments_stay_where_they_are(self, machine: Gated, poetry: str) -> None:
        machine.env = {"POETRY_NO_INTERACTION": "1"}
        project(machine, "beta", _POETRY)
        done = machine.run(poetry, "install")
        assert done.code == 0, done.said
        (environment,) = (machine.home / ".cache/pypoetry/virtualenvs").glob("mine-*")
        assert list(environment.glob("lib/python*/site-packages/beta-1.5.dist-info"))
        assert machine.plain(poetry, "env", "info", "--path").said.strip() == str(environment)


class TestPdm:
    """Its lock, its sources."""

    @pytest.fixture
    def pdm(self, machine: Gated) -> str:
        machine.venv()
        return client("pdm").program("pdm")

    def test_a_lock_is_made_byte_for_byte_as_without_the_gate(self, machine: Gated, pdm: str) -> None:
        project(machine, "alpha", _PDM)
        assert machine.plain(pdm, "lock").code == 0
        before = machine.read("pdm.lock")
        (machine.project / "pdm.lock").unlink()
        machine.index.log.clear()
        done = machine.run(pdm, "lock")
        assert done.code == 0, done.said
        assert machine.read("pdm.lock") == before
        done = machine.run(pdm, "sync")
        assert done.code == 0, done.said
        assert machine.installed() == {"alpha-1.0", "beta-1.5"}
        assert machine.clients_that_asked == set()

    def test_a_lock_that_holds_a_condemned_file(self, machine: Gated, pdm: str) -> None:
        project(machine, "chain", _PDM)
        assert machine.plain(pdm, "lock").code == 0
        machine.index.log.clear()
        done = machine.run(pdm, "sync")
        assert done.code == 10, done.said
        assert "stealer-1.0" not in machine.installed()
        assert machine.clients_that_asked == set()


class TestPipx:
    """Tools in environments of their own, by its uv backend (its other one would need a pip of the index)."""

    @pytest.fixture
    def pipx(self, machine: Gated) -> str:
        machine.env = {
            "PIPX_HOME": str(machine.folder / "pipx"),
            "PIPX_BIN_DIR": str(machine.folder / "bin"),
            "PIPX_DEFAULT_BACKEND": "uv",
            "PATH": f"{Path(uv()).parent}:/usr/bin:/bin",
        }
        return client("pipx").program("pipx")

    def test_a_tool(self, machine: Gated, pipx: str) -> None:
        done = machine.run(pipx, "install", "tool")
        assert done.code == 0, done.said
        assert "at work" in machine.plain(machine.folder / "bin" / "tool").said
        assert machine.clients_that_asked == set()

    def test_a_trojan(self, machine: Gated, pipx: str) -> None:
        done = machine.run(pipx, "install", "stealer")
        assert done.code == 10, done.said
        assert not (machine.folder / "pipx/venvs/stealer").exists()
        assert machine.clients_that_asked == set()


class TestPipTools:
    """What it compiles and syncs."""

    def test_compiled_requirements_are_those_without_the_gate(self, machine: Gated) -> None:
        compiler = client("pip-tools").program("pip-compile")
        machine.write("r.in", "alpha\nmany[more]\n")
        command = (compiler, "--quiet", "--strip-extras", "--generate-hashes", "--no-header", "r.in", "-o")
        assert machine.plain(*command, "plain.txt").code == 0
        machine.index.log.clear()
        done = machine.run(*command, "gated.txt")
        assert done.code == 0, done.said
        assert machine.read("gated.txt") == machine.read("plain.txt")
        assert machine.clients_that_asked == set()
        python = machine.venv()
        done = machine.run(*pip("pip-newest", python), "install", "--require-hashes", "-r", "gated.txt")
        assert done.code == 0, done.said
        assert machine.installed() == {"alpha-1.0", "beta-1.5", "many-1.1"}

    def test_an_index_inside_of_requirements(self, machine: Gated, certificates: Certificates) -> None:
        compiler = client("pip-tools").program("pip-compile")
        stealer = list(machine.index.projects["stealer"].files)
        own = {"bad": [one("bad", "1.0", "stealer")], "stealer": stealer}
        with TwinIndex(own, certificates=certificates) as other:
            machine.write("r.in", f"--index-url {other.url}\nbad\n")
            done = machine.run(
                compiler, "--quiet", "--strip-extras", "--generate-hashes", "r.in", "-o", "r.txt"
            )
            agents = {hit.headers.get("user-agent", "") for hit in other.log}
            assert agents and all(agent.startswith("stockade/") for agent in agents), done.said


_TOX = "[tox]\nno_package = true\n[testenv]\ndeps =\n  alpha\n  stealer\ncommands = python -c pass\n"
_NOX = "import nox\n@nox.session\ndef one(session):\n    session.install('alpha')\n    session.install('stealer')\n"
_HATCH = '[project]\nname = "mine"\nversion = "1"\n[tool.hatch.envs.default]\nskip-install = true\n'


@pytest.mark.parametrize(
    ("name", "words", "file", "text"),
    [
        ("tox", (), "tox.ini", _TOX),
        ("nox", (), "noxfile.py", _NOX),
        ("hatch", ("env", "create"), "pyproject.toml", f'{_HATCH}dependencies = ["alpha", "stealer"]\n'),
    ],
)
def test_those_that_start_a_pip_of_their_own(
    machine: Gated, name: Name, words: tuple[str, ...], file: str, text: str
) -> None:
    machine.write(file, text)
    done = machine.run(client(name).program(name), *words)
    assert done.code == 10, done.said
    assert "403 Client Error: Stockade: stealer 1.0 is blocked" in done.said
    assert not list(machine.folder.rglob("stealer-1.0.dist-info"))
    assert machine.clients_that_asked == set()
