"""enable and disable: pip's and uv's configuration of a made-up home, with the real pip and uv reading it."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from stockade.act.gate.address import index_url
from stockade.act.gate.journal import NAME as JOURNAL
from stockade.act.gate.upstream import Upstream, read_upstream
from stockade.cli import parser, serve
from tests.cli.conftest import Run
from tests.support.index import TwinIndex

PIP = "home/.config/pip/pip.conf"
UV = "home/.config/uv/uv.toml"
MIRROR = "https://mirror.example/simple/"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that the made-up home is in, with a data folder."""
    monkeypatch.setenv("STOCKADE_DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "home").mkdir()
    return tmp_path


def put(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_on_and_off_where_there_was_nothing(run: Run, home: Path) -> None:
    ran = run("enable")
    assert ran.code == 0, ran.err
    assert index_url() in (home / PIP).read_text()
    assert index_url() in (home / UV).read_text()
    assert "pip's default index" in ran.out and "stockade doctor" in ran.out
    assert stat.S_IMODE((home / "data" / JOURNAL).stat().st_mode) == 0o600
    assert read_upstream(home / "data") == Upstream()
    ran = run("disable")
    assert ran.code == 0 and "is gone" in ran.out
    assert not (home / "home/.config").exists()
    assert not (home / "data" / JOURNAL).exists()
    ran = run("disable")
    assert ran.code == 0 and "nothing was changed" in ran.out


def test_twice_is_once(run: Run, home: Path) -> None:
    before = f"# mine\n[global]\nindex-url = {MIRROR}\n"
    put(home / PIP, before)
    assert run("enable").code == 0
    first = [(home / name).read_bytes() for name in (PIP, UV, f"data/{JOURNAL}")]
    ran = run("enable")
    assert "already" in ran.out
    assert [(home / name).read_bytes() for name in (PIP, UV, f"data/{JOURNAL}")] == first
    assert read_upstream(home / "data") == Upstream(index=MIRROR)
    assert run("enable", "--url", "https://gate.example/simple/").code == 0
    assert index_url() not in (home / PIP).read_text() + (home / UV).read_text()
    assert read_upstream(home / "data") == Upstream(index=MIRROR)
    assert run("disable").code == 0
    assert (home / PIP).read_text() == before
    assert not (home / UV).exists()


def test_what_was_changed_meanwhile_stays(run: Run, home: Path) -> None:
    put(home / PIP, f"[global]\nindex-url = {MIRROR}\n")
    run("enable")
    with (home / PIP).open("a") as file:
        file.write("timeout = 9\n")
    with (home / UV).open("a") as file:
        file.write("[pip]\nno-deps = true\n")
    assert run("disable").code == 0
    assert (home / PIP).read_text() == f"[global]\nindex-url = {MIRROR}\ntimeout = 9\n"
    assert (home / UV).read_text() == "[pip]\nno-deps = true\n"


def test_a_line_of_ours_that_was_changed_is_told(run: Run, home: Path) -> None:
    run("enable")
    put(home / UV, f'[[index]]\nurl = "{index_url()}"\ndefault = true\n')
    ran = run("disable")
    assert ran.code == 0
    assert "still names the gate" in ran.err
    assert (home / UV).exists() and not (home / PIP).exists()
    (home / UV).unlink()
    run("enable")
    (home / PIP).unlink()
    assert run("disable").code == 0


def test_links_and_modes_are_kept(run: Run, home: Path) -> None:
    kept = put(home / "dotfiles/pip.conf", "[global]\ntimeout = 9\n")
    kept.chmod(0o640)
    (home / PIP).parent.mkdir(parents=True)
    (home / PIP).symlink_to(kept)
    assert run("enable").code == 0
    assert (home / PIP).is_symlink() and index_url() in kept.read_text()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o640
    assert run("disable").code == 0
    assert (home / PIP).is_symlink() and kept.read_text() == "[global]\ntimeout = 9\n"


def test_dry_run_changes_nothing_and_shows_no_login(run: Run, home: Path) -> None:
    put(home / PIP, f"[global]\nproxy = http://user:word@proxy.example\nindex-url = {MIRROR}\n")
    ran = run("enable", "--dry-run")
    assert ran.code == 0
    assert f"-index-url = {MIRROR}" in ran.out and f"+index-url = {index_url()}" in ran.out
    assert "word" not in ran.out + ran.err
    assert not (home / "data").exists() and not (home / UV).exists()
    run("enable")
    ran = run("disable", "--dry-run")
    assert f"+index-url = {MIRROR}" in ran.out
    assert "word" not in ran.out
    assert index_url() in (home / PIP).read_text()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (PIP, "[global]\nindex-url = https://user:word@mirror.example/simple/\n"),
        (PIP, "[global]\nextra-index-url = https://user:word@mirror.example/simple/\n"),
        (UV, 'index-url = "https://user:word@mirror.example/simple/"\n'),
        (UV, '[[index]]\nurl = "https://user:word@mirror.example/simple/"\ndefault = true\n'),
    ],
)
def test_a_login_is_neither_lost_nor_kept(run: Run, home: Path, name: str, text: str) -> None:
    put(home / name, text)
    ran = run("enable")
    assert ran.code == 2
    assert "netrc" in ran.err and "mirror.example" in ran.err
    assert "word" not in ran.err.replace("password WORD", "")
    assert (home / name).read_text() == text
    assert not (home / "data" / JOURNAL).exists()


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        (PIP, "index-url = a\n", "cannot be read as pip's"),
        (UV, "[[index]\n", "cannot be read"),
        (UV, '[[index]]\nurl = "https://a.example/"\nformat = "flat"\ndefault = true\n', "flat"),
    ],
)
def test_what_cannot_be_understood_is_left_alone(
    run: Run, home: Path, name: str, text: str, why: str
) -> None:
    put(home / name, text)
    ran = run("enable")
    assert ran.code == 2 and why in ran.err
    assert (home / name).read_text() == text
    assert [path.name for path in (home / "home/.config").rglob("*") if path.is_file()] == [Path(name).name]


