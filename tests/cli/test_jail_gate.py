"""`stockade jail --profile install`: real installers shut in, with the gate as all of their network."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import gettempdir

import pytest

from tests.cli.conftest import file_of
from tests.support.archives import wheel
from tests.support.clients import client
from tests.support.debian import bubblewrap
from tests.support.gated import Gated
from tests.support.index import TwinIndex
from tests.support.trojan import trojan


@pytest.fixture(params=["bubblewrap", "landlock"])
def machine(request: pytest.FixtureRequest, tmp_path: Path, jailed_index: TwinIndex) -> Gated:
    found = Gated(tmp_path / "machine", jailed_index)
    found.options = ("--profile", "install", "--mechanism", request.param)
    if request.param == "bubblewrap":
        found.env["STOCKADE_BWRAP"] = str(bubblewrap())
    found.write("pyproject.toml", "")
    return found


@pytest.fixture
def jailed_index() -> Iterator[TwinIndex]:
    packages = {
        "alpha": [
            file_of("alpha", "1.0", wheel("alpha", "1.0", {"alpha.py": "ONE = 1\n"}, requires=["beta>=1"]))
        ],
        "beta": [file_of("beta", "1.5", wheel("beta", "1.5", {"beta.py": "TWO = 2\n"}))],
        "reqeusts": [file_of("reqeusts", "2.32.1", trojan(), form="sdist")],
    }
    with TwinIndex(packages) as index:
        yield index


def test_pip_installs_from_the_gate_and_reaches_nobody_else(machine: Gated) -> None:
    machine.venv()
    pip = client("pip-newest").program("pip")
    words = (*_jail(machine), pip, "--python", ".venv/bin/python", "install", "alpha")
    done = machine.stockade(*words)
    assert done.code == 0, done.said
    assert machine.installed() == {"alpha-1.0", "beta-1.5"}
    assert "2 files judged and let through" in done.said
    assert machine.clients_that_asked == set()


def test_what_is_refused_does_not_come_in(machine: Gated) -> None:
    python = machine.venv()
    uv = Path(sys.executable).parent / "uv"
    done = machine.stockade(*_jail(machine), uv, "pip", "install", "--python", python, "reqeusts")
    assert done.code == 10, done.said
    assert machine.installed() == set()


def test_nothing_of_the_home_is_there_while_it_installs(machine: Gated) -> None:
    (machine.home / ".netrc").write_text("machine a.invalid login b password c")
    machine.write(".env", "TOKEN=1")
    script = 'cat ~/.netrc .env; echo x > made; echo "$AWS_SECRET_ACCESS_KEY"; echo "cache $PIP_CACHE_DIR"'
    machine.env["AWS_SECRET_ACCESS_KEY"] = "decoy-of-a-test"
    done = machine.stockade(*_jail(machine), "sh", "-c", script)
    assert "password c" not in done.said and "TOKEN" not in done.said and "decoy-of-a-test" not in done.said
    assert not (machine.project / "made").exists()
    # The installer's cache is the jail's own, for a build could put anything into one that lasts.
    (cache,) = [line.split()[1] for line in done.said.splitlines() if line.startswith("cache ")]
    assert cache.endswith("/cache/pip") and cache.startswith(
        ("/tmp/cache/", f"{gettempdir()}/stockade-jail-")
    )


def _jail(machine: Gated) -> tuple[str, ...]:
    return ("jail", *machine.options, "--")
