"""The order of the whole suite."""

from __future__ import annotations

from pathlib import Path

import pytest

_WORKERS = Path(__file__).parent / "workers"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The workers' tests first: they fork this process under limits of memory, and later tests leave it large."""
    items.sort(key=lambda one: not one.path.is_relative_to(_WORKERS))
