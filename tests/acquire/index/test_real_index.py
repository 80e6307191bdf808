"""The index that this machine's pip is set up with: one small project, one small wheel."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from stockade.acquire.fetch import Fetcher
from stockade.acquire.index.listing import files_of
from stockade.acquire.index.settings import IndexFlags, index_settings
from stockade.acquire.index.simple import SimpleIndex
from stockade.acquire.index.transport import Transport
from stockade.model.artifact import Artifact, Kind
from stockade.model.project import project_name

pytestmark = pytest.mark.index


def test_a_small_project_of_the_configured_index(tmp_path: Path) -> None:
    # The home is a made-up one: this group may use the environment's settings, not a person's.
    settings = index_settings(os.environ, home=tmp_path, cwd=tmp_path, flags=IndexFlags(installer="pip"))
    cache = tmp_path / "cache"
    with Transport(settings) as transport:
        index, fetcher = SimpleIndex(transport, cache), Fetcher(transport, cache)
        listing = index.listing(project_name("six"))
        assert listing.status == "active"
        assert len(listing.files) > 20
        files = [ref for ref in files_of(listing, "1.16.0") if ref.index.startswith("http")]
        assert {ref.filename.rpartition(".")[2] for ref in files} == {"whl", "gz"}
        assert all(ref.sha256 and ref.size and ref.uploaded for ref in files)
        wheel = next(ref for ref in files if ref.filename.endswith(".whl"))
        ((_, got),) = fetcher.fetch_all([wheel])
        assert isinstance(got, Artifact)
        assert (got.sha256, got.size, got.kind) == (wheel.sha256, wheel.size, Kind.WHEEL)
    with Transport(settings) as transport:
        again = SimpleIndex(transport, cache, offline=True).listing(project_name("six"))
        assert again.files == listing.files
