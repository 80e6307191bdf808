"""An installed distribution as a wheel: the same bytes for the same files, without what its installer added."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from stockade import limits
from stockade.acquire.environments.rebuilt import identity, own_files, rebuilt, wheel_name
from stockade.acquire.environments.record import parsed
from stockade.model.environment import Installed
from tests.acquire.environments.making import Made

FILES: dict[str, bytes | str] = {"demo/__init__.py": "ONE = 1\n", "demo/data.bin": b"\0\1"}


def installed(made: Made, *, name: str = "demo") -> Installed:
    return next(one for one in made.inventory().installed if one.name == name)


def made_at(path: Path) -> Made:
    made = Made(path)
    row = "../../../bin/demo,,\ndemo/__pycache__/__init__.cpython-312.pyc,,\n"
    made.install(
        "demo",
        files=FILES,
        marks={"direct_url.json": '{"url": "https://demo.invalid", "dir_info": {}}'},
        record=row,
    )
    (made.bin / "demo").write_text("#!/bin/sh\n")
    made.write("demo/__pycache__/__init__.cpython-312.pyc", b"\0" * 16)
    return made


def packed(made: Made, work: Path) -> tuple[str, list[str]]:
    one, said = installed(made), list[str]()
    work.mkdir()
    artifact = rebuilt(one, own_files(one, said.append), work, said.append)
    assert artifact is not None and said == []
    with zipfile.ZipFile(artifact.path) as archive:
        assert archive.testzip() is None
        return artifact.sha256, archive.namelist()


def test_two_installs_of_one_wheel_give_the_same_bytes(tmp_path: Path) -> None:
    first, names = packed(made_at(tmp_path / "a"), tmp_path / "w1")
    other = made_at(tmp_path / "b")
    os.utime(other.site / "demo/__init__.py")
    assert packed(other, tmp_path / "w2") == (first, names)
    assert names == ["demo-1.0.dist-info/METADATA", "demo/__init__.py", "demo/data.bin"]


def test_a_module_without_a_source_is_part_of_the_wheel(tmp_path: Path) -> None:
    made = Made(tmp_path / "env")
    made.install("demo", files={**FILES, "hidden.pyc": b"\0" * 16})
    _, names = packed(made, tmp_path / "work")
    assert "hidden.pyc" in names


def test_its_identity_follows_what_record_promises_and_nothing_else(tmp_path: Path) -> None:
    said: list[str] = []
    ones = [installed(made_at(tmp_path / name)) for name in "ab"]
    first, second = (identity(one, own_files(one, said.append)) for one in ones)
    assert first == second != ""
    changed = Made(tmp_path / "c")
    changed.install("demo", files={**FILES, "demo/__init__.py": "ONE = 2\n"})
    one = installed(changed)
    assert identity(one, own_files(one, said.append)) not in {"", first}
    promised = own_files(ones[0], said.append)
    assert identity(ones[0], [row._replace(digest="") for row in promised]) == ""
    assert identity(ones[0], [row._replace(digest="MD5=x") for row in promised]) == ""
    assert said == []


def test_what_cannot_be_read_is_said_and_left_out(tmp_path: Path) -> None:
    made = made_at(tmp_path / "a")
    (made.site / "demo/data.bin").unlink()
    (made.site / "demo/__init__.py").unlink()
    (made.site / "demo/__init__.py").mkdir()
    one, said = installed(made), list[str]()
    artifact = rebuilt(one, own_files(one, said.append), tmp_path, said.append)
    assert artifact is not None
    assert zipfile.ZipFile(artifact.path).namelist() == ["demo-1.0.dist-info/METADATA"]
    (sentence,) = said
    assert sentence.startswith(f"{made.site}/demo/__init__.py cannot be read")


def test_where_nothing_can_be_read_there_is_no_wheel(tmp_path: Path) -> None:
    made = made_at(tmp_path / "a")
    one = installed(made)
    files = [row for row in own_files(one, print) if row.path.endswith("data.bin")]
    (made.site / "demo/data.bin").unlink()
    work = tmp_path / "work"
    work.mkdir()
    assert rebuilt(one, files, work, print) is None
    assert list(work.iterdir()) == []


def test_what_is_larger_than_any_package_is_cut_and_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = made_at(tmp_path / "a")
    first = (made.site / "demo-1.0.dist-info/METADATA").stat().st_size
    monkeypatch.setattr(limits, "MAX_FOLDER", first + 4)
    one, said = installed(made), list[str]()
    artifact = rebuilt(one, own_files(one, said.append), tmp_path, said.append)
    assert artifact is not None
    assert "the rest was left out" in said[0]


def test_a_distribution_without_record_has_no_files(tmp_path: Path) -> None:
    made = made_at(tmp_path / "a")
    (made.site / "demo-1.0.dist-info/RECORD").unlink()
    assert own_files(installed(made), print) == ()


def test_a_version_that_no_wheel_could_bear_gives_a_name_all_the_same(tmp_path: Path) -> None:
    made = Made(tmp_path / "a")
    made.install("demo", "1.0")
    one = installed(made)
    assert wheel_name(one) == "demo-1.0-py3-none-any.whl"


@pytest.mark.parametrize("sign", ["\n", "\r\n", "\r", "\v", "\f", "\x1c", "\x85", "\u2028"])
def test_a_path_of_record_is_put_right_whatever_ends_the_line_before(sign: str) -> None:
    found = parsed(f"a,,{sign}../site/b,,".encode(), "/env/site")
    assert not isinstance(found, str)
    assert [row.path for row in found] == ["/env/site/a", "/env/site/b"]
