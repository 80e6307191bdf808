"""The whole road on the real index that pip is set up with. CI runs this; `make test` elsewhere leaves it out."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import Run

WELL_KNOWN = (
    "requests urllib3 numpy pandas flask django click rich httpx pydantic sqlalchemy pytest attrs packaging pyyaml"
    " cryptography jinja2 aiohttp pillow fastapi"
)


@pytest.mark.index
@pytest.mark.slow
def test_twenty_well_known_packages_are_allowed_with_all_that_they_bring(run: Run) -> None:
    # Some release or other among so many is always of the last three days, and asks.
    ran = run("check", *WELL_KNOWN.split(), "--resolve-older", "--format", "json")
    document = json.loads(ran.out)
    refused = {
        one["artifact"]: one["reasons"]
        for release in document["releases"]
        for one in release["artifacts"]
        if one["action"] != "allow"
    }
    assert refused == {}
    assert ran.code == 0
    assert len(document["releases"]) > len(WELL_KNOWN.split())


@pytest.mark.index
def test_a_name_that_nobody_has(run: Run) -> None:
    ran = run("check", "numppyy-surely-nobody-has-this")
    assert ran.code == 3
    assert "no project" in ran.err
