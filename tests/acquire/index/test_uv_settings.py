"""uv's configuration is read as uv reads it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from stockade.acquire.index.settings import SourceKind, Strategy, default_index
from stockade.acquire.index.uv_settings import is_uv_here
from stockade.errors import UsageError
from stockade.model.project import ProjectName
from tests.support.machine import Machine


def index(url: str, **more: str) -> str:
    """One [[index]] table of a uv.toml."""
    lines = [f'url = "{url}"', *(f"{key} = {value}" for key, value in more.items())]
    return "\n".join(["[[index]]", *lines, ""])


def test_a_lock_or_any_setting_means_uv(machine: Machine) -> None:
    assert not is_uv_here(machine.world())
    machine.write("../uv.lock", "")
    assert is_uv_here(machine.world())
    assert machine.settings().installer == "uv"
    assert machine.urls() == [default_index()]


@pytest.mark.parametrize("name", ["UV_DEFAULT_INDEX", "UV_INDEX", "UV_FIND_LINKS", "UV_EXTRA_INDEX_URL"])
def test_a_variable_means_uv(machine: Machine, name: str) -> None:
    machine.env[name] = "https://a.invalid/simple"
    assert machine.settings().installer == "uv"


def test_a_pyproject_without_uv_does_not_mean_uv(machine: Machine) -> None:
    machine.write("pyproject.toml", "[project]\nname = 'x'\n[tool.black]\n")
    assert machine.settings().installer == "pip"
    machine.write("pyproject.toml", "[tool.uv]\n")
    assert machine.settings().installer == "uv"


def test_indexes_in_order_the_default_last(machine: Machine) -> None:
    machine.write(
        "uv.toml",
        index("https://default.invalid/simple", default="true")
        + index("https://one.invalid/simple", name='"one"')
        + index("https://two.invalid/simple"),
    )
    settings = machine.settings()
    assert [one.url for one in settings.sources] == [
        "https://one.invalid/simple",
        "https://two.invalid/simple",
        "https://default.invalid/simple",
    ]
    assert settings.strategy is Strategy.FIRST


def test_project_over_user_over_system(machine: Machine) -> None:
    machine.write("/etc/uv/uv.toml", 'index-url = "https://system.invalid/simple"\n')
    assert machine.urls() == ["https://system.invalid/simple"]
    machine.write("~/.config/uv/uv.toml", 'index-url = "https://user.invalid/simple"\n')
    assert machine.urls() == ["https://user.invalid/simple"]
    machine.write(
        "../pyproject.toml",
        '[tool.uv]\nindex-url = "https://project.invalid/simple"\nextra-index-url = ["https://x.invalid/simple"]\n',
    )
    assert machine.urls() == ["https://x.invalid/simple", "https://project.invalid/simple"]
    machine.write("../uv.toml", 'index-url = "https://toml.invalid/simple"\n')
    assert machine.urls() == ["https://toml.invalid/simple"]


def everything(machine: Machine) -> None:
    """A project and a user with every way to name an index."""
    machine.write(
        "../uv.toml",
        'index-url = "https://top.invalid/simple"\nextra-index-url = ["https://extra.invalid/simple"]\n'
        'find-links = ["./wheels"]\n'
        + index("https://one.invalid/simple", name='"one"')
        + index("../flat", format='"flat"')
        + '[pip]\nindex-url = "https://pip.invalid/simple"\nextra-index-url = ["https://pipextra.invalid/simple"]\n',
    )
    machine.write(
        "~/.config/uv/uv.toml",
        index("https://user.invalid/simple", name='"user"')
        + index("https://shadow.invalid/simple", name='"one"')
        + index("https://userdefault.invalid/simple", default="true"),
    )
    machine.env |= {"UV_INDEX": "own=https://own.invalid/simple", "UV_FIND_LINKS": "here"}
    machine.env |= {"UV_EXTRA_INDEX_URL": "https://envextra.invalid/simple"}


#: In which order, for `uv pip` and for `uv sync`.
EVERYTHING = {
    False: ["own", "envextra", "one", "flat", "user", "pipextra", "extra", "userdefault", "here", "wheels"],
    True: ["own", "one", "flat", "user", "envextra", "extra", "userdefault", "here", "wheels"],
}


def short(url: str) -> str:
    """``one`` of ``https://one.invalid/simple`` and of ``file:///…/one``."""
    return url.removeprefix("https://").partition(".invalid")[0].rpartition("/")[2]


