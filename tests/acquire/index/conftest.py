"""Fixtures of the index tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.machine import Machine


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A made-up machine without any configuration."""
    made = Machine(tmp_path)
    made.cwd.mkdir(parents=True)
    made.home.mkdir()
    return made
