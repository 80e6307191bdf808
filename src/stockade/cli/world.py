"""The index side of one run, as the person's installer would reach it."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Protocol

from stockade import limits
from stockade.acquire.fetch import Fetcher
from stockade.acquire.index.history import Histories
from stockade.acquire.index.listing import Listing
from stockade.acquire.index.provenance import Provenances
from stockade.acquire.index.seen import SeenIndex
from stockade.acquire.index.settings import IndexFlags, Source, default_index, index_settings
from stockade.acquire.index.simple import SimpleIndex
from stockade.acquire.index.transport import Transport
from stockade.acquire.resolve import TransportRanges
from stockade.acquire.sources.requirements import asked_for
from stockade.decide.indexes import may_redirect, rule
from stockade.decide.policy import Policy
from stockade.errors import StoreFailed
from stockade.model.identity import Attested
from stockade.model.project import ArtifactRef, ProjectName, Release, Requirement
from stockade.remember import folders
from stockade.remember.ledger import Ledger


class Dated(Protocol):
    """An index whose files have a time where anybody knows one (acquire.index.seen.SeenIndex)."""

    def listing(self, name: ProjectName) -> Listing: ...
    def sources_for(self, name: ProjectName) -> list[Source]: ...
    def metadata(self, ref: ArtifactRef) -> bytes | None: ...
    def forget(self, name: ProjectName) -> None: ...
    def stale(self, name: ProjectName) -> float: ...


@dataclass(frozen=True, slots=True)
class World:
    """What may be asked. `index` is the plain one, `dated` the same with our own times where it gives none; `label` is
    for reports. While it is used, `sayings` fills with sentences for a person, and `attested` with what came of the
    attestations of releases.
    """

    transport: Transport
    index: SimpleIndex
    dated: Dated
    fetcher: Fetcher
    ranges: TransportRanges
    constraints: tuple[Requirement, ...]
    label: str
    histories: Histories
    ledger: Ledger
    provenances: Provenances
    sayings: list[str]
    attested: dict[Release, tuple[Attested, ...]]


@contextmanager
def open_world(
    given: argparse.Namespace,
    flags: IndexFlags,
    now: datetime,
    policy: Policy,
    *,
    redirects: Callable[[str], bool] | None = None,
    lenient: bool = False,
    connections: int = limits.MAX_CONNECTIONS,
) -> Iterator[World]:
    """The person's own index, asked for what `policy` lets it serve over so many `connections` at a time; `lenient` as
    SimpleIndex takes it. `redirects` says to which hosts it may redirect, where not just `policy` does.

    Raises UsageError for a configuration that cannot work, StoreFailed.
    """
    flags = replace(
        flags,
        installer=given.installer,
        index_url=given.index_url or flags.index_url,
        extra_index_urls=(*flags.extra_index_urls, *given.extra_index_url),
    )
    settings = index_settings(os.environ, home=Path.home(), cwd=Path.cwd(), flags=flags)
    cache = folders.cache_folder(os.environ)
    try:
        cache.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as why:
        raise StoreFailed(f"the cache folder {cache} cannot be used: {why.strerror}") from None
    sayings: list[str] = []
    redirects = redirects or partial(may_redirect, policy)
    with Transport(settings, redirects=redirects, connections=connections) as transport:
        index = SimpleIndex(transport, cache, offline=given.offline, rule=rule(policy), lenient=lenient)
        fetcher = Fetcher(transport, cache, offline=given.offline)
        ledger = Ledger(folders.data_folder(os.environ), note=sayings.append)
        dated = SeenIndex(index, ledger, now)
        histories = Histories(dated, transport, cache, at=now, offline=given.offline)
        provenances = Provenances(transport, cache, offline=given.offline)
        try:
            own = default_index()
            labels = ["pip's default index" if one.label == own else one.label for one in settings.sources]
            constraints = asked_for(constraints=settings.constraints, env=os.environ, folder=Path.cwd())
            yield World(
                transport=transport,
                index=index,
                dated=dated,
                fetcher=fetcher,
                ranges=TransportRanges(transport),
                constraints=constraints.constraints,
                label=", ".join(labels) or "none",
                histories=histories,
                ledger=ledger,
                provenances=provenances,
                sayings=sayings,
                attested={},
            )
        finally:
            histories.close()
            provenances.close()
            ledger.close()
            fetcher.close()
            index.close()
