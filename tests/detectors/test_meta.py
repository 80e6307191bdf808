"""What makes a detector complete: cases, a docstring with its sections, one name everywhere, a fresh page."""

from __future__ import annotations

import ast
import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from stockade.analyse import detectors as package
from stockade.analyse.detector import Detector
from stockade.analyse.engine import DETECTORS
from tests.detectors.test_cases import HERE, cases

ROOT = Path(__file__).parents[2]
FILES = sorted(path for path in Path(package.__path__[0]).glob("*.py") if path.name != "__init__.py")


def _generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "gen_detectors_doc", ROOT / "tools" / "gen_detectors_doc.py"
    )
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _declared(path: Path) -> list[str]:
    """The ids in a file's ``@detector("…", …)`` decorators."""
    calls = [
        node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)
    ]
    named = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "detector"]
    return [str(ast.literal_eval(call.args[0])) for call in named]


def test_each_file_declares_the_one_detector_that_it_is_named_after() -> None:
    assert {path.stem: _declared(path) for path in FILES} == {
        path.stem: [path.stem.replace("_", "-")] for path in FILES
    }


def test_the_engine_has_each_detector_once() -> None:
    assert [one.id for one in DETECTORS] == sorted({path.stem.replace("_", "-") for path in FILES})


def test_there_are_at_least_twenty() -> None:
    assert len(DETECTORS) >= 20


@pytest.mark.parametrize("sort", ["flags", "passes"])
def test_each_detector_has_a_case(sort: str) -> None:
    assert {one.id for one in DETECTORS} - {case.detector for case in cases(sort)} == set()


def test_each_folder_of_cases_has_a_detector() -> None:
    folders = {
        path.name.replace("_", "-") for path in HERE.iterdir() if path.is_dir() and path.name != "__pycache__"
    }
    assert folders - {one.id for one in DETECTORS} == set()


def test_each_case_is_of_a_known_sort() -> None:
    sorts = {path.name for path in HERE.glob("*/*") if path.is_dir() and "__pycache__" not in path.parts}
    assert sorts <= {"flags", "passes", "misses"}


@pytest.mark.parametrize("one", DETECTORS, ids=lambda one: one.id)
def test_each_docstring_has_its_sections(one: Detector[Any]) -> None:
    generator = _generator()
    told = generator.sections(one)
    assert tuple(told) == ("", *generator.SECTIONS)
    assert all(text.endswith(".") for text in told.values())


def test_the_page_is_fresh() -> None:
    text = (ROOT / "docs" / "detectors.md").read_text(encoding="utf-8")
    assert text == _generator().page(), "stale; run `make docs`"


def test_cases_name_no_host_that_could_answer() -> None:
    """Whatever a case contacts is under .invalid; services that detectors know stand in constants only."""
    for case in (*cases("flags"), *cases("passes"), *cases("misses")):
        for path in case.folder.rglob("*.py"):
            for line in path.read_text(encoding="utf-8").splitlines():
                if "://" in line and any(
                    word in line for word in ("urlopen(", "requests.", "urlretrieve(", "httpx.")
                ):
                    assert ".invalid" in line or "127.0.0.1" in line, f"{path}: {line}"
