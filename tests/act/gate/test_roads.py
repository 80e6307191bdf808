"""Which roads past the gate a command line and the settings show."""

from __future__ import annotations

from pathlib import Path

import pytest

from stockade import limits
from stockade.act.gate.roads import Roads, open_roads
from tests.support.machine import Machine


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    machine = Machine(tmp_path)
    machine.cwd.mkdir(parents=True)
    return machine


def roads(machine: Machine, *argv: str) -> Roads:
    return open_roads(argv, machine.world())


@pytest.mark.parametrize(
    "argv",
    [
        "pip install alpha==1.0 -i https://index.example/simple/",
        "python -m pip install --trusted-host index.example -r nothing.txt",
        "uv sync --frozen",
        "uvx --from alpha tool",
        "poetry install",
        "make -f Makefile all",
        "pip install .",
        "pip install --find-links https://files.example/links/ alpha",
        "env DEBUG=1 pip install alpha",
        "",
    ],
)
def test_what_the_gate_sees_is_no_road(machine: Machine, argv: str) -> None:
    assert roads(machine, *argv.split()) == Roads()


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["pip", "install", "--proxy", "http://p.example", "alpha"], "--proxy leads past the gate"),
        (["pip", "install", "--proxy=", "alpha"], "--proxy leads past"),
        (["pip", "--no-proxy-env", "install", "alpha"], "--no-proxy-env leads past"),
        (["pipx", "install", "--pip-args=--proxy http://p.example", "alpha"], "--proxy leads past"),
        (["sh", "-c", "pip install --proxy '' alpha"], "--proxy leads past"),
        (["uv", "sync", "--cache-dir", "/warm"], "nobody may have judged"),
        (["sudo", "pip", "install", "alpha"], "run `sudo … stockade run -- COMMAND` instead"),
        (["docker", "build", "."], "`stockade serve`"),
        (["env", "-i", "pip", "install", "alpha"], "env takes the gate"),
        (["env", "-u", "HTTPS_PROXY", "pip", "install", "alpha"], "env takes the gate"),
        (["env", "NO_PROXY=*", "pip", "install", "alpha"], "NO_PROXY=… on the command line"),
        (["pip", "install", "svn+https://svn.example/alpha"], "svn+https: goes past"),
        (["pip", "install", "alpha @ hg+ssh://hg.example/alpha"], "hg+ssh: goes past"),
    ],
)
def test_what_leads_past(machine: Machine, argv: list[str], said: str) -> None:
    found = roads(machine, *argv)
    assert len(found.sentences) == 1
    assert said in found.sentences[0]


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        ("pip install git+https://git.example/alpha", "the gate refuses it"),
        ("pip install -e git+ssh://git@git.example/alpha", "the gate refuses it"),
        ("git clone git@git.example:alpha", "closed"),
        ("pip install --cert own.pem alpha", "without the gate's"),
        ("uv sync --offline", "fetches nothing"),
        ("pipx run alpha", "--no-cache"),
    ],
)
def test_what_will_fail_is_a_note(machine: Machine, argv: str, said: str) -> None:
    found = roads(machine, *argv.split())
    assert found.sentences == ()
    assert len(found.notes) == 1 and said in found.notes[0]


def test_an_unclosed_quote_is_split_all_the_same(machine: Machine) -> None:
    assert roads(machine, "sh", "-c", "pip install --proxy= 'alpha").sentences


def test_a_proxy_of_uvs_settings(machine: Machine) -> None:
    machine.write("uv.toml", 'https-proxy = "http://p.example"\n')
    assert "gives uv a proxy of its own" in roads(machine, "uv", "sync").sentences[0]
    assert roads(machine, "uv", "sync", "--no-config") == Roads()
    machine.write("sub/uv.toml", "")
    assert roads(machine, "uv", "sync", "--directory", "sub") == Roads()
    assert roads(machine, "uv", "sync", "--config-file", "uv.toml").sentences


def test_an_isolated_pip_takes_the_systems_proxy(machine: Machine) -> None:
    machine.write("/etc/pip.conf", "[global]\nproxy = http://p.example\n")
    assert roads(machine, "pip", "install", "alpha") == Roads()
    assert (
        "pip --isolated takes the proxy" in roads(machine, "pip", "--isolated", "install", "a").sentences[0]
    )


