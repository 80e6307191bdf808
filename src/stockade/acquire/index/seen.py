"""An index whose files have a time even where it tells none: that of our own ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from stockade.acquire.index.listing import Listing
from stockade.acquire.index.settings import Source
from stockade.acquire.index.simple import SimpleIndex
from stockade.model.project import ArtifactRef, ProjectName


class FirstSeen(Protocol):
    """What remembers (stockade.remember.ledger.Ledger)."""

    def first_seen(
        self, index: str, name: ProjectName, versions: Iterable[str], now: datetime
    ) -> Mapping[str, datetime]: ...


class SeenIndex:
    """`inner`, where files without an upload time get the moment in which their release was first seen here.

    What an index says itself always counts. `now` is aware.
    """

    def __init__(self, inner: SimpleIndex, seen: FirstSeen, now: datetime) -> None:
        self._inner, self._seen, self._now = inner, seen, now
        self._known: dict[ProjectName, Listing] = {}

    def listing(self, name: ProjectName) -> Listing:
        """As SimpleIndex.listing, dated."""
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = self._look(name)
        return known

    def forget(self, name: ProjectName) -> None:
        """As SimpleIndex.forget."""
        self._known.pop(name, None)
        self._inner.forget(name)

    def stale(self, name: ProjectName) -> float:
        """As SimpleIndex.stale."""
        return self._inner.stale(name)

    def sources_for(self, name: ProjectName) -> list[Source]:
        """As SimpleIndex.sources_for."""
        return self._inner.sources_for(name)

    def _look(self, name: ProjectName) -> Listing:
        page = self._inner.listing(name)
        undated: dict[str, dict[str, None]] = {}
        for ref in page.files:
            if ref.uploaded is None:
                undated.setdefault(ref.index, {})[ref.release.version] = None
        if not undated:
            return page
        times = {
            label: self._seen.first_seen(label, name, versions, self._now)
            for label, versions in undated.items()
        }
        return replace(page, files=tuple(_dated(ref, times) for ref in page.files))

    def metadata(self, ref: ArtifactRef) -> bytes | None:
        """As SimpleIndex.metadata."""
        return self._inner.metadata(ref)


def _dated(ref: ArtifactRef, times: Mapping[str, Mapping[str, datetime]]) -> ArtifactRef:
    when = times.get(ref.index, {}).get(ref.release.version) if ref.uploaded is None else None
    return ref if when is None else replace(ref, uploaded=when)
