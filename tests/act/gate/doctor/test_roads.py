"""Which roads past a gate are open, on made-up machines."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from stockade import limits
from stockade.act.gate.address import index_url
from stockade.act.gate.doctor.age_roads import age_roads
from stockade.act.gate.doctor.machine_roads import answers, cache_roads, gate_road, login_roads, wall_roads
from stockade.act.gate.doctor.pip_roads import pip_roads
from stockade.act.gate.doctor.project_roads import project_roads
from stockade.act.gate.doctor.roads import Road, State
from stockade.act.gate.doctor.uv_roads import uv_roads
from stockade.act.gate.journal import Journal
from stockade.workers import Wall
from tests.support.machine import Machine

GATE = index_url()
PIP, UV = "~/.config/pip/pip.conf", "~/.config/uv/uv.toml"
NOW = datetime(2030, 1, 10, tzinfo=UTC)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    made = Machine(tmp_path)
    made.home.mkdir(parents=True)
    made.cwd.mkdir(parents=True)
    return made


def passable(roads: Iterable[Road]) -> dict[str, str]:
    """The open roads with what closes each; nothing secret is ever told."""
    every = list(roads)
    assert not any("word" in one.what + one.close for one in every)
    return {one.id: one.close for one in every if one.state in {State.OPEN, State.UNKNOWN}}


def test_pip_that_was_never_told(machine: Machine) -> None:
    assert passable(pip_roads(machine.world(), GATE)) == {"pip-index": "stockade enable"}


def test_pip_that_asks_the_gate(machine: Machine) -> None:
    machine.write(
        PIP, f"[global]\nindex-url = {GATE}\ntrusted-host = 127.0.0.1\n[list]\nextra-index-url = x\n"
    )
    (road,) = pip_roads(machine.world(), GATE)
    assert road.state is State.CLOSED


@pytest.mark.parametrize(
    ("path", "text", "close"),
    [
        (PIP, "[install]\nindex-url = https://me:word@a.example/\n", "stockade enable"),
        (PIP, "[download]\nindex-url = https://me:word@a.example/\n", "stockade enable"),
        ("/etc/pip.conf", "[install]\nindex-url = https://a.example/\n", "sudo sed -i"),
    ],
)
def test_pips_sections(machine: Machine, path: str, text: str, close: str) -> None:
    machine.write("~/.config/pip/pip.conf", f"[global]\nindex-url = {GATE}\n")
    if path == PIP:
        text = f"[global]\nindex-url = {GATE}\n" + text
    machine.write(path, text)
    found = passable(pip_roads(machine.world(), GATE))
    assert found["pip-index"].startswith(close)


def test_the_system_is_weaker_than_the_user(machine: Machine) -> None:
    machine.write("/etc/pip.conf", "[global]\nindex-url = https://a.example/\n")
    assert passable(pip_roads(machine.world(), GATE)) == {"pip-index": "stockade enable"}
    machine.write(PIP, f"[global]\nindex-url = {GATE}\n")
    assert passable(pip_roads(machine.world(), GATE)) == {}


def test_variables_of_pip(machine: Machine) -> None:
    machine.write(PIP, f"[global]\nindex-url = {GATE}\n")
    machine.env |= {
        "PIP_INDEX_URL": "https://me:word@a.example/",
        "PIP_EXTRA_INDEX_URL": f"{GATE} https://me:word@b.example/",
        "PIP_PROXY": "http://me:word@p.example",
        "PIP_FIND_LINKS": "https://me:word@l.example/",
        "PIP_TRUSTED_HOST": "t.example",
    }
    assert passable(pip_roads(machine.world(), GATE)) == {
        "pip-index": "unset PIP_INDEX_URL",
        "pip-extra-index-url": "unset PIP_EXTRA_INDEX_URL",
        "pip-proxy": "unset PIP_PROXY",
        "pip-find-links": "unset PIP_FIND_LINKS",
        "pip-trusted-host": "unset PIP_TRUSTED_HOST",
    }


def test_what_stands_beside_pips_index(machine: Machine, tmp_path: Path) -> None:
    machine.write(PIP, f"[global]\nindex-url={GATE}\nextra-index-url=https://b.example/\nfind-links=/tmp/x\n")
    assert passable(pip_roads(machine.world(), GATE)) == {
        "pip-extra-index-url": "stockade enable",
        "pip-find-links": "pip config --user unset global.find-links",
    }
    machine.env["VIRTUAL_ENV"] = str(tmp_path / "venv")
    (tmp_path / "venv").mkdir()
    (tmp_path / "venv/pip.conf").write_text("[global]\nindex-url = https://c.example/\nextra-index-url = \n")
    found = passable(pip_roads(machine.world(), GATE))
    assert found["pip-index"] == "pip config --site unset global.index-url"
    machine.write("~/.pip/pip.conf", "[global]\nproxy = http://me:word@p.example\n")
    assert passable(pip_roads(machine.world(), GATE))["pip-proxy"].startswith(
        "sed -i.bak '/^ *proxy *[=:]/d' "
    )


def test_a_file_that_is_named_hides_the_users(machine: Machine) -> None:
    machine.write(PIP, f"[global]\nindex-url = {GATE}\n")
    machine.env["PIP_CONFIG_FILE"] = os.devnull
    assert passable(pip_roads(machine.world(), GATE)) == {"pip-index": "unset PIP_CONFIG_FILE"}
    machine.env["PIP_CONFIG_FILE"] = str(
        machine.write("own.conf", "[global]\nindex-url = https://a.example/\n")
    )
    assert passable(pip_roads(machine.world(), GATE)) == {"pip-index": "unset PIP_CONFIG_FILE"}


def test_what_cannot_be_read_is_no_better(machine: Machine) -> None:
    machine.write(PIP, "index-url = https://me:word@a.example/\n")
    machine.write(UV, "index-url = word\n")
    assert passable(pip_roads(machine.world(), GATE)) == {"pip-settings": ""}
    assert passable(uv_roads(machine.world(), GATE)) == {"uv-settings": ""}


OURS = f'[[index]]\nurl = "{GATE}"\ndefault = true\n'


def test_uv(machine: Machine) -> None:
    assert passable(uv_roads(machine.world(), GATE)) == {"uv-index": "stockade enable"}
    machine.write(UV, 'index-url = "https://me:word@a.example/"\n')
    assert passable(uv_roads(machine.world(), GATE)) == {"uv-index": "stockade enable"}
    machine.write(UV, OURS)
    (road,) = uv_roads(machine.world(), GATE)
    assert road.state is State.CLOSED


def test_uv_of_a_project(machine: Machine) -> None:
    machine.write(UV, OURS)
    machine.write(
        "pyproject.toml",
        '[[tool.uv.index]]\nname = "n"\nurl = "https://me:word@a.example/"\n[tool.uv]\nfind-links = ["https://b.example/"]\n'
        '[tool.uv.sources]\na = { git = "https://me:word@c.example/a" }\n'
        'b = [{ path = "../b" }, { url = "https://d.example/b.whl" }]\n',
    )
    run = "stockade run -- uv sync"
    found = passable(uv_roads(machine.world(), GATE))
    assert found == {"uv-project-index": run, "uv-find-links": run, "uv-project-source": run}
    machine.write("pyproject.toml", '[[tool.uv.index]]\nurl = "https://a.example/"\ndefault = true\n')
    assert passable(uv_roads(machine.world(), GATE)) == {"uv-project-index": run}


def test_what_stands_before_uvs_default(machine: Machine) -> None:
    machine.write(
        UV, f'extra-index-url = ["https://me:word@a.example/"]\nallow-insecure-host = ["h.example"]\n{OURS}'
    )
    found = passable(uv_roads(machine.world(), GATE))
    assert set(found) == {"uv-user-index", "uv-insecure-host"}
    assert found["uv-insecure-host"].startswith("sed ")


def test_variables_of_uv(machine: Machine) -> None:
    machine.write(UV, OURS)
    machine.env["UV_DEFAULT_INDEX"] = "n=https://me:word@a.example/"
    assert passable(uv_roads(machine.world(), GATE)) == {"uv-variable": "unset UV_DEFAULT_INDEX"}
    machine.env |= {"UV_DEFAULT_INDEX": GATE, "UV_INSECURE_HOST": "h.example", "UV_FIND_LINKS": f"{GATE}x"}
    assert passable(uv_roads(machine.world(), GATE)) == {"uv-insecure-host": "unset UV_INSECURE_HOST"}
    machine.env.clear()
    machine.env["UV_NO_CONFIG"] = "1"
    assert passable(uv_roads(machine.world(), GATE)) == {"uv-index": "unset UV_NO_CONFIG"}
    machine.env.clear()
    machine.env["UV_CONFIG_FILE"] = str(machine.write("own.toml", ""))
    assert passable(uv_roads(machine.world(), GATE)) == {"uv-index": "unset UV_CONFIG_FILE"}


def test_tools_with_an_index_of_their_own(machine: Machine) -> None:
    assert project_roads(machine.cwd, GATE) == []
    machine.write(
        "pyproject.toml", '[[tool.poetry.source]]\nurl = "https://me:word@a.example/"\n[tool.pdm]\n'
    )
    machine.write("Pipfile", '[[source]]\nurl = "https://me:word@a.example/"\n')
    assert passable(project_roads(machine.cwd, GATE)) == {
        "poetry-source": "stockade run -- poetry install",
        "pdm-source": "stockade run -- pdm install",
        "pipenv-source": "stockade run -- pipenv install",
    }
    machine.write("pyproject.toml", f'[[tool.poetry.source]]\nurl = "{GATE}"\n')
    machine.write("Pipfile", f'[[source]]\nurl = "{GATE}"\n')
    assert passable(project_roads(machine.cwd, GATE)) == {}


@pytest.mark.parametrize(
    ("name", "text", "close"),
    [
        ("uv.lock", '[[package]]\nsource = { registry = "https://a.example/" }\n', "uv sync"),
        ("poetry.lock", 'url = "https://me:word@a.example/x"\n', "poetry install"),
        ("Pipfile.lock", '{"_meta": {"sources": [{"url": "https://a.example/"}]}}', "pipenv install"),
        ("pylock.dev.toml", 'url = "https://a.example/x.whl"', "pip install -r pylock.dev.toml"),
        (
            "requirements-dev.txt",
            "--index-url https://a.example/\na\n",
            "pip install -r requirements-dev.txt",
        ),
        ("requirements.txt", "a @ https://[::1/x\n", "pip install -r requirements.txt"),
    ],
)
def test_locks_whose_urls_lead_past_the_gate(machine: Machine, name: str, text: str, close: str) -> None:
    machine.write(name, text)
    assert passable(project_roads(machine.cwd, GATE))["lock-url"] == f"stockade run -- {close}"


def test_locks_that_do_not(machine: Machine) -> None:
    machine.write("requirements.txt", "# from https://a.example/\na==1  # https://b.example\n")
    assert project_roads(machine.cwd, GATE) == []
    machine.write("uv.lock", f'source = {{ registry = "{GATE}" }}\n')
    (road,) = project_roads(machine.cwd, GATE)
    assert (road.id, road.state) == ("lock-gate", State.ADVICE)


def test_caches(machine: Machine) -> None:
    assert passable(cache_roads(machine.world(), None)) == {}
    machine.write("~/.cache/pip/http-v2/a/b", "x")
    machine.write("~/.cache/uv/archive-v0/x/y", "x")
    machine.write("~/.cache/uv/simple-v16/x/y", "x")
    both = {"pip-cache": "pip cache purge", "uv-cache": "uv cache clean"}
    assert passable(cache_roads(machine.world(), None)) == both
    now = datetime.now(UTC)
    assert passable(cache_roads(machine.world(), now + timedelta(seconds=60))) == both
    assert passable(cache_roads(machine.world(), now - timedelta(hours=1))) == {}


def test_a_time_that_an_archive_sets_counts_for_nothing(machine: Machine) -> None:
    since = datetime.now(UTC) - timedelta(hours=1)
    path = machine.write("~/.cache/uv/wheels-v5/x/y", "x")
    os.utime(path, (1, 1))
    assert passable(cache_roads(machine.world(), since)) == {}
    os.utime(path, (time.time() + 9e6, time.time() + 9e6))
    assert passable(cache_roads(machine.world(), datetime.now(UTC) + timedelta(seconds=60))) == {
        "uv-cache": "uv cache clean"
    }


def test_a_cache_that_is_elsewhere(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.write("~/one/http/x", "x")
    machine.write("~/two/archive-v0/x", "x")
    machine.env |= {"PIP_CACHE_DIR": "~/one", "UV_CACHE_DIR": "~/two"}
    assert set(passable(cache_roads(machine.world(), None))) == {"pip-cache", "uv-cache"}
    machine.env.clear()
    machine.write(PIP, "[global]\ncache-dir = ~/one\n")
    machine.write(UV, 'cache-dir = "~/two"\n')
    assert set(passable(cache_roads(machine.world(), None))) == {"pip-cache", "uv-cache"}
    monkeypatch.setattr(limits, "MAX_CACHE_LOOKED_AT", 0)
    long_ago = datetime(2000, 1, 1, tzinfo=UTC)
    assert set(passable(cache_roads(machine.world(), long_ago))) == {"pip-cache", "uv-cache"}
    machine.write(PIP, "x\n")
    machine.write(UV, "x\n")
    assert passable(cache_roads(machine.world(), None)) == {}
    machine.platform = "darwin"
    machine.write("~/Library/Caches/pip/http/x", "x")
    assert set(passable(cache_roads(machine.world(), None))) == {"pip-cache"}


def test_logins_that_others_can_read(machine: Machine) -> None:
    netrc = machine.write("~/.netrc", "machine a.example login me password word\n")
    config = machine.write(PIP, "[global]\nindex-url = https://me:word@a.example/\n")
    machine.write(UV, "offline = false\n")
    netrc.chmod(0o644)
    assert passable(login_roads(machine.world())) == {
        "netrc-readable": f"chmod 600 {netrc}",
        "login-readable": f"chmod 600 {config}",
    }
    netrc.chmod(0o600)
    config.chmod(0o600)
    assert passable(login_roads(machine.world())) == {}


class Health(BaseHTTPRequestHandler):
    """Answers its health page."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/-/health" else 503)
        self.end_headers()
        if self.path != "/else":
            self.wfile.write(b'{"stockade": "1", "trouble": "the disk is full"}')

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def gate() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Health)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield index_url("127.0.0.1", server.server_port)
    server.shutdown()
    server.server_close()


