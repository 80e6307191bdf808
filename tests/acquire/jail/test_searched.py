"""Tools that somebody keeps in the home are seen from a jail, and nothing else of the home is."""

from __future__ import annotations

from pathlib import Path

from stockade.acquire.jail.machine import Here, tools


def program(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def seen(home: Path, *folders: Path | str) -> set[Path]:
    here = Here(environ={"PATH": ":".join(map(str, folders))}, home=home, folder=home / "work")
    return set(tools(["/bin/true"], here, None)) - set(
        tools(["/bin/true"], Here(environ={}, home=home, folder=home / "work"), None)
    )


def test_folders_of_path_in_the_home(tmp_path: Path) -> None:
    home = tmp_path / "home"
    own = program(home / ".local/bin/tool").parent
    outside = program(tmp_path / "elsewhere/tool").parent
    assert seen(home, own, outside, home, ".", "", home / "absent") == {own}


def test_an_interpreter_there_with_all_of_its_installation(tmp_path: Path) -> None:
    home = tmp_path / "home"
    python = program(home / ".pyenv/versions/3.11/bin/python3")
    (home / ".pyenv/versions/3.11/lib").mkdir()
    assert home / ".pyenv/versions/3.11" in seen(home, python.parent)
    assert home / ".pyenv" not in seen(home, python.parent)
