"""What a gated command finds in its environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from stockade.act.gate.environment import (
    BUNDLES,
    CACHES,
    PROXIES,
    Door,
    child_environment,
    poetry_environments,
)
from tests.support.machine import Machine

DOOR = Door(
    host="127.0.0.1",
    port=4711,
    token="t0ken",
    bundle=Path("/run/bundle.pem"),
    cache=Path("/cache/own"),
    seconds=600,
)
GATE = "http://stockade:t0ken@127.0.0.1:4711"


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def child(machine: Machine, *argv: str) -> dict[str, str]:
    return child_environment(machine.world(), argv or ("pip", "install", "alpha"), DOOR)


def test_every_client_is_led_to_the_gate_trusts_it_and_keeps_its_files_apart(machine: Machine) -> None:
    machine.env = {"PATH": "/bin", "https_proxy": "http://user:secret@proxy.example:1", "NO_PROXY": "*"}
    env = child(machine)
    assert env["PATH"] == "/bin"
    assert {env[name] for name in PROXIES} == {GATE}
    assert env["NO_PROXY"] == env["no_proxy"] == ""
    assert {env[name] for name in BUNDLES} == {"/run/bundle.pem"}
    assert {env[name] for name in CACHES} == {f"/cache/own/{folder}" for folder in CACHES.values()}
    assert "secret" not in str(env)


def test_nothing_else_changes(machine: Machine) -> None:
    machine.env = {
        "PIP_INDEX_URL": "https://index.example/simple/",
        "UV_TOOL_DIR": "/tools",
        "XDG_CACHE_HOME": "/c",
        "PIPX_HOME": "/px",
    }
    assert machine.env.items() <= child(machine).items()


def test_waits_are_raised_and_never_cut_short(machine: Machine) -> None:
    machine.env = {"PIP_TIMEOUT": "5", "UV_REQUEST_TIMEOUT": "9000", "PDM_REQUEST_TIMEOUT": "x"}
    env = child(machine)
    assert env["PIP_DEFAULT_TIMEOUT"] == "600" and "PIP_TIMEOUT" not in env
    assert env["UV_HTTP_TIMEOUT"] == "9000" and "UV_REQUEST_TIMEOUT" not in env
    assert env["PDM_REQUEST_TIMEOUT"] == env["POETRY_REQUESTS_TIMEOUT"] == "600"


def test_pips_own_proxy_is_outdone_only_where_there_is_one(machine: Machine) -> None:
    assert "PIP_PROXY" not in child(machine)
    machine.write("~/.config/pip/pip.conf", "[install]\nproxy = http://elsewhere.example\n")
    env = child(machine)
    assert env["PIP_PROXY"] == GATE and env["PIP_NO_PROXY_ENV"] == "0"


@pytest.mark.parametrize("name", ["PIP_PROXY", "PIP_NO_PROXY_ENV"])
def test_pips_own_proxy_in_a_variable_is_outdone(machine: Machine, name: str) -> None:
    machine.env = {name: "1"}
    assert child(machine)["PIP_PROXY"] == GATE


def test_an_isolated_pip_reads_no_variable_of_pips_so_its_cache_is_moved_otherwise(machine: Machine) -> None:
    env = child(machine, "pip", "--isolated", "install", "alpha")
    assert env["XDG_CACHE_HOME"] == "/cache/own/isolated"


def test_a_bundle_that_another_library_reads_is_changed_where_it_is_set(machine: Machine) -> None:
    machine.env = {"AWS_CA_BUNDLE": "/corporate.pem"}
    env = child(machine)
    assert env["AWS_CA_BUNDLE"] == "/run/bundle.pem"
    assert "HTTPLIB2_CA_CERTS" not in env


def test_git_goes_through_the_gate_and_by_no_other_transport(machine: Machine) -> None:
    machine.env = {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "a.b",
        "GIT_CONFIG_VALUE_0": "c",
        "GIT_ALLOW_PROTOCOL": "https:ext",
    }
    env = child(machine)
    assert env["GIT_CONFIG_COUNT"] == "2"
    assert (env["GIT_CONFIG_KEY_1"], env["GIT_CONFIG_VALUE_1"]) == ("http.proxy", GATE)
    assert env["GIT_CONFIG_KEY_0"] == "a.b"
    assert env["GIT_ALLOW_PROTOCOL"] == "https"
    assert "Stockade" in env["GIT_SSH_COMMAND"]


def test_ssh_can_be_left_open(machine: Machine) -> None:
    env = child_environment(machine.world(), ["make"], DOOR, ssh=True)
    assert "GIT_SSH_COMMAND" not in env


def test_the_door_hides_its_token_and_brackets_an_ipv6_host() -> None:
    door = Door(host="::1", port=1, token="t0ken", bundle=Path("b"), cache=Path("c"), seconds=1)
    assert "t0ken" not in repr(door)
    assert door.url == "http://stockade:t0ken@[::1]:1"


class TestPoetryEnvironments:
    """Moving poetry's cache must not move its environments."""

    def test_by_default_they_lie_in_its_cache(self, machine: Machine) -> None:
        assert poetry_environments(machine.world()) == str(machine.home / ".cache/pypoetry/virtualenvs")

    def test_xdg(self, machine: Machine) -> None:
        machine.env = {"XDG_CACHE_HOME": "/c"}
        assert poetry_environments(machine.world()) == "/c/pypoetry/virtualenvs"

    def test_on_a_mac(self, machine: Machine) -> None:
        machine.platform = "darwin"
        machine.write("~/Library/Application Support/pypoetry/config.toml", '[virtualenvs]\npath = "/m"\n')
        assert poetry_environments(machine.world()) == "/m"

    def test_a_mac_without_settings(self, machine: Machine) -> None:
        machine.platform = "darwin"
        assert poetry_environments(machine.world()).endswith("/home/Library/Caches/pypoetry/virtualenvs")

    def test_the_users_settings(self, machine: Machine) -> None:
        machine.write("~/.config/pypoetry/config.toml", 'cache-dir = "/big"\n')
        assert poetry_environments(machine.world()) == "/big/virtualenvs"

    def test_the_projects_settings_win(self, machine: Machine) -> None:
        machine.write("~/.config/pypoetry/config.toml", '[virtualenvs]\npath = "/user"\n')
        machine.write("pyproject.toml", "")
        machine.write("poetry.toml", '[virtualenvs]\npath = "{cache-dir}/mine"\n')
        machine.env = {"POETRY_CACHE_DIR": "/e"}
        assert poetry_environments(machine.world()) == "/e/mine"

    def test_a_variable_wins(self, machine: Machine) -> None:
        machine.env = {"POETRY_VIRTUALENVS_PATH": "/v", "POETRY_CONFIG_DIR": str(machine.home)}
        machine.write("~/config.toml", '[virtualenvs]\npath = "/user"\n')
        assert poetry_environments(machine.world()) == "/v"

    def test_a_broken_file_is_poetrys_to_refuse(self, machine: Machine) -> None:
        machine.env = {"POETRY_CONFIG_DIR": str(machine.home)}
        machine.write("~/config.toml", "[[[")
        assert poetry_environments(machine.world()).endswith("/pypoetry/virtualenvs")
