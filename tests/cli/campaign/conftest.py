"""A reference of known projects that knows the invented cloud's SDK."""

from __future__ import annotations

from pathlib import Path

import pytest

from stockade.analyse.identity.reference import written
from tests.support.campaign import skycloud
from tests.support.sdk import known


@pytest.fixture(scope="session")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reference's file."""
    files = {path: data.decode() for path, data in skycloud().items() if path.endswith(".py")}
    path = tmp_path_factory.mktemp("reference") / "reference.bin"
    path.write_bytes(written([known("skycloud-sdk-core", {"3.4.1": files})]))
    return path
