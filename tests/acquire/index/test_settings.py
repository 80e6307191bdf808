"""Which installer's settings hold, what the command line adds, and that no secret is ever shown."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from stockade.acquire.index.credentials import Secret
from stockade.acquire.index.settings import IndexFlags, proxies_of
from stockade.errors import UsageError
from tests.support.machine import Machine


def test_uv_wins_where_both_are_set_up_and_the_difference_is_said(machine: Machine) -> None:
    machine.env |= {
        "PIP_INDEX_URL": "https://pip.invalid/simple",
        "UV_DEFAULT_INDEX": "https://uv.invalid/simple",
    }
    settings = machine.settings()
    assert (settings.installer, [one.url for one in settings.sources]) == (
        "uv",
        ["https://uv.invalid/simple"],
    )
    assert any("PIP_INDEX_URL" in note and "--installer pip" in note for note in settings.notes)
    assert machine.urls(IndexFlags(installer="pip")) == ["https://pip.invalid/simple"]
    assert machine.settings(IndexFlags(installer="uv")).notes == ()


def test_the_same_index_twice_is_no_difference(machine: Machine) -> None:
    machine.env |= {
        "PIP_INDEX_URL": "https://one.invalid/simple/",
        "UV_DEFAULT_INDEX": "https://one.invalid/simple",
    }
    assert machine.settings().notes == ()


def test_a_broken_pip_configuration_does_not_stop_uv(machine: Machine) -> None:
    machine.write("/etc/pip.conf", "[")
    machine.env["UV_DEFAULT_INDEX"] = "https://uv.invalid/simple"
    assert machine.settings().notes == ()


def test_flags_override(machine: Machine) -> None:
    machine.env |= {
        "PIP_INDEX_URL": "https://conf.invalid/simple",
        "PIP_EXTRA_INDEX_URL": "https://extra.invalid/simple",
        "PIP_FIND_LINKS": "/wheels",
    }
    flags = IndexFlags(
        index_url="https://flag.invalid/simple",
        extra_index_urls=("https://more.invalid/simple",),
        find_links=("links",),
        ca=Path("/ca.pem"),
        client=Path("/client.pem"),
        proxy="http://proxy.invalid",
        trusted=("t.invalid",),
        keyring=True,
    )
    settings = machine.settings(flags)
    assert [one.url for one in settings.sources] == [
        "https://more.invalid/simple",
        "https://flag.invalid/simple",
        "file:///wheels",
        (machine.cwd / "links").as_uri(),
    ]
    assert (settings.ca, settings.client) == (Path("/ca.pem"), Path("/client.pem"))
    assert settings.proxies.http == Secret("http://proxy.invalid")
    assert settings.trusted == ("t.invalid",)
    assert settings.keyring
    assert machine.urls(IndexFlags(no_index=True)) == ["file:///wheels"]


def test_plain_http_is_remarked_upon_but_not_on_loopback(machine: Machine) -> None:
    machine.env["PIP_INDEX_URL"] = "http://index.invalid/simple"
    assert any("plain http" in note for note in machine.settings().notes)
    for host in ("localhost", "127.0.0.1:8000", "[::1]"):
        machine.env["PIP_INDEX_URL"] = f"http://{host}/simple"
        assert machine.settings().notes == ()


def test_netrc_is_where_it_is_named_or_in_the_home(machine: Machine) -> None:
    assert machine.settings().netrc is None
    path = machine.write("~/.netrc", "")
    assert machine.settings().netrc == path
    machine.env["NETRC"] = "/etc/netrc"
    assert machine.settings().netrc == Path("/etc/netrc")


def test_proxies_of_the_environment() -> None:
    found = proxies_of(
        None, {"HTTP_PROXY": "one.invalid:1", "all_proxy": "http://two.invalid", "NO_PROXY": "A.invalid, *"}
    )
    assert found.http == Secret("http://one.invalid:1")
    assert found.https == Secret("http://two.invalid")
    assert found.bypass == ("a.invalid", "*")
    assert proxies_of(None, {}).http is None


def test_no_secret_shows(machine: Machine) -> None:
    machine.env |= {
        "PIP_INDEX_URL": "https://benutzer:geheim@a.invalid/simple",
        "PIP_EXTRA_INDEX_URL": "https://token-geheim@b.invalid/simple",
        "PIP_PROXY": "http://benutzer:geheim@proxy.invalid",
    }
    settings = machine.settings()
    shown = f"{settings!r} {settings} {settings.notes} {[one.label for one in settings.sources]}"
    assert "geheim" not in shown
    assert "benutzer" not in shown
    first = settings.sources[0].login
    assert first is not None
    assert (first.user.reveal(), first.password.reveal()) == ("benutzer", "geheim")
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(first)
    assert hash(Secret("a")) == hash(Secret("a"))
    assert Secret("a") != "a"


def test_a_flag_that_is_no_url(machine: Machine) -> None:
    with pytest.raises(UsageError, match="--index-url"):
        machine.settings(IndexFlags(index_url="https://[geheim"))


def test_reading_settings_does_not_import_an_http_client() -> None:
    code = (
        "import sys, pathlib; from stockade.acquire.index.settings import index_settings\n"
        "from stockade.acquire.index import simple; import stockade.acquire.fetch\n"
        "index_settings({}, home=pathlib.Path('/nowhere'), cwd=pathlib.Path('/nowhere'))\n"
        "print([name for name in ('httpx', 'requests', 'pip._internal.network') if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30)
    assert ran.stdout.strip() == "[]", ran.stderr
