"""What the gate needs of the rest of Stockade. All of it may block, and is called from threads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

from stockade.model.artifact import Artifact
from stockade.model.evidence import Gap
from stockade.model.project import ArtifactRef, ProjectName, Release
from stockade.pipeline import Road, Seen


class Page(Protocol):
    """What an index lists of one project (acquire.index.listing.Listing)."""

    @property
    def files(self) -> tuple[ArtifactRef, ...]: ...
    @property
    def status(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def gaps(self) -> tuple[Gap, ...]: ...


class Upstream(Protocol):
    """The indexes behind the gate. `base` is the URL of one of them, None stands for all that are configured."""

    @property
    def bases(self) -> tuple[str, ...]:
        """The URLs of the configured simple indexes, each with a slash at its end."""

    def listing(self, name: ProjectName, base: str | None) -> Page:
        """Raises ProjectNotFound (also where policy keeps the name from that index), IndexUnavailable."""

    def stale(self, name: ProjectName, base: str | None) -> float:
        """How many seconds old the last listing of a project is where the index could not be asked; else 0."""

    def metadata(self, ref: ArtifactRef) -> bytes | None:
        """The METADATA of a wheel; None where none can be read. Raises IndexUnavailable, FetchFailed."""

    def here(self, ref: ArtifactRef) -> Artifact | None:
        """The file if its bytes are on this machine, its digest checked; asks no index. Raises StoreFailed."""

    def fetch(self, ref: ArtifactRef) -> Artifact:
        """The file, its digest checked. Raises FetchFailed, StoreFailed."""

    def page(self, url: str) -> tuple[str, bytes] | None:
        """Media type and body of another page of a configured index; None where it has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What came of judging some files: every file of every release of their closures, and who brings whom."""

    seen: Sequence[Seen] = ()
    brings: Iterable[tuple[Release, frozenset[Release]]] = ()
    #: Files that were asked about and have no verdict, with the reason.
    failed: Iterable[tuple[ArtifactRef, str]] = ()


class Judge(Protocol):
    """Who looks at files, with all that they bring."""

    def judge(
        self,
        refs: Sequence[ArtifactRef],
        python: str | None,
        *,
        beside: Mapping[Release, ArtifactRef] = MappingProxyType({}),
        also: Sequence[ArtifactRef] = (),
        told: Callable[[Found], object] = lambda found: None,
    ) -> Found:
        """`refs`, resolved for that Python (``3.12`` or ``3.12.4``; None: the one here). Never raises StockadeError.

        `beside` are releases that the same client takes, as far as is known, each with a file of it, with which `refs`
        are linked where it was analysed; files of some of them, `also`, are judged after the others, where nothing is
        left to choose. `told` hears before the end, in this thread, of releases that
        are judged with all that they bring: where others are still under way, of allowed ones alone.
        """

    def road(self) -> Road:
        """The rules as they are now."""
