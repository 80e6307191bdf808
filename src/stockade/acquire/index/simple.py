"""The package index as the Simple API offers it (PEP 503, 691, 700, 714, 792), merged over all sources.

`Index` is what the rest of Stockade asks; `SimpleIndex` is the real one.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar
from urllib.parse import urlsplit

from stockade import limits
from stockade.acquire.index.blobs import BlobStore
from stockade.acquire.index.html_page import read_html
from stockade.acquire.index.json_page import read_json
from stockade.acquire.index.listing import Listing, joined
from stockade.acquire.index.listing_cache import ListingCache, Page, freshness
from stockade.acquire.index.local import read_local
from stockade.acquire.index.parallel import in_parallel
from stockade.acquire.index.parsed import ParsedPages
from stockade.acquire.index.settings import Source, SourceKind, Strategy
from stockade.acquire.index.transport import Transport
from stockade.errors import DigestMismatch, IndexUnavailable, NotCached, ProjectNotFound, TooBig, Truncated
from stockade.model.evidence import Gap, GapKind
from stockade.model.project import ArtifactRef, Digest, ProjectName

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")
#: A name -> what tells of a URL whether it may serve that name; None where any may.
Rule = Callable[[ProjectName], Callable[[str], bool] | None]
_JSON = "application/vnd.pypi.simple.v1+json"
_HTML = ("application/vnd.pypi.simple.v1+html", "text/html")
ACCEPT = f"{_JSON}, {_HTML[0]};q=0.2, {_HTML[1]};q=0.01"
_GONE = frozenset({404, 410})


class Index(Protocol):
    """Where projects are looked up."""

    def listing(self, name: ProjectName) -> Listing:
        """Everything that is offered of a project; raises ProjectNotFound, IndexUnavailable."""

    def listings(self, names: Iterable[ProjectName]) -> dict[ProjectName, Listing]:
        """Several at once; raises the first failure."""

    def metadata(self, ref: ArtifactRef) -> bytes | None:
        """The core metadata that is offered beside a file (PEP 658), digest-checked; None where none is."""


class SimpleIndex:
    """All the sources of one installer, asked as it would ask them; safe to use from many threads.

    `cache` is the folder for everything that Stockade may lose; `now` gives seconds since 1970. Offline it uses
    what is cached, of any age, and local folders. `notes` are sentences that a person should read. `rule` gives for a
    name what tells of a source's URL whether it may serve that, None where any may: others are not even asked, so
    that a private name goes nowhere else. `sources` stand in for those of the transport's settings.
    `parsed` is another index's memory of what pages were read as. A `lenient` one takes a page that it has kept, of any
    age, where the index cannot be asked.
    """

    def __init__(
        self,
        transport: Transport,
        cache: Path,
        *,
        offline: bool = False,
        now: Callable[[], float] = time.time,
        rule: Rule = lambda name: None,
        sources: tuple[Source, ...] | None = None,
        lenient: bool = False,
        parsed: ParsedPages | None = None,
    ) -> None:
        self._rule, self._now, self._lenient = rule, now, lenient
        self._stale: dict[str, float] = {}
        self._transport = transport
        self._settings = transport.settings
        if sources is not None:
            self._settings = replace(self._settings, sources=sources, pins={})
        self._pages = ListingCache(cache / "listings", now)
        self.parsed = parsed or ParsedPages(cache / "parsed")
        self._blobs = BlobStore(cache / "metadata")
        self._offline = offline
        self._known: dict[ProjectName, Listing] = {}
        self._links: dict[str, Page] = {}
        self._lock = threading.Lock()

    @property
    def notes(self) -> tuple[str, ...]:
        """What the settings, netrc and the cache had to remark."""
        own = [self._pages.trouble] if self._pages.trouble else []
        return (*self._settings.notes, *dict.fromkeys(self._transport.notes + own))

    def close(self) -> None:
        """Tidy the cache; the transport is closed by whoever made it."""
        self._pages.prune()
        self.parsed.prune()
        self._blobs.close()

    def listing(self, name: ProjectName) -> Listing:
        """Everything that the sources offer of a project, asked at most once a run.

        Raises ProjectNotFound where no source knows it, IndexUnavailable where one of them cannot be asked:
        what it would have offered would stay unjudged.
        """
        known = self._known.get(name)
        if known is None:
            known = self._joined(name)
            with self._lock:
                self._known[name] = known
        return known

    def forget(self, name: ProjectName) -> None:
        """Look at the page cache, or at the index, again when the project is next asked for."""
        with self._lock:
            self._known.pop(name, None)

    def stale(self, name: ProjectName) -> float:
        """How many seconds old the page of a project is where it stands in for one that could not be had; else 0."""
        ages = (self._stale.get(_page_url(source, name), 0.0) for source in self.sources_for(name))
        return max(ages, default=0.0)

    def listings(self, names: Iterable[ProjectName]) -> dict[ProjectName, Listing]:
        """The listings of several projects, asked for at once, in the order of `names`; raises as `listing`."""
        wanted = list(dict.fromkeys(names))
        for _ in in_parallel(self.listing, wanted, limits.MAX_CONNECTIONS):
            pass
        return {name: self.listing(name) for name in wanted}

    def metadata(self, ref: ArtifactRef) -> bytes | None:
        """The METADATA that the index offers beside a wheel (PEP 658, PEP 714), or None where it offers none.

        Raises DigestMismatch where it is not what the listing promised, IndexUnavailable where it cannot be had.
        """
        if ref.metadata_sha256 is None:
            return None
        promised = Digest(ref.metadata_sha256) if ref.metadata_sha256 else None
        if promised and (kept := self._blobs.read(promised, limits.MAX_METADATA)) is not None:
            return kept
        if self._offline:
            raise NotCached(f"the metadata of {ref.filename} is not cached, and --offline forbids asking")
        body = self._get(f"{ref.url}.metadata", {}, lambda response: self._metadata_body(response, ref))
        if promised:
            with self._blobs.incoming() as incoming:
                incoming.write(body)
                if incoming.digest() != promised:
                    raise DigestMismatch(f"the metadata of {ref.filename} is not what {ref.index} promised")
                incoming.keep()
        return body

    def _metadata_body(self, response: httpx.Response, ref: ArtifactRef) -> bytes:
        if response.status_code != 200:
            status = response.status_code
            raise IndexUnavailable(
                f"{ref.index} answers {status} for the metadata that it offers of {ref.filename}"
            )
        return self._transport.read_body(response, limits.MAX_METADATA)

    def _joined(self, name: ProjectName) -> Listing:
        found: list[Listing] = []
        known = False
        for source in self.sources_for(name):
            if known and source.kind is not SourceKind.LINKS and self._settings.strategy is Strategy.FIRST:
                continue
            page = self._from_source(source, name)
            if page is None:
                continue
            found.append(page)
            known = (
                known
                or source.kind is SourceKind.SIMPLE
                or (source.kind is SourceKind.FLAT and bool(page.files))
            )
        if not known and not any(page.files for page in found):
            raise ProjectNotFound(self._not_found(name))
        return joined(name, found)

    def sources_for(self, name: ProjectName) -> list[Source]:
        """The sources that may serve `name`: those that policy says, else the one that it is pinned to, else all that
        aren't explicit. Raises IndexUnavailable where none is left."""
        may = self._rule(name)
        if may is not None:
            chosen = [one for one in self._settings.sources if may(one.url)]
            if not chosen:
                raise IndexUnavailable(f"policy lets an index serve {name} that is not configured here")
            return chosen
        pinned = self._settings.pins.get(name)
        if pinned is not None and not self._settings.no_index:
            chosen = [one for one in self._settings.sources if one.name == pinned]
            if not chosen:
                raise IndexUnavailable(
                    f"{name} is pinned to an index named {pinned!r}, and none is called that"
                )
            return chosen[:1]
        return [one for one in self._settings.sources if not one.explicit]

    def _not_found(self, name: ProjectName) -> str:
        labels = list(dict.fromkeys(one.label for one in self.sources_for(name)))
        if not labels:
            return f"{name} cannot be looked up: no-index is set, and there are no find-links"
        offline = " (by what is cached)" if self._offline else ""
        return f"there is no project {name} on {', '.join(labels)}{offline}"

    def _from_source(self, source: Source, name: ProjectName) -> Listing | None:
        """What one source says of `name`; None where it does not know it."""
        if source.url.startswith("file:"):
            return read_local(source, name)
        if source.kind is not SourceKind.SIMPLE:
            return self._from_links(source, name)
        if (known := self._read_before(source, name)) is not None:
            return known
        page = self._page(_page_url(source, name), source)
        found = self.parsed.get(page, name, source.label) if page.kind else None
        if page.kind and found is None:
            read = read_json if page.kind == _JSON else read_html
            found = read(page.body, name, index=source.label, page=page.address)
            self.parsed.put(page, name, source.label, found)
        self._keep(page)
        return found

    def _read_before(self, source: Source, name: ProjectName) -> Listing | None:
        """What a page says that is here, need not be asked for and was read before: then nobody reads it again."""
        kept = self._pages.bodiless(_page_url(source, name))
        if kept is None or not kept.kind or not (self._offline or self._pages.is_fresh(kept)):
            return None
        return self.parsed.get(kept, name, source.label)

    def _from_links(self, source: Source, name: ProjectName) -> Listing:
        """What a find-links page lists of `name`; the page is asked for once a run."""
        page = self._links.get(source.url) or self._page(source.url, source)
        self._links[source.url] = page
        if page.kind:
            found = read_html(page.body, name, index=source.label, page=page.address, of_any=True)
        else:
            gap = Gap(
                kind=GapKind.SCOPE, what=source.label, why="it is set up as find-links and is not there"
            )
            found = Listing(project=name, gaps=(gap,))
        self._keep(page)
        return found

    def _keep(self, page: Page) -> None:
        """Keep a page that could be read; a page of who stands before the index is never kept."""
        if not page.fetched:
            self._pages.put(page)

    def _page(self, url: str, source: Source) -> Page:
        """A page from the cache, or from the index and not kept yet; of kind "" where the index has none."""
        kept = self._pages.get(url)
        if kept is not None and (self._offline or self._pages.is_fresh(kept)):
            return kept
        if self._offline:
            raise NotCached(f"{url} is not cached, and --offline forbids asking {source.label}")
        headers = {"Accept": ACCEPT}
        if kept is not None and kept.etag:
            headers["If-None-Match"] = kept.etag
        elif kept is not None and kept.modified:
            headers["If-Modified-Since"] = kept.modified
        try:
            page = self._get(url, headers, lambda response: self._answer(response, url, source, kept))
        except IndexUnavailable:
            if kept is None or not self._lenient:
                raise
            self._stale[url] = max(1.0, self._now() - kept.fetched)
            return kept
        self._stale.pop(url, None)
        return page

    def _answer(self, response: httpx.Response, url: str, source: Source, kept: Page | None) -> Page:
        headers, status = response.headers, response.status_code
        fresh = freshness(headers)
        if status == 304 and kept is not None:
            return replace(kept, fresh=fresh, fetched=0.0)
        if status in _GONE:
            return Page(url=url, address=url, kind="", body=b"")
        if status in {401, 403, 407}:
            raise IndexUnavailable(f"{source.label} answers {status}: it wants a login, or another one")
        if status != 200:
            raise IndexUnavailable(f"{source.label} answers {status} for {urlsplit(url).path}")
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in {_JSON, *_HTML}:
            raise IndexUnavailable(f"{source.label} answers with {kind[:60]!r}, which is no listing")
        return Page(
            url=url,
            address=str(response.url),
            kind=kind,
            body=self._transport.read_body(response, limits.MAX_LISTING),
            etag=headers.get("etag", ""),
            modified=headers.get("last-modified", ""),
            fresh=fresh,
        )

    def _get(self, url: str, headers: dict[str, str], read: Callable[[httpx.Response], T]) -> T:
        """A request where a broken answer means that the index, not one file, cannot be used."""
        try:
            return self._transport.get(url, headers, read)
        except (Truncated, TooBig) as why:
            raise IndexUnavailable(str(why)) from None


def _page_url(source: Source, name: ProjectName) -> str:
    return f"{source.url.rstrip('/')}/{name}/"
