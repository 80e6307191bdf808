"""Which Python is resolved for."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from stockade import limits
from stockade.acquire.resolve import active_target, own_target, target_for
from stockade.acquire.resolve.choose import offers
from stockade.model.project import ArtifactRef, ProjectName, Release


def _environment(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True)
    (folder / "pyvenv.cfg").write_text(text)
    return folder


def test_the_active_environment_comes_first_then_dot_venv_then_our_own(tmp_path: Path) -> None:
    active = _environment(tmp_path / "active", "home = /usr/bin\nversion = 3.12.5\n")
    assert active_target({}, tmp_path).version == own_target().version
    _environment(tmp_path / ".venv", "implementation = CPython\nversion_info = 3.13.1.final.0\n")
    assert active_target({}, tmp_path).version == "3.13.1"
    found = active_target({"VIRTUAL_ENV": str(active)}, tmp_path)
    assert (found.version, found.minor) == ("3.12.5", "3.12")
    assert found.why == f"{active}/pyvenv.cfg"


def test_a_conda_environment_says_its_version_in_its_records(tmp_path: Path) -> None:
    (tmp_path / "conda-meta").mkdir()
    assert active_target({"CONDA_PREFIX": str(tmp_path)}, tmp_path).why == "Stockade's own Python"
    for name in ("python-3.12.4-h194c7f8_0_cpython.json", "python-dateutil-2.9.0-py312_2.json"):
        (tmp_path / "conda-meta" / name).touch()
    assert active_target({"CONDA_PREFIX": str(tmp_path)}, tmp_path).version == "3.12.4"


@pytest.mark.parametrize("text", ["", "version = three\n", "version\n", "\xff"])
def test_an_environment_that_does_not_say_its_version_is_passed_over(tmp_path: Path, text: str) -> None:
    _environment(tmp_path / ".venv", text)
    assert active_target({"VIRTUAL_ENV": str(tmp_path / "gone")}, tmp_path).why == "Stockade's own Python"


def test_our_own_version_is_ours() -> None:
    assert own_target().version == ".".join(str(part) for part in sys.version_info[:3])
    assert target_for(own_target().version).tags[0] == own_target().tags[0]


def test_tags_of_another_version_and_implementation() -> None:
    later = target_for("3.13")
    assert later.version == "3.13.0"
    assert later.rank("a-1-cp313-cp313-manylinux_2_17_x86_64.whl") is not None
    assert later.rank("a-1-cp311-abi3-manylinux_2_17_x86_64.whl") is not None
    assert later.rank("a-1-cp311-cp311-manylinux_2_17_x86_64.whl") is None
    pypy = target_for("3.10", implementation="PyPy")
    assert pypy.rank("a-1-pp310-pypy310_pp73-manylinux_2_17_x86_64.whl") == 0 or pypy.tags
    assert pypy.rank("a-1-cp310-cp310-manylinux_2_17_x86_64.whl") is None
    assert pypy.rank("a-1-py3-none-any.whl") is not None
    with pytest.raises(ValueError, match="not a Python version"):
        target_for("x")


def test_compressed_tags_are_expanded_within_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    target = target_for("3.11")
    name = "a-1-1build-cp310.cp311-cp311-manylinux1_x86_64.manylinux_2_17_x86_64.whl"
    assert target.rank(name) is not None
    assert target.rank("nonsense.whl") is None
    assert target.rank("a-1-py36+-none-any.whl") is None, "such names stand on real indexes"
    assert target.rank("a-1-PY3-none-any.whl") is not None
    monkeypatch.setattr(limits, "MAX_TAGS", 1)
    assert target_for("3.11").rank(name) is None


def test_requires_python_that_cannot_be_read_hinders_nobody() -> None:
    target = target_for("3.11.4")
    assert target.admits(None) and target.admits("") and target.admits("nonsense")
    assert target.admits(">=3.11.4") and not target.admits(">=3.11.5") and not target.admits("<3")


def test_files_are_sorted_into_what_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    def ref(filename: str, python: str | None = None) -> ArtifactRef:
        release = Release(name=ProjectName("a"), version="1.0")
        return ArtifactRef(
            release=release,
            filename=filename,
            url=f"https://f.example/{filename}",
            index="i",
            requires_python=python,
        )

    names = [
        "a-1.0.zip",
        "a-1.0.tar.gz",
        "a-1.0-py3.8.egg",
        "a-1.0-py3-none-any.whl",
        "a-1.0-py2-none-any.whl",
    ]
    found = offers([*(ref(one) for one in names), ref("a-1.0.tgz", "<3")], target_for("3.11"))
    (offer,) = found.values()
    assert [one.filename for one in offer.pickable] == ["a-1.0-py3-none-any.whl", "a-1.0.tar.gz", "a-1.0.zip"]
    assert [one.filename for one in offer.every[3:]] == [
        "a-1.0.tgz",
        "a-1.0-py3.8.egg",
        "a-1.0-py2-none-any.whl",
    ]
