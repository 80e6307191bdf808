"""The fingerprint changes with everything that findings depend on, and with nothing else."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from stockade.workers import fingerprint


@dataclass(frozen=True)
class Options:
    rules: tuple[str, ...] = ()
    everything: bool = False


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("analyse/detectors", "analyse/data", "analyse/__pycache__", "model", "workers"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("analyse/engine.py", "analyse/data/weights.toml", "model/project.py", "limits.py"):
        (tmp_path / name).write_text(name)
    for name in ("child.py", "wire.py", "pool.py"):
        (tmp_path / "workers" / name).write_text(name)
    return tmp_path


def test_it_is_a_digest_and_the_same_twice(root: Path) -> None:
    first = fingerprint(Options(), root=root)

    assert len(first) == 64
    assert int(first, 16)
    assert fingerprint(Options(), root=root) == first


@pytest.mark.parametrize(
    "name",
    [
        "analyse/engine.py",
        "analyse/data/weights.toml",
        "model/project.py",
        "limits.py",
        "workers/wire.py",
        "model/new",
    ],
)
def test_it_changes_with_any_file_of_the_analyser(root: Path, name: str) -> None:
    before = fingerprint(Options(), root=root)
    (root / name).write_text("other")

    assert fingerprint(Options(), root=root) != before


def test_it_changes_when_bytes_move_from_one_file_to_the_next(root: Path) -> None:
    (root / "model/a").write_text("xy")
    (root / "model/b").write_text("z")
    before = fingerprint(Options(), root=root)
    (root / "model/a").write_text("x")
    (root / "model/b").write_text("yz")

    assert fingerprint(Options(), root=root) != before


@pytest.mark.parametrize("name", ["workers/pool.py", "analyse/__pycache__/engine.pyc"])
def test_it_does_not_change_with_what_findings_do_not_depend_on(root: Path, name: str) -> None:
    before = fingerprint(Options(), root=root)
    (root / name).write_text("other")

    assert fingerprint(Options(), root=root) == before


def test_it_changes_with_the_options_and_the_versions(root: Path) -> None:
    before = fingerprint(Options(), root=root)

    assert fingerprint(Options(rules=("rule a {}",)), root=root) != before
    assert fingerprint(Options(everything=True), root=root) != before
    assert fingerprint(Options(), root=root, versions="3.99, yara_x 9") != before


def test_the_real_one_is_quick() -> None:
    fingerprint(Options())
    times = []
    for _ in range(5):
        started = time.perf_counter()
        fingerprint(Options())
        times.append(time.perf_counter() - started)

    assert min(times) < 0.1
