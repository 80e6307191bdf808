"""Real pips, the oldest supported and the newest, behind `stockade run`."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.act.gate.conftest import one, packages
from tests.support.clients import Name
from tests.support.gated import Gated, pip
from tests.support.index import TwinFile, TwinIndex
from tests.support.tls import Certificates

pytestmark = pytest.mark.slow
BOTH: Sequence[Name] = ("pip-oldest", "pip-newest")


@pytest.fixture(params=BOTH)
def installer(request: pytest.FixtureRequest, machine: Gated) -> tuple[str, ...]:
    """A pip for an empty environment of the machine."""
    return pip(request.param, machine.venv())


def hashes(*files: TwinFile) -> str:
    """Requirements with the digests of `files`, which hold one release each."""
    pinned = [
        ("==".join(file.filename.split("-")[:2]), hashlib.sha256(file.data).hexdigest()) for file in files
    ]
    return "".join(f"{release} --hash=sha256:{digest}\n" for release, digest in pinned)


def test_what_is_allowed_is_installed_and_nothing_goes_past(
    machine: Gated, installer: tuple[str, ...]
) -> None:
    done = machine.run(*installer, "install", "alpha")
    assert done.code == 0, done.said
    assert machine.installed() == {"alpha-1.0", "beta-1.5"}
    assert machine.clients_that_asked == set()
    assert "2 files judged and let through" in done.said


def test_the_refusal_stands_in_pips_own_words(machine: Gated, installer: tuple[str, ...]) -> None:
    done = machine.run(*installer, "install", "reqeusts")
    assert done.code == 10, done.said
    assert "403 Client Error: Stockade: reqeusts 2.32.1 is blocked: it sends" in done.said
    assert machine.installed() == set()


def test_a_flagged_dependency_three_levels_down(machine: Gated, installer: tuple[str, ...]) -> None:
    done = machine.run(*installer, "install", "chain")
    assert done.code == 10, done.said
    assert "Stockade: chain 1.0 brings stealer 1.0 through link-one, link-two, which is blocked" in done.said
    assert machine.installed() == set()
    assert machine.clients_that_asked == set()


def test_hashes_are_those_of_the_index(machine: Gated, installer: tuple[str, ...]) -> None:
    held: dict[str, list[TwinFile]] = packages()
    files = [file for name in ("alpha", "beta") for file in held[name] if file.filename.endswith("any.whl")][
        :2
    ]
    machine.write("r.txt", hashes(*files))
    done = machine.run(*installer, "install", "--require-hashes", "-r", "r.txt")
    assert done.code == 0, done.said
    assert machine.installed() == {"alpha-1.0", "beta-1.5"}
    machine.write("wrong.txt", f"many==1.0 --hash=sha256:{'0' * 64}\n")
    done = machine.run(*installer, "install", "--require-hashes", "-r", "wrong.txt")
    assert done.code not in {0, 10}
    assert "THESE PACKAGES DO NOT MATCH THE HASHES" in done.said


def test_an_isolated_pip_and_an_index_inside_of_requirements(
    machine: Gated, installer: tuple[str, ...], certificates: Certificates
) -> None:
    with TwinIndex({"only-there": [one("only_there", "1.0")]}, certificates=certificates) as other:
        machine.write("r.txt", f"--index-url {other.url}\nonly-there\n")
        done = machine.run(installer[0], "--isolated", *installer[1:], "install", "-r", "r.txt")
        assert done.code == 0, done.said
        assert machine.installed() == {"only_there-1.0"}
        agents = {hit.headers.get("user-agent", "") for hit in other.log}
        assert agents and all(agent.startswith("stockade/") for agent in agents)


def test_yanked_prereleases_extras_markers_and_platforms_are_as_without_the_gate(
    machine: Gated, installer: tuple[str, ...]
) -> None:
    wanted = ("install", "--no-cache-dir", "many[more]", "shaped")
    done = machine.run(*installer, *wanted)
    assert done.code == 0, done.said
    assert machine.installed() == {"many-1.1", "beta-1.5", "shaped-1.0"}
    done = machine.run(*installer, "install", "--pre", "--upgrade", "many")
    assert "many-2.0b1" in machine.installed(), done.said
    done = machine.run(*installer, "install", "many==1.2")  # yanked: policy asks, and nobody is there
    assert done.code == 12 and "many-1.2" not in machine.installed(), done.said
    assert "Stockade: many 1.2 is waiting for a person: its maintainers have yanked it" in done.said
    machine.write("stockade.toml", '[rules]\nyanked = "allow"\n')
    done = machine.run(*installer, "install", "many==1.2")
    assert "many-1.2" in machine.installed(), done.said
    assert machine.clients_that_asked == set()


def test_what_a_build_needs_comes_through_the_gate(machine: Gated, installer: tuple[str, ...]) -> None:
    done = machine.run(*installer, "install", "built")
    assert done.code == 0, done.said
    assert machine.installed() == {"built-1.0"}
    assert machine.index.hits("/files/backend")
    assert machine.clients_that_asked == set()
    done = machine.run(*installer, "install", "badly-built")
    assert done.code == 10, done.said
    assert "stealer 1.0" in done.said
    assert machine.installed() == {"built-1.0"}


def test_pips_own_proxy_and_certificates_do_not_win(machine: Gated, installer: tuple[str, ...]) -> None:
    conf = machine.write(
        "pip.conf", "[global]\nproxy = http://127.0.0.1:9\nno-proxy-env = true\ntimeout = 1\n"
    )
    machine.env = {"PIP_CONFIG_FILE": str(conf)}
    done = machine.run(*installer, "install", "beta")
    assert done.code == 0, done.said
    assert machine.installed() == {"beta-1.5"}
    assert machine.clients_that_asked == set()


def test_an_index_without_tls(tmp_path: Path) -> None:
    with TwinIndex(packages()) as plain:
        machine = Gated(tmp_path, plain)
        done = machine.run(*pip("pip-newest", machine.venv()), "install", "alpha")
        assert done.code == 0, done.said
        assert machine.installed() == {"alpha-1.0", "beta-1.5"}
        assert machine.clients_that_asked == set()


def test_pylock_of_the_newest_pip(machine: Gated) -> None:
    python = machine.venv()
    newest = pip("pip-newest", python)
    assert machine.plain(*newest, "lock", "-o", "pylock.toml", "alpha").code == 0
    before = machine.read("pylock.toml")
    machine.index.log.clear()
    done = machine.run(*newest, "lock", "-o", "pylock.again.toml", "alpha")
    assert done.code == 0, done.said
    assert machine.read("pylock.again.toml") == before
    done = machine.run(*newest, "install", "-r", "pylock.toml")
    assert done.code == 0, done.said
    assert machine.installed() == {"alpha-1.0", "beta-1.5"}
    assert machine.clients_that_asked == set()
