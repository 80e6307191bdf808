"""`stockade env`: what is installed into an environment starts in a jail, whatever it tries, and changes are seen."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from stockade.acquire.jail.bubblewrap import VARIABLE as BWRAP
from stockade.cli import main
from tests.support.debian import bubblewrap

_MILL = """
import os, subprocess, sys
SECRET = {secret!r}
def tried(*command, **more):
    env = dict(os.environ, **more)
    read = f"print(open({{SECRET!r}}).read())"
    done = subprocess.run([*command, "-c", read], env=env, capture_output=True, text=True)
    return "got it" if "hush" in done.stdout else "nothing"
def main():
    try:
        print("itself", open(SECRET).read())
    except OSError:
        print("itself nothing")
    print("off", tried(sys.executable, STOCKADE_JAIL="off"))
    print("base", tried(sys._base_executable))
    print("safe path", sys.flags.safe_path, "user site", bool(sys.flags.no_user_site))
"""


@dataclass(frozen=True, slots=True)
class Place:
    """A home with a secret in it, and a project with an environment beside it."""

    project: Path
    secret: Path

    def run(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Something of the environment, as a person would start it in the project."""
        environment: Mapping[str, str] = {**os.environ, **more}
        return subprocess.run(
            [str(self.project / ".venv" / "bin" / words[0]), *words[1:]],
            cwd=self.project,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    home, project = tmp_path / "home", tmp_path / "project"
    (home / ".ssh").mkdir(parents=True)
    project.mkdir()
    (project / "pyproject.toml").write_text("")
    secret = home / ".ssh" / "id"
    secret.write_text("hush")
    for name in [name for name in os.environ if name.startswith(("PIP_", "UV_", "STOCKADE_", "PYTHON"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("STOCKADE_DATA_DIR", str(tmp_path / "kept"))
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    monkeypatch.chdir(project)
    assert main(["env", "create", ".venv", "--index", "http://127.0.0.1:8765/simple/"]) == 0
    return Place(project, secret)


@pytest.fixture(params=["landlock", "bubblewrap"])
def mechanism(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, place: Place) -> str:
    if request.param == "bubblewrap":
        monkeypatch.setenv(BWRAP, str(bubblewrap()))
    return str(request.param)


def mill(place: Place) -> Path:
    """A wheel with a console script that tries to get at the secret; it is inert without it."""
    wheel = place.project / "mill-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as made:
        made.writestr("mill.py", _MILL.format(secret=str(place.secret)))
        made.writestr("mill-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: mill\nVersion: 1.0\n")
        made.writestr(
            "mill-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        made.writestr("mill-1.0.dist-info/entry_points.txt", "[console_scripts]\nmill = mill:main\n")
        made.writestr("mill-1.0.dist-info/RECORD", "")
    return wheel


def read(secret: Path) -> str:
    return f"print(open({str(secret)!r}).read())"


def test_its_python_starts_in_a_jail_unless_told_otherwise_from_outside(place: Place, mechanism: str) -> None:
    assert "hush" not in place.run("python", "-c", read(place.secret)).stdout
    assert place.run("python3", "-c", "raise SystemExit(7)").returncode == 7
    assert place.run("python", "-c", read(place.secret), STOCKADE_JAIL="off").stdout == "hush\n"
    # The project is there to be changed, the environment is not.
    (place.project / "data").mkdir()
    assert place.run("python", "-c", "open('data/made', 'w')").returncode == 0
    assert (place.project / "data/made").exists()
    assert place.run("python", "-c", "open('.venv/bin/python', 'a')").returncode == 1


def test_what_pip_installs_later_starts_in_a_jail_too(
    place: Place, mechanism: str, capsys: pytest.CaptureFixture[str]
) -> None:
    installed = place.run("pip", "install", "--no-index", "--no-deps", str(mill(place)))
    assert installed.returncode == 0, installed.stderr
    script = (place.project / ".venv/bin/mill").read_text()
    assert str(place.project / ".venv/bin/python") in script
    told = place.run("mill").stdout.splitlines()
    assert told == ["itself nothing", "off nothing", "base nothing", "safe path True user site True"]
    assert place.run("mill", STOCKADE_JAIL="off").stdout.startswith("itself hush\noff got it\n")
    assert main(["env", "check", ".venv"]) == 0
    assert "is what it was made as" in capsys.readouterr().out


def test_another_profile_may_be_named(place: Place) -> None:
    assert place.run("python", "-c", "open('made', 'w')", STOCKADE_JAIL="install").returncode == 1
    assert "nowhere" in place.run("python", "-c", "pass", STOCKADE_JAIL="nowhere").stderr


def test_what_is_installed_cannot_change_what_starts_outside(
    place: Place, mechanism: str, capfd: pytest.CaptureFixture[str]
) -> None:
    evil = (
        "import os, pathlib\n"
        "bin = pathlib.Path('.venv/bin')\n"
        "for name in ('python', 'activate'):\n"
        "    try:\n"
        "        (bin / name).unlink()\n"
        "        (bin / name).write_text('#!/bin/sh\\n')\n"
        "    except OSError as why:\n"
        "        print('kept out')\n"
    )
    before = (place.project / ".venv/bin/python").read_text()
    code = main(["env", "run", ".venv", "--", ".venv/bin/python3", "-c", evil])
    out, err = capfd.readouterr()
    assert (place.project / ".venv/bin/python").read_text() == before
    assert main(["env", "check", ".venv"]) == 0
    if mechanism == "bubblewrap":
        assert code == 0 and out.count("kept out") == 2
    else:
        assert code == 10 and "bin/python was changed while something was installed, and is put back" in err


def test_check_says_what_has_changed(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    (packages,) = (place.project / ".venv").glob("lib/python*/site-packages")
    (packages / "speedup.pth").write_text("import os\n")
    (place.project / ".venv/pip.conf").write_text("[global]\nindex-url = http://127.0.0.1:1/\n")
    capsys.readouterr()
    assert main(["env", "check", ".venv"]) == 10
    told = capsys.readouterr().out
    assert "speedup.pth runs each time Python starts, and is not among the permitted" in told
    assert "pip.conf is not what it was made as" in told
    assert main(["env", "check", "--restore", ".venv"]) == 10
    assert "pip.conf" not in capsys.readouterr().out
    (packages / "speedup.pth").unlink()
    assert main(["env", "check", ".venv"]) == 0


def test_a_program_of_its_own_is_told_and_is_no_change(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    tool = place.project / ".venv/bin/tool"
    tool.write_bytes(b"\x7fELF")
    tool.chmod(0o755)
    capsys.readouterr()
    assert main(["env", "check", ".venv"]) == 0
    assert "bin/tool is a program that starts without walls" in capsys.readouterr().out


def test_what_it_is_not_given_it_says(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["env", "create", ".venv"]) == 1
    assert main(["env", "check", "elsewhere"]) == 1
    assert main(["env", "run", ".venv"]) == 2
    told = capsys.readouterr().err
    assert (
        "is there already" in told and "was not made by `stockade env create`" in told and "say what" in told
    )


def test_the_index_is_the_standing_gate_s(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STOCKADE_DATA_DIR", str(tmp_path / "kept"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home/.config"))
    monkeypatch.chdir(tmp_path)
    assert main(["env", "create", "without", "--pth", "own.pth"]) == 0
    assert not (tmp_path / "without/pip.conf").exists()
    gate = "http://127.0.0.1:8765/simple/"
    assert main(["enable", "--url", gate]) == 0
    assert main(["env", "create", "within", "--python", sys.executable]) == 0
    assert gate in (tmp_path / "within/pip.conf").read_text()
    assert gate in (tmp_path / "within/uv.toml").read_text()
