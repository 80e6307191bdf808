"""Real uv behind `stockade run`: projects with and without a lock, environments, tools, warm caches."""

from __future__ import annotations

import hashlib
import re
import shutil

import pytest

from tests.act.gate.conftest import one
from tests.support.gated import Gated, uv
from tests.support.index import TwinIndex
from tests.support.tls import Certificates

pytestmark = pytest.mark.slow

PROJECT = '[project]\nname = "mine"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = [{}]\n'


def project(machine: Gated, *requires: str, more: str = "") -> None:
    """A project in the machine's folder that needs those."""
    machine.write("pyproject.toml", PROJECT.format(", ".join(f'"{each}"' for each in requires)) + more)


def test_what_is_allowed_is_installed_and_nothing_goes_past(machine: Gated) -> None:
    machine.venv()
    done = machine.run(uv(), "pip", "install", "alpha", "many[more]", "shaped")
    assert done.code == 0, done.said
    assert machine.installed() == {"alpha-1.0", "beta-1.5", "many-1.1", "shaped-1.0"}
    assert machine.clients_that_asked == set()


def test_the_refusal_stands_in_uvs_own_words(machine: Gated) -> None:
    machine.venv()
    done = machine.run(uv(), "pip", "install", "stealer")
    assert done.code == 10, done.said
    assert "Server message: Refused by Stockade, Stockade: stealer 1.0 is blocked" in done.said
    assert machine.installed() == set()


def test_a_flagged_dependency_three_levels_down(machine: Gated) -> None:
    machine.venv()
    done = machine.run(uv(), "pip", "install", "chain")
    assert done.code == 10, done.said
    # uv fetches side by side, and tells the first refusal it meets: of any link of the chain, or of its end.
    assert re.search(r"Stockade: .*stealer 1\.0.* is blocked:", done.said), done.said
    assert machine.installed() == set()
    assert machine.clients_that_asked == set()


def test_a_lock_is_made_byte_for_byte_as_without_the_gate(machine: Gated) -> None:
    project(machine, "alpha", "many[more]")
    assert machine.plain(uv(), "lock").code == 0
    before = machine.read("uv.lock")
    (machine.project / "uv.lock").unlink()
    machine.index.log.clear()
    done = machine.run(uv(), "lock")
    assert done.code == 0, done.said
    assert machine.read("uv.lock") == before
    assert machine.clients_that_asked == set()


@pytest.mark.parametrize("option", ["--frozen", "--locked", "--no-progress"])
def test_a_lock_with_urls_passes_the_gate_and_stays_as_it_is(machine: Gated, option: str) -> None:
    project(machine, "alpha")
    assert machine.plain(uv(), "lock").code == 0
    before = machine.read("uv.lock")
    machine.index.log.clear()
    done = machine.run(uv(), "sync", option)
    assert done.code == 0, done.said
    assert machine.installed() == {"alpha-1.0", "beta-1.5"}
    assert machine.read("uv.lock") == before
    assert machine.clients_that_asked == set()
    assert machine.index.hits("/files/alpha-1.0")  # the gate's own


@pytest.mark.parametrize("option", ["--frozen", "--locked", "--no-progress"])
def test_a_lock_that_holds_a_condemned_file(machine: Gated, option: str) -> None:
    project(machine, "chain")
    assert machine.plain(uv(), "lock").code == 0
    before = machine.read("uv.lock")
    machine.index.log.clear()
    done = machine.run(uv(), "sync", option)
    assert done.code == 10, done.said
    assert machine.installed() == set()
    assert machine.read("uv.lock") == before
    assert machine.clients_that_asked == set()


def test_an_index_that_only_the_project_names(machine: Gated, certificates: Certificates) -> None:
    own = {"only-there": [one("only_there", "1.0")], "bad": [one("bad", "1.0", "stealer")]}
    with TwinIndex(own, certificates=certificates) as other:
        named = f'\n[[tool.uv.index]]\nname = "own"\nurl = "{other.url}"\n'
        project(machine, "only-there", "beta", more=named)
        done = machine.run(uv(), "sync")
        assert done.code == 0, done.said
        assert machine.installed() == {"only_there-1.0", "beta-1.5"}
        project(machine, "bad", more=named)
        done = machine.run(uv(), "sync")
        assert done.code == 10, done.said
        assert "bad-1.0" not in machine.installed()
        agents = {hit.headers.get("user-agent", "") for hit in other.log}
        assert all(agent.startswith("stockade/") for agent in agents)


