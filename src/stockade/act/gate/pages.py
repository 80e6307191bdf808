"""Projects' pages: asked for once for all who want them, kept for a while, made anew when what they show changes."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from starlette.concurrency import run_in_threadpool

from stockade import limits
from stockade.act.gate import listings
from stockade.act.gate.book import Book
from stockade.act.gate.ports import Judge, Page, Upstream
from stockade.act.gate.turns import Turns
from stockade.act.gate.urls import Roads
from stockade.errors import IndexUnavailable
from stockade.model.project import ArtifactRef, ProjectName
from stockade.pipeline import Road

#: Pages up to this many files are made without another thread.
_FEW = 400


@dataclass(slots=True)
class Kept:
    """A page of an index in memory, and what was made of it."""

    page: Page
    at: float
    stale: float = 0.0
    #: When the index was last asked in vain.
    tried: float = float("-inf")
    made: dict[tuple[str, bool], tuple[tuple[Any, ...], datetime | None, bytes, str]] = field(
        default_factory=dict
    )


class Pages:
    """The pages that clients ask for; belongs to one event loop. Those read are told to `roads`.

    With `told`, what pages leave out is kept in `hidden`, with the reason: what the story of a command tells. `newest`
    are those of them that an installer would have looked at first.
    """

    def __init__(
        self,
        upstream: Upstream,
        judge: Judge,
        book: Book,
        roads: Roads,
        clock: Callable[[], float],
        turns: Turns,
        *,
        told: bool,
    ) -> None:
        self._upstream, self._judge, self._book, self._roads = upstream, judge, book, roads
        self._turns = turns
        self._clock, self._told = clock, told
        self._pages: OrderedDict[tuple[ProjectName, str | None], Kept] = OrderedDict()
        self._asking: dict[tuple[ProjectName, str | None], asyncio.Future[Kept]] = {}
        self._renewing: dict[tuple[ProjectName, str], asyncio.Future[Kept]] = {}
        self.hidden: dict[ArtifactRef, str] = {}
        self.newest: set[ArtifactRef] = set()

    def known(self, name: ProjectName) -> Page | None:
        """The page of all indexes together, if it was asked for."""
        kept = self._pages.get((name, None))
        return None if kept is None else kept.page

    async def rendered(self, name: ProjectName, kept: Kept, kind: str, own: bool) -> tuple[bytes, str]:
        """A page as that media type, and its entity tag; `own` with the gate's addresses of files."""
        road = self._judge.road()
        stamp = (self._book.changed(name), road.policy, road.waivers, road.advisories.token())
        made = kept.made.get((kind, own))
        if made is None or made[0] != stamp or (made[1] is not None and made[1] <= road.now):
            made = kept.made[kind, own] = await self._made(name, kept, kind, own, stamp, road)
        return made[2], made[3]

    async def _made(
        self, name: ProjectName, kept: Kept, kind: str, own: bool, stamp: tuple[Any, ...], road: Road
    ) -> tuple[tuple[Any, ...], datetime | None, bytes, str]:
        def make() -> tuple[listings.Choice, bytes]:
            choice = listings.choose(kept.page, self._book, road)
            address = listings.through_gate if own else listings.as_upstream
            return choice, listings.rendered(name, kept.page, choice.files, kind, address)

        few = len(kept.page.files) < _FEW
        choice, body = make() if few else await run_in_threadpool(make)
        if self._told:
            self.hidden |= {one.ref: one.why for one in choice.hidden}
            self.newest |= {one.ref for one in listings.newest(choice)}
        return stamp, choice.until, body, listings.etag_of(body)

    async def withheld(self, name: ProjectName, client: str) -> dict[str, str]:
        """The versions of a project of which its page leaves files out, and why."""
        kept, road = await self.kept(name, None, client), self._judge.road()
        choice = await run_in_threadpool(listings.choose, kept.page, self._book, road)
        return {one.ref.release.version: one.why for one in choice.hidden}

    async def kept(self, name: ProjectName, base: str | None, client: str) -> Kept:
        """A page from memory, or asked for, once for all who want it; by whichever of them has a turn first."""
        key = (name, base)
        if (fresh := self._fresh(key)) is not None:
            return fresh
        under_way = self._asking.get(key)
        if under_way is None:
            async with self._turns.turn(client):
                # Others had their turns meanwhile.
                if (fresh := self._fresh(key)) is not None:
                    return fresh
                under_way = self._asking.get(key)
                if under_way is None:
                    under_way = self._asking[key] = asyncio.ensure_future(
                        self._asked(key, self._pages.get(key))
                    )
                    under_way.add_done_callback(lambda done: self._asking.pop(key, None))
                    return await asyncio.shield(under_way)
        return await asyncio.shield(under_way)

    async def file(
        self, name: ProjectName, fits: Callable[[ArtifactRef], bool], client: str
    ) -> ArtifactRef | None:
        """The file of a project that `fits`; by a page that is too old where a newer one takes more than a moment."""
        known = self._pages.get((name, None))
        found = None if known is None else next(filter(fits, known.page.files), None)
        if found is None or self._fresh((name, None)) is not None:
            return next(filter(fits, (await self.kept(name, None, client)).page.files), None)
        newer = self._renewing.get((name, client))
        if newer is None:
            newer = self._renewing[name, client] = asyncio.ensure_future(self.kept(name, None, client))
            newer.add_done_callback(lambda done: self._renewed(name, client, done))
        await asyncio.wait({newer}, timeout=limits.GATE_LISTING_PATIENCE)
        return next(filter(fits, newer.result().page.files), None) if newer.done() else found

    def _renewed(self, name: ProjectName, client: str, done: asyncio.Future[Kept]) -> None:
        self._renewing.pop((name, client), None)
        if not done.cancelled():
            done.exception()  # told to whoever still waited for it

    def _fresh(self, key: tuple[ProjectName, str | None]) -> Kept | None:
        kept = self._pages.get(key)
        if kept is None or not 0 <= self._clock() - max(kept.at, kept.tried) < limits.GATE_LISTING_SECONDS:
            return None
        self._pages.move_to_end(key)
        return kept

    async def _asked(self, key: tuple[ProjectName, str | None], before: Kept | None) -> Kept:
        now = self._clock()
        try:
            page = await self._turns.thread(self._upstream.listing, *key)
        except IndexUnavailable:
            if before is None:
                raise
            # One request in half a minute waits for an index that is away, and not every one.
            before.stale, before.tried = now - before.at, now
            return before
        # What was judged before still goes out when the index is away, and the page says how old it is.
        stale = await self._turns.thread(self._upstream.stale, *key)
        if before is not None and before.page == page:
            before.at, before.stale = now, stale
            return before
        kept = self._pages[key] = Kept(page, now, stale)
        self._roads.learn(page, configured=key[1] is None or key[1] in self._upstream.bases)
        while len(self._pages) > limits.MAX_GATE_LISTINGS:
            self._pages.popitem(last=False)
        return kept
