"""A world in memory for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acquire.resolve.worlds import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    """An index and a fetcher in memory."""
    return World(tmp_path)