class TestFilesOfThisMachine:
    """What an installer would take from a folder is named, so that it can be judged first."""

    def test_find_links_on_the_command_line(self, machine: Machine) -> None:
        wheel = machine.write("links/alpha-1.0-py3-none-any.whl", "")
        machine.write("links/README.txt", "")
        for option in (["--find-links", "links"], ["-f", "links"], ["-flinks"], ["--find-links=links"]):
            assert roads(machine, "pip", "install", *option, "alpha").local == (wheel.resolve(),)

    @pytest.mark.parametrize(
        ("tool", "variable"), [("pip", "PIP_FIND_LINKS"), ("uv", "UV_FIND_LINKS"), ("make", "UV_FIND_LINKS")]
    )
    def test_find_links_in_the_environment(self, machine: Machine, tool: str, variable: str) -> None:
        wheel = machine.write("links/alpha-1.0.tar.gz", "")
        machine.env = {variable: str(machine.cwd / "links")}
        assert roads(machine, tool, "sync").local == (wheel.resolve(),)

    def test_a_local_index(self, machine: Machine) -> None:
        listed = machine.write("index/alpha/alpha-1.0-py3-none-any.whl", "")
        linked = machine.write("packages/beta-1.0-py3-none-any.whl", "")
        machine.write("index/beta/index.html", '<a href="../../packages/beta-1.0-py3-none-any.whl">x</a>')
        machine.write("index/not a name/index.html", "")
        url = (machine.cwd / "index").as_uri()
        found = roads(machine, "uv", "pip", "install", "--index", f"own={url}", "alpha")
        assert found.local == (listed.resolve(), linked.resolve())

    def test_paths_and_urls(self, machine: Machine) -> None:
        one = machine.write("one-1.0-py3-none-any.whl", "")
        two = machine.write("two-1.0.tar.gz", "")
        found = roads(
            machine,
            "pip",
            "install",
            "./one-1.0-py3-none-any.whl[extra]",
            f"two @ {two.as_uri()}#sha256=0",
            "./no.whl",
        )
        assert found.local == (one.resolve(), two.resolve())

    def test_requirements_files(self, machine: Machine) -> None:
        one = machine.write("deep/one-1.0-py3-none-any.whl", "")
        two = machine.write("deep/links/two-1.0-py3-none-any.whl", "")
        machine.write(
            "deep/more.txt", "./one-1.0-py3-none-any.whl\n--find-links links\n-r ../r.txt\n-i ::/\n"
        )
        machine.write("r.txt", "-r deep/more.txt\nalpha @ svn+ssh://svn.example/a\n")
        found = roads(machine, "pip", "install", "-r", "r.txt")
        assert found.local == (one.resolve(), two.resolve())
        assert "svn+ssh" in found.sentences[0]

    def test_what_is_no_requirements_file_is_left_alone(self, machine: Machine) -> None:
        machine.write("c", "--no-such-option\n")
        assert roads(machine, "sh", "-c", "c", "-r", "missing") == Roads()

    def test_a_pylock(self, machine: Machine) -> None:
        wheel = machine.write("one-1.0-py3-none-any.whl", "")
        machine.write(
            "pylock.toml",
            '[[packages]]\nname = "one"\nwheels = [{path = "one-1.0-py3-none-any.whl"}, {url = "x"}, 1]\n',
        )
        assert roads(machine, "pip", "install", "-r", "pylock.toml").local == (wheel.resolve(),)
        machine.write("pylock.toml", "packages = [1]\n")
        assert roads(machine, "pip", "install", "-r", "pylock.toml") == Roads()
        machine.write("pylock.toml", "[[[")
        assert roads(machine, "pip", "install", "-r", "pylock.toml") == Roads()

    @pytest.mark.parametrize(
        ("tool", "lock", "text"),
        [
            ("uv", "uv.lock", 'source = { path = "kept/one-1.0.tar.gz" }'),
            ("uv", "uv.lock", 'source = { registry = "kept" }\nwheels = [{ path = "one-1.0.tar.gz" }]'),
            (
                "uv",
                "uv.lock",
                'source = { registry = "https://i.example/" }\nsdist = { path = "kept/one-1.0.tar.gz" }',
            ),
            ("poetry", "poetry.lock", '[package.source]\ntype = "file"\nurl = "kept/one-1.0.tar.gz"'),
            ("pdm", "pdm.lock", 'path = "./kept/one-1.0.tar.gz"'),
        ],
    )
    def test_a_projects_lock(self, machine: Machine, tool: str, lock: str, text: str) -> None:
        kept = machine.write("kept/one-1.0.tar.gz", "")
        machine.write("sub/file", "")
        machine.write(lock, f'[[package]]\nname = "one"\nversion = "1.0"\n{text}\n')
        assert roads(machine, tool, "sync").local == (kept.resolve(),)
        assert roads(machine, "pip", "install", "one") == Roads()

    def test_brackets_alone_are_no_path(self, machine: Machine) -> None:
        machine.write("r.txt", "[[packages]]\n[x]\n")
        assert roads(machine, "pip", "install", "-r", "r.txt") == Roads()

    def test_a_page_of_links_is_said(self, machine: Machine) -> None:
        machine.write("links.html", "")
        assert "page of links" in roads(machine, "pip", "install", "-f", "links.html", "a").sentences[0]

    def test_one_file_as_find_links(self, machine: Machine) -> None:
        wheel = machine.write("alpha-1.0-py3-none-any.whl", "")
        assert roads(machine, "pip", "install", "-f", wheel.as_uri(), "a").local == (wheel.resolve(),)

    def test_more_than_can_be_judged(self, machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(limits, "MAX_LOCAL_FILES", 1)
        for name in ("a", "b"):
            machine.write(f"links/{name}-1.0.tar.gz", "")
        found = roads(machine, "pip", "install", "-f", "links", "a")
        assert len(found.local) == 1 and "more files than are judged" in found.sentences[0]
