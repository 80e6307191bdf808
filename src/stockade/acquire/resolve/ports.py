"""What resolution needs of the rest of the world."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from stockade.model.artifact import Artifact
from stockade.model.project import ArtifactRef, ProjectName


class Files(Protocol):
    """One project's page (acquire.index.Listing)."""

    @property
    def files(self) -> tuple[ArtifactRef, ...]: ...


class Index(Protocol):
    """What an index offers (acquire.index.Index)."""

    def listings(self, names: Iterable[ProjectName]) -> Mapping[ProjectName, Files]: ...


class Fetcher(Protocol):
    """Brings a file here, its digest checked (acquire.fetch.Fetcher)."""

    def fetch(self, ref: ArtifactRef) -> Artifact: ...
