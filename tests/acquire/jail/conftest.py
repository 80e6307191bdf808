"""Every test of a jail is one of each mechanism."""

from __future__ import annotations

import pytest

from tests.support.debian import bubblewrap
from tests.support.jails import MECHANISMS


@pytest.fixture(params=MECHANISMS)
def mechanism(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of one; bubblewrap is there."""
    name = str(request.param)
    if name == "bubblewrap":
        monkeypatch.setenv("STOCKADE_BWRAP", str(bubblewrap()))
    return name


@pytest.fixture
def bwrap(monkeypatch: pytest.MonkeyPatch) -> str:
    """bubblewrap alone."""
    program = str(bubblewrap())
    monkeypatch.setenv("STOCKADE_BWRAP", program)
    return program
