"""Honest distributions that do what the campaign does, but for its oddness: each is allowed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.campaign.judged import judged, paths_of
from tests.cli.conftest import Run
from tests.support.twins import TWINS


@pytest.mark.parametrize("name", list(TWINS))
@pytest.mark.parametrize("evidence", ["all", "code"])
def test_an_honest_twin_is_allowed(
    run: Run, tmp_path: Path, reference: Path, name: str, evidence: str
) -> None:
    options = ("--evidence", evidence, "--reference", reference)
    reports = judged(run, tmp_path / "wheels", TWINS[name], *options)
    refused = {
        name: (one["action"], one["score"], one["evidence"], paths_of(one))
        for name, one in reports.items()
        if one["action"] != "allow"
    }
    assert refused == {}