def test_a_warm_cache_of_uvs_own_is_not_used(machine: Gated) -> None:
    machine.venv("other")
    warm = machine.plain(uv(), "pip", "install", "--python", "other", "stealer")
    assert warm.code == 0, warm.said
    machine.venv("third")  # the cache alone is enough for it:
    assert machine.plain(uv(), "pip", "install", "--offline", "--python", "third", "stealer").code == 0
    machine.venv()
    machine.index.log.clear()
    done = machine.run(uv(), "pip", "install", "stealer")
    assert done.code == 10, done.said
    assert machine.installed() == set()
    assert machine.clients_that_asked == set()


def test_what_is_no_longer_allowed_does_not_come_from_the_cache_of_gated_runs(machine: Gated) -> None:
    project(machine, "stealer")
    machine.write("stockade.toml", "")
    assert machine.plain(uv(), "lock").code == 0
    sha256 = hashlib.sha256(machine.index.projects["stealer"].files[0].data).hexdigest()
    allowed = machine.stockade("allow", "stealer==1.0", "--sha256", sha256, "--because", "inert, for a test")
    assert allowed.code == 0, allowed.said
    done = machine.run(uv(), "sync", "--frozen")
    assert machine.installed() == {"stealer-1.0"}, done.said
    (machine.project / "stockade-waivers.toml").unlink()
    shutil.rmtree(machine.project / ".venv")
    done = machine.run(uv(), "sync", "--frozen")  # with digests in the lock, a cache would be asked alone
    assert done.code == 10, done.said
    assert machine.installed() == set()


def test_find_links_of_the_environment_are_judged_before_anything_starts(machine: Gated) -> None:
    machine.venv()
    links = machine.project / "links"
    links.mkdir()
    bad = machine.index.projects["stealer"].files[0]
    (links / bad.filename).write_bytes(bad.data)
    machine.env = {"UV_FIND_LINKS": str(links), "UV_NO_INDEX": "1"}
    done = machine.run(uv(), "pip", "install", "stealer")
    assert done.code == 10, done.said
    assert machine.installed() == set()


def test_pylock(machine: Gated) -> None:
    machine.venv()
    machine.write("r.in", "alpha\n")
    compiled = ("pip", "compile", "--quiet", "--no-header", "--format", "pylock.toml", "r.in", "-o")
    assert machine.plain(uv(), *compiled, "pylock.toml").code == 0
    machine.index.log.clear()
    done = machine.run(uv(), *compiled, "pylock.again.toml")
    assert done.code == 0, done.said
    assert machine.read("pylock.again.toml") == machine.read("pylock.toml")
    done = machine.run(uv(), "pip", "sync", "pylock.toml")
    assert done.code == 0, done.said
    assert machine.installed() == {"alpha-1.0", "beta-1.5"}
    assert machine.clients_that_asked == set()


def test_a_tool_in_an_environment_of_its_own(machine: Gated) -> None:
    done = machine.run(uv(), "tool", "run", "tool")
    assert done.code == 0, done.said
    assert "at work" in done.said
    assert machine.clients_that_asked == set()


def test_a_script_under_make_and_an_installer_that_calls_another(machine: Gated) -> None:
    machine.venv()
    machine.write("Makefile", f"all:\n\tsh -c '{uv()} pip install alpha && {uv()} pip install stealer'\n")
    done = machine.run("make")
    assert done.code == 10, done.said
    assert machine.installed() == {"alpha-1.0", "beta-1.5"}
    assert machine.clients_that_asked == set()


def test_what_a_build_needs_comes_through_the_gate(machine: Gated) -> None:
    machine.venv()
    done = machine.run(uv(), "pip", "install", "built")
    assert done.code == 0, done.said
    assert machine.installed() == {"built-1.0"}
    done = machine.run(uv(), "pip", "install", "badly-built")
    assert done.code == 10, done.said
    assert machine.clients_that_asked == set()