JOURNAL = Journal(gate=GATE, at=NOW)


def test_a_gate_that_answers(gate: str) -> None:
    assert gate_road(gate, None, ask=False).state is State.CLOSED
    assert answers(gate) == "it says: the disk is full"
    assert "no gate" in answers(gate.replace("/simple/", "/else"))


def test_a_gate_that_does_not(gate: str) -> None:
    dead = index_url("127.0.0.1", 9)
    assert gate_road(dead, None, ask=False).state is State.ADVICE
    road = gate_road(dead, JOURNAL, ask=False)
    assert (road.state, road.close) == (State.OPEN, "stockade serve")
    far = "https://gate.invalid/simple/"
    assert gate_road(far, JOURNAL, ask=False).close == "stockade doctor --ask-gate"


def test_walls() -> None:
    assert [one.state for one in wall_roads((Wall("seccomp", up=True),))] == [State.CLOSED]
    (road,) = wall_roads((Wall("seccomp", up=False, why="the kernel refused"),))
    assert road.state is State.OPEN and "the kernel refused" in road.what


def test_ages(tmp_path: Path) -> None:
    built = tmp_path / "reference.bin"
    built.write_bytes(b"")
    os.utime(built, (NOW.timestamp(), NOW.timestamp()))
    assert list(age_roads("December 2029", built, NOW)) == []
    assert list(age_roads("once", tmp_path / "gone", NOW)) == []
    os.utime(built, (1, 1))
    assert [one.id for one in age_roads("April 2029", built, NOW)] == ["names-old", "reference-old"]
    assert all(one.state is State.ADVICE for one in age_roads("April 2029", built, NOW))