def test_what_is_no_text_or_no_file(run: Run, home: Path) -> None:
    (home / PIP).mkdir(parents=True)
    assert "no plain file" in run("enable").err
    (home / PIP).rmdir()
    (home / PIP).write_bytes(b"\xff")
    assert "not UTF-8" in run("enable").err
    (home / PIP).write_bytes(b"#" * ((1 << 20) + 1))
    assert "larger than" in run("enable").err


def test_another_users_file(run: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 4242)
    ran = run("enable")
    assert ran.code == 2
    assert "another user" in ran.err


def test_two_indexes_ask_for_a_choice(run: Run, home: Path) -> None:
    put(home / PIP, f"[global]\nindex-url = {MIRROR}\n")
    put(home / UV, 'index-url = "https://other.example/simple"\n')
    ran = run("enable")
    assert ran.code == 2 and "--upstream" in ran.err
    assert run("enable", "--upstream", "https://other.example/simple").code == 0
    assert read_upstream(home / "data") == Upstream(index="https://other.example/simple")
    assert run("enable", "--upstream", "https://a:word@other.example/simple").code == 2


def test_the_gate_is_not_behind_itself(run: Run, home: Path) -> None:
    put(home / PIP, f"[global]\nindex-url = {index_url()}\n")
    assert run("enable", "--upstream", index_url()).code == 2
    assert run("enable").code == 0
    assert read_upstream(home / "data") == Upstream()


def test_the_indexes_of_the_system_go_behind_the_gate_as_well(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(home / PIP, "[global]\nextra-index-url = https://b.example/simple/\n")
    monkeypatch.setenv("PIP_INDEX_URL", MIRROR)
    assert run("enable").code == 0
    assert read_upstream(home / "data") == Upstream(index=MIRROR, extra=("https://b.example/simple/",))
    assert run("enable").code == 0
    assert read_upstream(home / "data") == Upstream(index=MIRROR, extra=("https://b.example/simple/",))


def test_serve_asks_what_was_asked_before_with_pips_settings(run: Run, home: Path) -> None:
    given = parser("serve").parse_args(["serve"])
    assert serve.flags(given).index_url is None and given.installer == "auto"
    put(home / PIP, f"[global]\nindex-url = {MIRROR}\n")
    run("enable")
    # Now uv has a configuration, which is ours; the authorities and proxies that a person set up are in pip's.
    assert serve.flags(given).index_url == MIRROR and given.installer == "pip"
    given = parser("serve").parse_args(["serve", "--installer", "uv"])
    assert serve.flags(given).index_url == MIRROR and given.installer == "uv"


def test_a_damaged_journal_is_said(run: Run, home: Path) -> None:
    put(home / "data" / JOURNAL, "{}")
    assert run("enable").code == 1
    ran = run("disable")
    assert ran.code == 1 and "by hand" in ran.err
    (home / "data" / JOURNAL).unlink()
    (home / "data" / JOURNAL).mkdir()
    assert "cannot be read" in run("disable").err


def installed(words: list[str], home: Path) -> None:
    environ = {name: value for name, value in os.environ.items() if name != "PIP_CONFIG_FILE"}
    environ |= {"XDG_CACHE_HOME": str(home / "caches")}
    done = subprocess.run(words, env=environ, capture_output=True, text=True, check=False, cwd=home)
    assert done.returncode == 0, done.stderr


def test_the_real_pip_and_uv_ask_the_gate(run: Run, home: Path, index: TwinIndex) -> None:
    put(
        home / PIP,
        "[global]\nindex-url = http://127.0.0.1:9/simple/\nextra-index-url = http://127.0.0.1:9/other/\n",
    )
    put(home / UV, '[[index]]\nurl = "http://127.0.0.1:9/simple/"\ndefault = true\n[pip]\nno-deps = true\n')
    assert run("enable", "--url", index.url).code == 0
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    installed([*pip, "download", "--no-deps", "--dest", str(home / "got"), "alpha"], home)
    asked = len(index.log)
    assert asked
    uv = [str(Path(sys.executable).with_name("uv")), "pip"]
    installed([*uv, "install", "--target", str(home / "target"), "--python", sys.executable, "beta"], home)
    assert len(index.log) > asked
