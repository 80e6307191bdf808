"""What resolution needs of the rest of the world."""

from __future__ import annotations

from typing import Protocol

from stockade.model.artifact import Artifact
from stockade.model.evidence import Gap
from stockade.model.project import ArtifactRef, ProjectName


class Files(Protocol):
    """One project's page (acquire.index.listing.Listing)."""

    @property
    def files(self) -> tuple[ArtifactRef, ...]: ...

    @property
    def gaps(self) -> tuple[Gap, ...]: ...


class Index(Protocol):
    """What an index offers (acquire.index.simple.Index); asked from several threads at once."""

    def listing(self, name: ProjectName) -> Files: ...

    def metadata(self, ref: ArtifactRef) -> bytes | None: ...


class Fetcher(Protocol):
    """Brings a file here, its digest checked (acquire.fetch.Fetcher); asked from several threads at once."""

    def fetch(self, ref: ArtifactRef) -> Artifact: ...


class Ranges(Protocol):
    """Reads a part of a file where it lies."""

    def part(self, ref: ArtifactRef, start: int, length: int) -> tuple[bytes, int] | None:
        """At most `length` bytes from `start`, and the file's size; None where only whole files can be had.

        A negative `start` counts from the end.
        """
