"""The index of a judgement where a command also asks indexes that nobody configured (``--index-url`` among its words).

A name is asked of those that the command's own installer asked for it, and of no others: that a name is there may be
nobody else's business. Of a name that it did not ask for yet, first of the indexes that the files come from which bring
it; the configured ones only where those do not know it and the command uses them, too.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress
from typing import Protocol

from stockade.acquire.index.listing import Listing, joined
from stockade.acquire.index.seen import SeenIndex
from stockade.acquire.index.settings import Source
from stockade.cli.world import Dated
from stockade.errors import IndexUnavailable, ProjectNotFound
from stockade.model.project import ArtifactRef, ProjectName


class Indexes(Protocol):
    """Whom clients asked for what (cli.gating.Upstreams)."""

    @property
    def bases(self) -> tuple[str, ...]: ...
    def asked_for(self, name: ProjectName) -> frozenset[str]: ...
    def uses_configured(self) -> bool: ...
    def may(self, name: ProjectName, base: str) -> bool: ...
    def single(self, base: str) -> SeenIndex: ...


class Beside:
    """The configured indexes, `dated`, with others that clients ask; `origins` are those that the files come from."""

    def __init__(self, dated: Dated, indexes: Indexes, origins: Collection[str]) -> None:
        self._dated, self._indexes, self._origins = dated, indexes, origins

    def listing(self, name: ProjectName) -> Listing:
        """What those offer that may be asked; raises ProjectNotFound, IndexUnavailable."""
        bases = self._indexes.asked_for(name)
        if bases:
            return self._joined(name, self._others(bases), configured=bool(bases & {*self._indexes.bases}))
        others = self._others(self._origins)
        with suppress(ProjectNotFound):
            return self._joined(name, others, configured=False)
        mine = len(others) < len({*self._origins}) or not self._origins
        return self._joined(name, [], configured=mine or self._indexes.uses_configured())

    def _others(self, bases: Collection[str]) -> list[str]:
        return sorted({*bases} - {*self._indexes.bases})

    def _joined(self, name: ProjectName, others: Collection[str], *, configured: bool) -> Listing:
        pages: list[Listing] = []
        asks: list[Callable[[ProjectName], Listing]] = [self._dated.listing] if configured else []
        asks += [self._indexes.single(base).listing for base in others if self._indexes.may(name, base)]
        away: IndexUnavailable | None = None
        for ask in asks:
            try:
                pages.append(ask(name))
            except ProjectNotFound:
                continue
            except IndexUnavailable as why:
                away = away or why
        if away is not None and not pages:
            raise away
        if not pages:
            raise ProjectNotFound(f"there is no project {name} on the indexes that were asked for it")
        return joined(name, pages)

    def sources_for(self, name: ProjectName) -> list[Source]:
        """As SimpleIndex.sources_for."""
        return self._dated.sources_for(name)

    def metadata(self, ref: ArtifactRef) -> bytes | None:
        """As SimpleIndex.metadata."""
        return self._dated.metadata(ref)

    def forget(self, name: ProjectName) -> None:
        """As SimpleIndex.forget."""
        self._dated.forget(name)

    def stale(self, name: ProjectName) -> float:
        """As SimpleIndex.stale."""
        return self._dated.stale(name)