@pytest.mark.parametrize("locked", [False, True])
def test_every_way_at_once(machine: Machine, locked: bool) -> None:
    everything(machine)
    if locked:
        machine.write("uv.lock", "")
    assert [short(url) for url in machine.urls()] == EVERYTHING[locked]
    machine.env["UV_DEFAULT_INDEX"] = "https://variable.invalid/simple"
    assert "variable" in map(short, machine.urls())
    assert "userdefault" not in map(short, machine.urls())


@pytest.mark.parametrize("locked", [False, True])
def test_uv_itself_agrees(machine: Machine, locked: bool) -> None:
    """The real uv, in the same made-up home, names the same indexes in the same order."""
    from uv import find_uv_bin

    everything(machine)
    machine.write("pyproject.toml", '[project]\nname = "x"\nversion = "1"\nrequires-python = ">=3.11"\n')
    if locked:
        machine.write("uv.lock", "")
    env = machine.env | {"HOME": str(machine.home), "XDG_CONFIG_DIRS": str(machine.folder)}
    command = [find_uv_bin(), "--offline", "--show-settings"] + (
        ["lock"] if locked else ["pip", "compile", "-"]
    )
    ran = subprocess.run(
        command, env=env, cwd=machine.cwd, input="", capture_output=True, text=True, timeout=30, check=True
    )
    shown = ran.stdout[ran.stdout.index("index_locations") : ran.stdout.index("no_index")]
    urls = re.findall(r'given: Some\(\s*"([^"]+)"', shown)
    defaults = re.findall(r"\bdefault: (true|false)", shown)
    pairs = [(short(url), default) for url, default in zip(urls, defaults, strict=True)]
    # What uv itself drops only later: a name that was there before, and all defaults but the first.
    ordinary = [name for name, default in pairs if default == "false" and name != "shadow"]
    beside = ["here", "wheels"]
    first_default = next(name for name, default in pairs if default == "true")
    assert ordinary[-2:] == beside
    assert [*ordinary[:-2], first_default, *beside] == EVERYTHING[locked]


def test_files_that_the_environment_chooses(machine: Machine) -> None:
    machine.write("/etc/uv/uv.toml", 'index-url = "https://system.invalid/simple"\n')
    named = machine.write("other.toml", 'index-url = "https://named.invalid/simple"\n')
    machine.env["UV_CONFIG_FILE"] = str(named)
    assert machine.urls() == ["https://named.invalid/simple"]
    named.unlink()
    with pytest.raises(UsageError, match="UV_CONFIG_FILE names"):
        machine.settings()
    machine.env |= {"UV_NO_CONFIG": "1", "UV_INDEX_URL": "https://variable.invalid/simple"}
    assert machine.urls() == ["https://variable.invalid/simple"]


def test_the_pip_table_holds_where_there_is_no_project_of_uvs(machine: Machine) -> None:
    text = 'index-url = "https://top.invalid/simple"\n[pip]\nindex-url = "https://pip.invalid/simple"\n'
    machine.write("uv.toml", text)
    assert machine.urls() == ["https://pip.invalid/simple"]
    assert machine.settings().notes == ()
    machine.write("uv.lock", "")
    assert machine.urls() == ["https://top.invalid/simple"]


def test_explicit_indexes_and_pins(machine: Machine) -> None:
    machine.write(
        "pyproject.toml",
        '[[tool.uv.index]]\nname = "special"\nurl = "https://special.invalid/simple"\nexplicit = true\n'
        '[tool.uv.sources]\nTorch = { index = "special" }\nlocal = { path = "x" }\n'
        'several = [{ git = "y" }, { index = "special", marker = "z" }]\n',
    )
    settings = machine.settings()
    assert settings.sources[0].explicit
    assert settings.sources[0].name == "special"
    assert settings.pins == {ProjectName("torch"): "special", ProjectName("several"): "special"}


