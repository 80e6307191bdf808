"""A throwaway house: where its parts are seen, what it holds at first, and what was left behind in it."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from stockade import limits
from stockade.acquire.detonate.house import House, Python, house, names_in, read_plain
from stockade.acquire.jail.plan import Kind


@pytest.fixture(params=[True, False], ids=["moved", "in-place"])
def home(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[House]:
    uv = tmp_path / "uv"
    uv.touch()
    root = tmp_path / "root"
    root.mkdir()
    with house(root, moved=request.param, python=Python.own(), uv=uv) as made:
        yield made
    assert list(root.iterdir()) == []


def test_parts_are_seen_where_the_walls_show_them(home: House) -> None:
    mounts = {one.target: one for one in home.mounts()}
    assert mounts[home.home].source == home.outside("home")
    assert mounts[home.home].kind is Kind.WRITE
    for name in ("wheels", "artifact", "stages"):
        assert mounts[home.inside(name)].kind is Kind.READ
    assert mounts[home.installer].source == home.uv
    assert (str(home.home) == "/home/lena") is home.moved
    assert (Path("/etc/passwd") in mounts) is home.moved
    assert ("TMPDIR" in home.variables()) is not home.moved
    for path in (home.home / "a/b", home.inside("out") / "c", home.inside("work") / "d"):
        outside = home.seen_from_outside(path)
        assert outside.is_relative_to(home.root) and outside.name == path.name
    assert home.seen_from_outside(Path("/usr/bin")) == Path("/usr/bin")


def test_the_environment_is_one_that_its_interpreter_takes_for_one(home: House) -> None:
    program = home.seen_from_outside(home.environment) / "bin" / "python"
    code = "import sys, site; print(sys.prefix != sys.base_prefix, *site.getsitepackages())"
    said = subprocess.run([program, "-I", "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.split() == ["True", str(home.packages(home.environment))]


def test_only_what_is_new_or_changed_was_dropped(home: House) -> None:
    there = home.outside("home")
    (there / "old").write_text("old")
    (there / "changed").write_text("before")
    home.remember()
    packages = home.packages(home.environment)
    (packages / "installed.py").write_text("x")
    home.settle()
    (there / "changed").write_text("afterwards")
    (packages / "extra.pth").write_text("import os")
    (packages / "extra.pyc").write_text("x")
    (home.outside("temporary") / "tool").write_bytes(b"\x7fELF")
    (there / "pointer").symlink_to("/etc/passwd")
    os.mkfifo(there / "pipe")
    found = {one.path: one for one in home.dropped()}
    lib = f"~/project/.venv/lib/python{home.python.version}/site-packages"
    tool = str(home.inside("temporary") / "tool")
    assert set(found) == {"~/changed", f"{lib}/extra.pth", tool}
    assert found[tool].size == 4
    assert found[tool].sha256 == hashlib.sha256(b"\x7fELF").hexdigest()


def test_what_is_dropped_is_told_within_bounds(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    home.remember()
    for number in range(9):
        (home.outside("home") / f"file{number}").write_text("x" * number)
    monkeypatch.setattr(limits, "MAX_DROPPED_SIZE", 5)
    assert [one.size for one in home.dropped()] == [0, 1, 2, 3, 4, 5]
    monkeypatch.setattr(limits, "MAX_DROPPED", 3)
    assert len(home.dropped()) == 3
    monkeypatch.setattr(limits, "MAX_HOUSE_FILES", 2)
    assert len(home.dropped()) <= 2


def test_what_the_inside_wrote_is_read_only_where_it_is_a_plain_file(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("some text")
    (tmp_path / "pointer").symlink_to(tmp_path / "plain")
    os.mkfifo(tmp_path / "pipe")
    assert read_plain(tmp_path / "plain", 4) == b"some"
    for name in ("pointer", "pipe", "none"):
        assert read_plain(tmp_path / name, 4) == b""
    assert names_in(tmp_path) == ["pipe", "plain", "pointer"]
    assert names_in(tmp_path / "none") == ()


def test_a_house_is_emptied_whatever_rights_its_folders_were_left_with(home: House) -> None:
    locked = home.outside("home") / "locked"
    (locked / "deep").mkdir(parents=True)
    (locked / "deep" / "file").touch()
    (locked / "away").symlink_to(home.root.parent)
    (locked / "deep").chmod(0)
    locked.chmod(0)
