"""What pages left out: told by `run` where it was pinned, and by `serve` to whoever asks."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from stockade.cli.left_out import left_out_of
from tests.cli.conftest import OLD, Run
from tests.support.archives import wheel, wheel_name
from tests.support.gate_parts import ref_of
from tests.support.gates import serving
from tests.support.index import TwinFile, TwinIndex

A2, A3, B1 = ref_of("alpha", "2.0"), ref_of("alpha", "3.0"), ref_of("beta", "1.0")
HIDDEN = {A2: "too young", A3: "younger still", B1: "condemned"}


def told(*words: str) -> list[str]:
    return left_out_of(words, HIDDEN, {A3})


def test_pinned_versions_are_told_and_the_newest_of_each_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    newest = "alpha 3.0 was not offered: younger still"
    assert told("pip", "install", "alpha", "beta") == [newest]
    pinned = ["alpha 2.0 was not offered: too young", newest]
    for word in ("alpha==2", "Alpha[more]==2.0", "alpha===2.0"):
        assert told("pip", "install", word) == pinned
    assert told("pip", "install", "alpha==3.0", "beta==1.0") == [
        newest,
        "beta 1.0 was not offered: condemned",
    ]
    Path("r.txt").write_text("alpha==2.0\nbeta>=1\n")
    Path("broken.txt").write_text("alpha==\n")
    for words in (("-r", "r.txt"), ("--requirement=r.txt",), ("-r", "broken.txt", "-c", "r.txt")):
        assert told("pip", "install", *words) == pinned
    assert told("pip", "install", "-r", "missing.txt", "-r") == [newest]
    assert left_out_of(["alpha==2.0"], {}, set()) == []


def test_of_many_projects_some_are_told() -> None:
    many = {ref_of(f"p{number}"): "young" for number in range(8)}
    said = left_out_of([], many, set(many))
    assert len(said) == 6
    assert said[-1] == "nor were releases of 3 other projects"


@pytest.fixture
def young(index: TwinIndex) -> TwinIndex:
    """beta 1.5 is old; 1.6 and 1.7 came just now."""
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    files = [
        TwinFile(wheel_name("beta", version), wheel("beta", version, {"beta.py": ""}), uploaded=uploaded)
        for version, uploaded in (("1.5", OLD), ("1.6", now), ("1.7", now))
    ]
    index.put("beta", files)
    return index


def test_run_says_why_there_is_no_matching_distribution(
    run: Run, young: TwinIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", young.url)
    monkeypatch.setenv("STOCKADE_DATA_DIR", str(tmp_path / "data"))
    ran = run("run", "--", sys.executable, "-m", "pip", "download", "-d", tmp_path / "got", "beta==1.6")
    assert ran.code == 1
    assert "stockade: beta 1.6 was not offered: " in ran.err


def test_serve_says_what_a_page_leaves_out(young: TwinIndex, tmp_path: Path) -> None:
    with serving(tmp_path, young.url) as gate:
        answer = httpx.get(f"{gate.base}/-/withheld/Beta", timeout=60)
        assert answer.status_code == 200
        assert answer.json()["project"] == "beta"
        assert set(answer.json()["withheld"]) == {"1.6", "1.7"}
        assert "ago" in answer.json()["withheld"]["1.6"] or "old" in answer.json()["withheld"]["1.6"]
        assert httpx.get(f"{gate.base}/-/withheld/alpha/").json() == {"project": "alpha", "withheld": {}}
        assert httpx.get(f"{gate.base}/-/withheld/never").status_code == 404
        assert httpx.get(f"{gate.base}/-/withheld/a%0db").status_code == 404
