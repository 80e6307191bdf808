"""An environment as it is made, what is seen of changes to it, and what is put back."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from stockade.acquire.jail.venv import guarded, make, startup_files
from stockade.acquire.jail.venv_record import Record, changes, document, path_of, read, restore
from stockade.errors import BadEnvironment

INDEX = "http://127.0.0.1:8765/simple/"


@pytest.fixture
def record(tmp_path: Path) -> Record:
    made = make(tmp_path / "env", index=INDEX)
    place = path_of(made.folder, tmp_path / "kept")
    place.parent.mkdir(parents=True)
    place.write_text(document(made, ["permitted.pth"]), "utf-8")
    return read(tmp_path / "env", tmp_path / "kept")


def packages(record: Record) -> Path:
    (found,) = record.folder.glob("lib/python*/site-packages")
    return found


def test_every_name_of_its_python_is_a_launcher_and_the_index_is_the_gate(record: Record) -> None:
    pythons = [name for name in record.files if name.startswith("bin/python")]
    assert {"bin/python", "bin/python3"} <= set(pythons)
    for name in pythons:
        path = record.folder / name
        assert not path.is_symlink() and os.access(path, os.X_OK)
        assert path.read_text("utf-8").startswith("#!/")
    assert INDEX in (record.folder / "pip.conf").read_text("utf-8")
    assert INDEX in (record.folder / "uv.toml").read_text("utf-8")
    assert {"pyvenv.cfg", "bin/activate"} <= set(record.files)
    assert "include-system-site-packages = false" in record.files["pyvenv.cfg"]
    assert list(changes(record)) == []


def test_without_walls_it_is_an_ordinary_environment(record: Record) -> None:
    ask = "import os, site, sys; print(sys.executable, sys.prefix, site.ENABLE_USER_SITE, os.environ.get('PYTHONPATH'))"
    done = subprocess.run(
        [record.folder / "bin/python", "-c", ask],
        env={"STOCKADE_JAIL": "off", "PATH": "/usr/bin:/bin", "PYTHONPATH": "/somewhere"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == [f"{record.folder}/bin/python", str(record.folder), "False", "None"]


def _launcher(record: Record) -> None:
    (record.folder / "bin/python").write_text("#!/bin/sh\n")


def _link(record: Record) -> None:
    (record.folder / "bin/python3").unlink()
    (record.folder / "bin/python3").symlink_to(sys.executable)


def _gone(record: Record) -> None:
    (record.folder / "pip.conf").unlink()


def _folder(record: Record) -> None:
    (record.folder / "pyvenv.cfg").unlink()
    (record.folder / "pyvenv.cfg").mkdir()


def _sourced(record: Record) -> None:
    with (record.folder / "bin/activate").open("a") as file:
        file.write("echo more\n")


def _another(record: Record) -> None:
    (record.folder / "bin/python2").write_text("#!/bin/sh\n")


@pytest.mark.parametrize(
    ("change", "path", "what"),
    [
        (_launcher, "bin/python", "is not what it was made as"),
        (_link, "bin/python3", "is gone, or no plain file"),
        (_gone, "pip.conf", "is gone, or no plain file"),
        (_folder, "pyvenv.cfg", "is gone, or no plain file"),
        (_sourced, "bin/activate", "is not what it was made as"),
        (
            _another,
            "bin/python2",
            "was not there when it was made, and starts or is read outside of the jail",
        ),
    ],
)
def test_what_guards_it_is_seen_to_change_and_put_back(
    record: Record, change: Callable[[Record], None], path: str, what: str
) -> None:
    change(record)
    assert [(one.path, one.what) for one in changes(record)] == [(path, what)]
    assert [one.path for one in restore(record)] == [path]
    assert list(changes(record)) == []
    if path in record.files:
        assert (record.folder / path).read_bytes().decode() == record.files[path]


def test_start_up_files_are_permitted_by_name_or_as_they_were(record: Record) -> None:
    for name in (
        "permitted.pth",
        "other.pth",
        "sitecustomize.py",
        "usercustomize.cpython-311.so",
        "x.start",
        "x.py",
    ):
        (packages(record) / name).write_text("import os\n")
    found = {Path(one.path).name: one for one in changes(record)}
    assert set(found) == {"other.pth", "sitecustomize.py", "usercustomize.cpython-311.so", "x.start"}
    assert all(not one.told for one in found.values())
    assert restore(record) == []


def test_a_start_up_file_that_was_there_may_not_change(tmp_path: Path) -> None:
    made = make(tmp_path / "env")
    (made.folder / "pip.conf").write_text("")
    (there,) = made.folder.glob("lib/python*/site-packages")
    (there / "own.pth").write_text("one\n")
    (name,) = [one for one in startup_files(made.folder) if one.endswith("own.pth")]
    made = replace(made, startup={**made.startup, name: hashlib.sha256(b"one\n").hexdigest()})
    place = path_of(made.folder, tmp_path)
    place.parent.mkdir()
    place.write_text(document(made, []), "utf-8")
    record = read(made.folder, tmp_path)
    assert [one.path for one in changes(record)] == ["pip.conf"]
    assert restore(record)[0].path == "pip.conf" and not (made.folder / "pip.conf").exists()
    (there / "own.pth").write_text("two\n")
    assert [Path(one.path).name for one in changes(record)] == ["own.pth"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("#!{folder}/bin/python\n", None),
        ("#!/bin/sh\n'''exec' {folder}/bin/python \"$0\" \"$@\"\n' '''\n", None),
        ("#!/usr/bin/python3\n", False),
        ("#!/bin/sh\nexec python\n", False),
        ("\x7fELF", True),
        ("", None),
    ],
)
def test_a_program_that_starts_without_walls_is_told(record: Record, text: str, told: bool | None) -> None:
    path = record.folder / "bin/tool"
    path.write_text(text.format(folder=record.folder))
    path.chmod(0o755)
    found = [(one.path, one.told) for one in changes(record)]
    assert found == ([] if told is None else [("bin/tool", told)])


def test_a_link_among_the_programs_is_told(record: Record) -> None:
    (record.folder / "bin/tool").symlink_to("/bin/sh")
    (found,) = changes(record)
    assert found.told and found.path == "bin/tool"


def test_where_something_is_nothing_is_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").write_text("")
    for name in ("file", "full"):
        with pytest.raises(BadEnvironment, match="is there already"):
            make(tmp_path / name)
    with pytest.raises(BadEnvironment, match="no interpreter"):
        make(tmp_path / "env", base="/nonexistent/python")
    with pytest.raises(BadEnvironment, match="makes no environment"):
        make(tmp_path / "env", base="/bin/false")
    assert not (tmp_path / "env").exists()


def test_a_record_that_is_missing_or_damaged_is_none(record: Record, tmp_path: Path) -> None:
    with pytest.raises(BadEnvironment, match="was not made by"):
        read(tmp_path / "other", tmp_path / "kept")
    place = path_of(record.folder, tmp_path / "kept")
    sound = json.loads(place.read_text())
    for damage in (
        "{",
        "[]",
        json.dumps({**sound, "format": "x"}),
        json.dumps({**sound, "folder": "/x"}),
        json.dumps({**sound, "files": {**sound["files"], "bin/python": "other"}}),
        json.dumps({**sound, "files": None}),
    ):
        place.write_text(damage)
        with pytest.raises(BadEnvironment, match="is damaged"):
            read(record.folder, tmp_path / "kept")


def test_what_cannot_be_put_back_is_said(record: Record, tmp_path: Path) -> None:
    (record.folder / "bin").rename(tmp_path / "elsewhere")
    (record.folder / "bin").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / "python").unlink()
    with pytest.raises(BadEnvironment, match="no folder any more"):
        restore(record)
    assert "bin/python3" in guarded(record.folder)
