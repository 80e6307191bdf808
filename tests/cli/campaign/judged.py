"""What `stockade scan --closure` says of a few distributions, and what must hold of a path."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol

from tests.cli.conftest import Run
from tests.support.campaign import Campaign

#: Who hands a caller's secret on, and who sends what it is given.
HANDS, SENDS = "secret-leaves-package", "receives-and-sends"
Report = dict[str, Any]


class Wheel(Protocol):
    """What can be written as a wheel."""

    @property
    def filename(self) -> str: ...
    def write(self, folder: Path) -> Path: ...


def judged(run: Run, folder: Path, wheels: Iterable[Wheel], *options: object) -> dict[str, Report]:
    """The report on each wheel, by its name, when these are linked and nothing else is."""
    folder.mkdir(exist_ok=True)
    paths = [one.write(folder) for one in wheels]
    ran = run("scan", "--closure", *paths, "--format", "ndjson", *options)
    reports = [json.loads(line) for line in ran.out.splitlines()]
    assert len(reports) == len(paths), ran.err
    return {Path(one["artifact"]).name: one for one in reports}


def paths_of(report: Report) -> list[list[dict[str, Any]]]:
    """The ways of values that its evidence tells."""
    return [one["path"] for one in report["evidence"] if one.get("path")]


def assert_caught(made: Campaign, reports: dict[str, Report]) -> None:
    """Whoever takes the secret and whoever sends it is blocked, and the clone's evidence shows the whole way."""
    actions = {name: report["action"] for name, report in reports.items()}
    guilty = {one.filename for one in made.guilty}
    assert {name for name, action in actions.items() if action == "block"} >= guilty, actions
    ways = paths_of(reports[made.clone.filename])
    assert any({step["artifact"] for step in way} >= guilty for way in ways), ways
    ours = {one.filename: one for one in made.every}
    for step in (step for way in ways for step in way if step["artifact"] in ours):
        lines = ours[step["artifact"]].text(step["file"]).splitlines()
        assert 1 <= step["line"] <= len(lines), step
        assert step["what"]
