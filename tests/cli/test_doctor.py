"""doctor, from a made-up home to the exit code."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema  # type: ignore[import-untyped] # its stubs would be one more dependency
import pytest

from stockade.act.report.doctor import DOCTOR_SCHEMA
from stockade.act.report.json import schema_text
from stockade.cli import doctor
from stockade.errors import WorkerFailed
from stockade.workers import Wall
from tests.cli.conftest import Run


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A made-up home whose walls all stand."""
    monkeypatch.setenv("STOCKADE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("PIP_CONFIG_FILE", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(doctor, "standing", lambda: (Wall("seccomp", up=True),))
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


@pytest.fixture
def machine(run: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.delenv("PIP_CONFIG_FILE", raising=False)
    return run


def test_before_and_after_enabling(machine: Run, home: Path) -> None:
    ran = machine("doctor")
    assert ran.code == 12
    assert "pip asks its default index" in ran.out and "stockade enable" in ran.out
    assert machine("enable").code == 0
    ran = machine("doctor", "--format", "json")
    told = json.loads(ran.out)
    jsonschema.validate(told, json.loads(schema_text(DOCTOR_SCHEMA)))
    assert told["enabled"]
    states = {one["id"]: one["state"] for one in told["roads"]}
    assert states["pip-index"] == states["uv-index"] == "closed"
    assert states["gate"] == "open"  # nobody answers there
    assert ran.code == 12


def test_all_closed(machine: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    machine("enable", "--url", "https://gate.invalid/simple/")
    ran = machine("doctor")
    assert ran.code == 0, ran.out
    assert "No road past the gate https://gate.invalid/simple/" in ran.out
    assert machine("doctor", "--url", "http://gate.invalid/").code == 2


def test_an_analyser_that_does_not_start(machine: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> str:
        return "it died"

    monkeypatch.setattr(doctor, "standing", fails)
    machine("enable", "--url", "https://gate.invalid/simple/")
    ran = machine("doctor")
    assert ran.code == 12 and "it died" in ran.out


def test_the_walls_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    found = doctor.standing()
    assert isinstance(found, tuple) and found

    def refuses(**_: object) -> None:
        raise WorkerFailed("no")

    monkeypatch.setattr(doctor, "confined", refuses)
    assert doctor.standing() == "no"
