"""pip's configuration is read as pip reads it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from stockade.acquire.index.pip_settings import read_pip
from stockade.acquire.index.settings import SourceKind, default_index
from stockade.errors import UsageError
from tests.support.machine import Machine


def conf(**keys: str) -> str:
    """A pip.conf with a [global] section."""
    lines = [f"{key.replace('_', '-')} = {value}" for key, value in keys.items()]
    return "\n".join(["[global]", *lines, ""])


def test_without_configuration_it_is_pips_own_default(machine: Machine) -> None:
    settings = machine.settings()
    assert settings.installer == "pip"
    assert [one.url for one in settings.sources] == [default_index()]
    assert settings.notes == ()


def test_later_files_win(machine: Machine) -> None:
    places = ["/etc/xdg/pip/pip.conf", "/etc/pip.conf", "~/.pip/pip.conf", "~/.config/pip/pip.conf"]
    for number, place in enumerate(places):
        machine.write(place, conf(index_url=f"https://{number}.invalid/simple"))
        assert machine.urls() == [f"https://{number}.invalid/simple"]
    machine.env["VIRTUAL_ENV"] = str(machine.folder / "venv")
    (machine.folder / "venv").mkdir()
    (machine.folder / "venv" / "pip.conf").write_text(conf(index_url="https://venv.invalid/simple"))
    assert machine.urls() == ["https://venv.invalid/simple"]
    named = machine.write("own.conf", conf(index_url="https://named.invalid/simple"))
    machine.env["PIP_CONFIG_FILE"] = str(named)
    assert machine.urls() == ["https://named.invalid/simple"]
    machine.env["PIP_INDEX_URL"] = "https://variable.invalid/simple"
    assert machine.urls() == ["https://variable.invalid/simple"]


def test_the_install_section_wins_wherever_it_stands(machine: Machine) -> None:
    machine.write("/etc/pip.conf", "[install]\nindex-url = https://install.invalid/simple\n")
    machine.write("~/.config/pip/pip.conf", conf(index_url="https://global.invalid/simple"))
    assert machine.urls() == ["https://install.invalid/simple"]


def test_a_named_file_takes_the_place_of_the_persons(machine: Machine) -> None:
    machine.write("~/.config/pip/pip.conf", conf(index_url="https://person.invalid/simple"))
    machine.write("/etc/pip.conf", conf(extra_index_url="https://system.invalid/simple"))
    named = machine.write("own.conf", "[global]\n")
    machine.env["PIP_CONFIG_FILE"] = str(named)
    assert machine.urls() == ["https://system.invalid/simple", default_index()]


def test_dev_null_means_no_file_at_all(machine: Machine) -> None:
    machine.write("/etc/pip.conf", conf(index_url="https://system.invalid/simple"))
    machine.env["PIP_CONFIG_FILE"] = os.devnull
    assert machine.urls() == [default_index()]


def test_xdg_folders(machine: Machine) -> None:
    machine.env |= {"XDG_CONFIG_HOME": str(machine.home / "xdg"), "XDG_CONFIG_DIRS": "/etc/one:/etc/two"}
    machine.write("/etc/two/pip/pip.conf", conf(index_url="https://two.invalid/simple"))
    assert machine.urls() == ["https://two.invalid/simple"]
    machine.write("~/xdg/pip/pip.conf", conf(index_url="https://home.invalid/simple"))
    assert machine.urls() == ["https://home.invalid/simple"]


def test_folders_of_macos(machine: Machine) -> None:
    apple = Machine(machine.folder, machine.env, platform="darwin")
    apple.write("/Library/Application Support/pip/pip.conf", conf(index_url="https://system.invalid/simple"))
    assert apple.urls() == ["https://system.invalid/simple"]
    apple.write("~/.config/pip/pip.conf", conf(index_url="https://dotconfig.invalid/simple"))
    assert apple.urls() == ["https://dotconfig.invalid/simple"]
    apple.write(
        "~/Library/Application Support/pip/pip.conf", conf(index_url="https://library.invalid/simple")
    )
    assert apple.urls() == ["https://library.invalid/simple"]


def test_lists_are_split_and_replaced_as_a_whole(machine: Machine) -> None:
    machine.write(
        "/etc/pip.conf",
        "[global]\nindex_url = https://a.invalid/simple\n"
        "extra-index-url =\n    https://b.invalid/simple\n    https://c.invalid/simple https://d.invalid/simple\n",
    )
    assert machine.urls() == [f"https://{name}.invalid/simple" for name in "abcd"]
    machine.env["PIP_EXTRA_INDEX_URL"] = "https://e.invalid/simple"
    assert machine.urls() == ["https://a.invalid/simple", "https://e.invalid/simple"]


def test_find_links_are_folders_files_or_pages(machine: Machine) -> None:
    machine.env["PIP_FIND_LINKS"] = "~/wheels ./here file:///opt/there https://links.invalid/page.html"
    links = [one for one in machine.settings().sources if one.kind is SourceKind.LINKS]
    assert [one.url for one in links] == [
        (machine.home / "wheels").as_uri(),
        (machine.cwd / "here").as_uri(),
        "file:///opt/there",
        "https://links.invalid/page.html",
    ]


def test_no_index_leaves_find_links_alone(machine: Machine) -> None:
    machine.env |= {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "/wheels"}
    assert machine.urls() == ["file:///wheels"]
    machine.env["PIP_NO_INDEX"] = "false"
    assert machine.urls()[-1] == default_index()


def test_everything_else(machine: Machine) -> None:
    machine.write(
        "/etc/pip.conf",
        conf(
            cert="~/ca.pem",
            client_cert="/etc/client.pem",
            proxy="user:pw@proxy.invalid:3128",
            trusted_host="a.invalid\n  B.invalid:8080",
            timeout="7",
            keyring_provider="import",
        ),
    )
    settings = machine.settings()
    assert settings.ca == machine.home / "ca.pem"
    assert settings.client == Path("/etc/client.pem")
    assert settings.proxies.https is not None
    assert settings.proxies.https.reveal() == "http://user:pw@proxy.invalid:3128"
    assert settings.trusted == ("a.invalid", "b.invalid:8080")
    assert settings.timeout == 7.0
    assert settings.keyring
    assert sum("certificate is not checked" in note for note in settings.notes) == 2


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"])
def test_bundles_of_the_environment(machine: Machine, name: str) -> None:
    machine.env[name] = "/etc/bundle.pem"
    assert machine.settings().ca == Path("/etc/bundle.pem")
    machine.env["PIP_CERT"] = "/etc/own.pem"
    assert machine.settings().ca == Path("/etc/own.pem")


def test_time_outs_are_bounded(machine: Machine) -> None:
    machine.env["PIP_DEFAULT_TIMEOUT"] = "1e9"
    assert machine.settings().timeout == 600.0
    machine.env["PIP_TIMEOUT"] = "0.001"
    assert machine.settings().timeout == 1.0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[global\nindex-url = https://u:geheim@a.invalid/\n", "cannot be read as pip's configuration"),
        ("no section = https://u:geheim@a.invalid/\n", "cannot be read as pip's configuration"),
        (conf(index_url="https://u:geheim@[a.invalid/simple"), "index-url of"),
        (conf(index_url="ftp://u:geheim@a.invalid/simple"), "neither http, https nor file"),
        (conf(index_url="https:///simple"), "names no host"),
        (conf(timeout="soon"), "timeout of"),
        (conf(no_index="perhaps"), "neither true nor false"),
    ],
)
def test_what_pip_would_refuse_is_refused_without_showing_it(machine: Machine, text: str, says: str) -> None:
    path = machine.write("/etc/pip.conf", text)
    with pytest.raises(UsageError, match=says) as refused:
        machine.settings()
    assert "geheim" not in str(refused.value)
    assert str(path) in str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__context__ is None or refused.value.__suppress_context__


def test_bytes_that_are_no_text(machine: Machine) -> None:
    machine.write("/etc/pip.conf", "").write_bytes(b"[global]\nindex-url = \xff\xfe\n")
    with pytest.raises(UsageError, match=r"pip\.conf cannot be read"):
        machine.settings()


def test_origin_names_files_and_variables(machine: Machine) -> None:
    path = machine.write("/etc/pip.conf", conf(index_url="https://a.invalid/simple"))
    machine.env["PIP_EXTRA_INDEX_URL"] = "https://b.invalid/simple"
    assert read_pip(machine.world()).origin == (str(path), "PIP_EXTRA_INDEX_URL")


def test_pip_itself_agrees(machine: Machine) -> None:
    """The real pip, in the same made-up home, lists the values that we use."""
    machine.write("~/.pip/pip.conf", conf(index_url="https://legacy.invalid/simple", timeout="3"))
    machine.write("~/.config/pip/pip.conf", "[install]\nindex_url = https://new.invalid/simple\n")
    env = {"HOME": str(machine.home), "PATH": os.environ["PATH"], "XDG_CONFIG_DIRS": str(machine.folder)}
    command = [sys.executable, "-m", "pip", "config", "list"]
    listed = subprocess.run(command, env=env, cwd=machine.cwd, capture_output=True, text=True, timeout=30)
    assert "install.index-url='https://new.invalid/simple'" in listed.stdout
    assert "global.index-url='https://legacy.invalid/simple'" in listed.stdout
    settings = machine.settings()
    assert ([one.url for one in settings.sources], settings.timeout) == (["https://new.invalid/simple"], 3.0)