def test_pins_stand_in_pyproject_even_beside_a_uv_toml(machine: Machine) -> None:
    machine.write("uv.toml", index("https://special.invalid/simple", name='"special"'))
    machine.write("pyproject.toml", '[tool.uv.sources]\ntorch = { index = "special" }\n')
    assert machine.settings().pins == {ProjectName("torch"): "special"}


def test_flat_indexes_and_find_links_are_relative_to_their_file(machine: Machine) -> None:
    machine.write("../uv.toml", 'find-links = ["./wheels"]\n' + index("../flat", format='"flat"'))
    machine.env["UV_FIND_LINKS"] = "here,https://links.invalid/page"
    found = [(one.url, one.kind) for one in machine.settings().sources if one.kind is not SourceKind.SIMPLE]
    assert found == [
        ((machine.cwd.parent / "../flat").as_uri(), SourceKind.FLAT),
        ((machine.cwd / "here").as_uri(), SourceKind.LINKS),
        ("https://links.invalid/page", SourceKind.LINKS),
        ((machine.cwd.parent / "wheels").as_uri(), SourceKind.LINKS),
    ]


def test_logins_of_named_indexes(machine: Machine) -> None:
    machine.env |= {
        "UV_INDEX": "my-own=https://own.invalid/simple other=https://other.invalid/simple",
        "UV_INDEX_MY_OWN_USERNAME": "somebody",
        "UV_INDEX_MY_OWN_PASSWORD": "geheim",
    }
    own, other = machine.settings().sources[:2]
    assert own.login is not None
    assert (own.login.user.reveal(), own.login.password.reveal()) == ("somebody", "geheim")
    assert other.login is None


def test_everything_else(machine: Machine) -> None:
    machine.write(
        "uv.toml",
        'no-index = true\nfind-links = ["/wheels"]\nindex-strategy = "unsafe-best-match"\n'
        'keyring-provider = "subprocess"\nallow-insecure-host = ["bad.invalid"]\n',
    )
    machine.env |= {
        "SSL_CERT_FILE": "/etc/ca.pem",
        "SSL_CLIENT_CERT": "/etc/client.pem",
        "UV_INSECURE_HOST": "worse.invalid",
        "UV_HTTP_TIMEOUT": "9",
        "HTTPS_PROXY": "http://proxy.invalid:3128",
    }
    settings = machine.settings()
    assert [one.url for one in settings.sources] == ["file:///wheels"]
    assert settings.strategy is Strategy.MERGE
    assert settings.keyring
    assert settings.trusted == ("worse.invalid", "bad.invalid")
    assert (settings.ca, settings.client) == (Path("/etc/ca.pem"), Path("/etc/client.pem"))
    assert settings.timeout == 9.0
    assert settings.proxies.https is not None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("index-url = https://u:geheim@a.invalid\n", "cannot be read as TOML"),
        ('index = "https://u:geheim@a.invalid"\n', "index of .* is not a list"),
        ('[[index]]\nname = "geheim"\n', "has no url"),
        ("index = [3]\n", "has no url"),
        ("index-url = 3\n", "is not a text"),
        ('[sources]\n"../geheim" = { index = "x" }\n', "no project name"),
    ],
)
def test_what_uv_would_refuse_is_refused_without_showing_it(machine: Machine, text: str, says: str) -> None:
    if text.startswith("[sources]"):
        machine.write("pyproject.toml", text.replace("[sources]", "[tool.uv.sources]"))
    else:
        machine.write("uv.toml", text)
    with pytest.raises(UsageError, match=says) as refused:
        machine.settings()
    assert "geheim" not in str(refused.value)


def test_a_time_out_that_is_none(machine: Machine) -> None:
    machine.env |= {"UV_INDEX": "https://a.invalid/simple", "HTTP_TIMEOUT": "soon"}
    with pytest.raises(UsageError, match="HTTP_TIMEOUT is not a number"):
        machine.settings()


def test_a_tool_table_that_is_none(machine: Machine) -> None:
    machine.write("pyproject.toml", "tool = 3\n")
    assert machine.settings().installer == "pip"
