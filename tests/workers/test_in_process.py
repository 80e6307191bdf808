"""The analyser without walls: same answers, and it says that it has none."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from stockade.confine import WALLS
from stockade.model.assessment import Findings
from stockade.workers import confined, in_process, missing
from tests.workers.making import artifact, echo, findings, why


def test_every_wall_is_down_and_missing() -> None:
    analyser = in_process(load=lambda: echo)

    assert [(wall.name, wall.up) for wall in analyser.walls] == [(name, False) for name in WALLS]
    assert missing(analyser.walls) == analyser.walls
    assert {wall.why for wall in analyser.walls} == {"analysis runs in the calling process"}
    analyser.close()


@pytest.mark.parametrize("content", [b"body", b""])
def test_it_hands_over_the_same_as_a_worker_gets(tmp_path: Path, content: bytes) -> None:
    one = artifact(tmp_path, content)
    with confined(jobs=1, load=lambda: echo, options=[1]) as apart:
        inside = in_process([1], load=lambda: echo)
        assert list(inside.analyse([one])) == list(apart.analyse([one]))


def test_what_goes_wrong_is_a_gap(tmp_path: Path) -> None:
    def analyse(data: memoryview, *, filename: str, sha256: str, **_: Any) -> Findings:
        if filename == "starves":
            raise MemoryError
        return findings("00" * 32 if filename == "lies" else sha256)

    changed = replace(artifact(tmp_path, name="changed"), size=3)
    others = [artifact(tmp_path, name=name) for name in ("starves", "lies")]

    results = in_process(load=lambda: analyse).analyse([changed, *others])

    assert [why(found) for _, found in results] == [
        "was not given the file, which has 10 bytes, and had 3 when it was checked",
        "needed more memory than there is",
        "sent a result about other bytes",
    ]


def test_where_the_kernel_has_no_pidfd_or_is_another_analysis_runs_here(tmp_path: Path) -> None:
    one = artifact(tmp_path)
    for platform, opener in (("darwin", os.pidfd_open), ("linux", None)):
        with confined(load=lambda: echo, platform=platform, pidfd_open=opener) as analyser:
            assert not any(wall.up for wall in analyser.walls)
            assert "kernel" in analyser.walls[0].why
            assert len(list(analyser.analyse([one]))) == 1
