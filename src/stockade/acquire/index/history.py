"""What an index can tell of a project's past: its listing, and its JSON where one is offered.

The JSON's address is derived from the configured index (``…/simple/`` -> ``…/pypi/NAME/json``); an index of another
form has none, and then what it would say is unknown. No source that is down costs more than its own figure.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar
from urllib.parse import quote, urlsplit

from packaging.version import Version

from stockade import limits
from stockade.acquire.index.about import read_about, read_vulnerabilities, trimmed
from stockade.acquire.index.listing import Listing, parsed_version
from stockade.acquire.index.listing_cache import ListingCache, Page, freshness
from stockade.acquire.index.parallel import in_parallel
from stockade.acquire.index.settings import Source, SourceKind
from stockade.acquire.index.transport import Transport
from stockade.errors import FetchFailed, IndexUnavailable, ProjectNotFound
from stockade.model.evidence import Gap, GapKind
from stockade.model.identity import Claims, Past, ProjectHistory, Vulnerability
from stockade.model.project import ArtifactRef, ProjectName

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")
_GONE = frozenset({404, 410})
_LOWEST = Version("0")


def address_of(source: Source, name: ProjectName, version: str = "") -> str | None:
    """Where a source's JSON about `name`, or one release of it, lies by custom; None where its form says nothing."""
    root, slash, last = source.url.rstrip("/").rpartition("/")
    if (
        source.kind is not SourceKind.SIMPLE
        or source.url.startswith("file:")
        or not slash
        or last != "simple"
    ):
        return None
    return f"{root}/pypi/{name}/{quote(version)}/json" if version else f"{root}/pypi/{name}/json"


class Listings(Protocol):
    """Who lists a project, and where from (SimpleIndex, SeenIndex)."""

    def listing(self, name: ProjectName) -> Listing: ...
    def sources_for(self, name: ProjectName) -> list[Source]: ...


class Histories:
    """Snapshots of projects as of `at` (aware), from one run's index; safe to use from many threads.

    `now` gives seconds since 1970, for the cache. Each source is asked no more once it has failed, or where it knows
    nothing of the first project that it is asked about.
    """

    def __init__(
        self,
        index: Listings,
        transport: Transport,
        cache: Path,
        *,
        at: datetime,
        offline: bool = False,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._index = index
        self._transport = transport
        self._pages = ListingCache(cache / "projects", now)
        self._at = at
        self._offline = offline
        self._lock = threading.Lock()
        self._made: dict[ProjectName, tuple[Listing, ProjectHistory]] = {}
        self._given_up: dict[str, str] = {}
        self._answered: set[str] = set()

    def by(self, index: Listings) -> Histories:
        """The same, by the listings of another index; what this one learnt of sources holds for both."""
        other = copy(self)
        other._index = index  # noqa: SLF001 (a copy of ours)
        return other

    def close(self) -> None:
        """Tidy the cache."""
        self._pages.prune()

    def of(self, name: ProjectName, *, claims: bool = True) -> ProjectHistory:
        """The project's history; without `claims` nothing is asked that resolution has not asked already.

        Raises ProjectNotFound and IndexUnavailable as the listing does: without it there is nothing to tell.
        """
        listing = self._index.listing(name)
        found = self._of_listing(listing)
        if not claims:
            return found
        # Only who offers the project is asked about it: others need not learn its name.
        told, gaps = self._claims(name, frozenset(ref.index for ref in listing.files))
        return replace(found, claims=told, gaps=(*found.gaps, *gaps))

    def _of_listing(self, listing: Listing) -> ProjectHistory:
        known = self._made.get(listing.project)
        if known is None or known[0] is not listing:
            known = self._made[listing.project] = (listing, of_listing(listing, self._at))
        return known[1]

    def beside(self, name: ProjectName, project: ProjectName) -> Claims | None:
        """What whoever offers `project` tells about `name`, another; None where that is unknown."""
        listing = self._index.listing(project)
        return self._claims(name, frozenset(ref.index for ref in listing.files))[0]

    def several(
        self, names: Iterable[ProjectName], claims: Callable[[ProjectHistory], bool]
    ) -> dict[ProjectName, ProjectHistory]:
        """Histories of several projects at once; `claims` says of a listing's history whether to ask for more.

        A project that the index has no listing of (it came by a direct URL) is left out.
        """

        def one(name: ProjectName) -> tuple[ProjectName, ProjectHistory | None]:
            try:
                found = self.of(name, claims=False)
                return name, self.of(name) if claims(found) else found
            except (ProjectNotFound, IndexUnavailable):
                return name, None

        done = dict(in_parallel(one, dict.fromkeys(names), limits.MAX_CONNECTIONS))
        return {name: found for name in names if (found := done.get(name)) is not None}

    def vulnerabilities(self, name: ProjectName, version: str) -> tuple[Vulnerability, ...] | None:
        """The advisories that a release is exposed to, by the word of an index that offers it; None for unknown."""
        labels = frozenset(ref.index for ref in self._index.listing(name).files)
        found = self._asked(name, labels, version, lambda body: read_vulnerabilities(body, name))
        return None if isinstance(found, str) else found

    def _claims(self, name: ProjectName, labels: frozenset[str]) -> tuple[Claims | None, tuple[Gap, ...]]:
        """What the first source says that offers such a thing."""
        found = self._asked(name, labels, "", lambda body: read_about(body, name))
        if not isinstance(found, str):
            return found
        return None, (Gap(kind=GapKind.SCOPE, what=str(name), why=f"owners and links are unknown: {found}"),)

    def _asked(
        self, name: ProjectName, labels: frozenset[str], version: str, read: Callable[[bytes], T]
    ) -> T | str:
        """What `read` makes of the JSON of the first source that has one, or why there is none."""
        why = "the index offers no JSON about projects"
        for source in self._index.sources_for(name):
            url = address_of(source, name, version)
            if url is None or source.label not in labels:
                continue
            try:
                page = self._page(url, f"{source.label} {bool(version)}")
                if page.kind:
                    told = read(page.body)
                    if not page.fetched:
                        self._pages.put(page)
                    return told
                why = "the index knows nothing about it but its files"
            except IndexUnavailable as failed:
                why = str(failed)
        return why

    def _page(self, url: str, label: str) -> Page:
        """The page from the cache or the source; of kind "" where there is none. Raises IndexUnavailable."""
        kept = self._pages.get(url)
        if kept is not None and (self._offline or self._pages.is_fresh(kept)):
            return kept
        if self._offline:
            raise IndexUnavailable("it is not cached, and --offline forbids asking")
        with self._lock:
            if label in self._given_up:
                raise IndexUnavailable(self._given_up[label])
        headers = {"Accept": "application/json"}
        if kept is not None and kept.etag:
            headers["If-None-Match"] = kept.etag
        try:
            page = self._transport.get(url, headers, lambda response: self._answer(response, url, kept))
        except FetchFailed as failed:  # too big, or broken off: of this project only
            raise IndexUnavailable(str(failed)) from None
        except IndexUnavailable as failed:
            with self._lock:
                self._given_up[label] = str(failed)
            raise
        with self._lock:
            if page.kind:
                self._answered.add(label)
            elif label not in self._answered:
                self._given_up[label] = "the index offers no JSON about projects"
        return page

    def _answer(self, response: httpx.Response, url: str, kept: Page | None) -> Page:
        headers, status = response.headers, response.status_code
        if status == 304 and kept is not None:
            return replace(kept, fresh=freshness(headers), fetched=0.0)
        if status in _GONE:
            return Page(url=url, address=url, kind="", body=b"")
        if status != 200:
            raise IndexUnavailable(f"{urlsplit(url).hostname} answers {status} for {urlsplit(url).path}")
        return Page(
            url=url,
            address=str(response.url),
            kind=headers.get("content-type", "").partition(";")[0].strip().lower() or "unknown",
            body=trimmed(self._transport.read_body(response, limits.MAX_ABOUT)),
            etag=headers.get("etag", ""),
            fresh=freshness(headers),
        )


def of_listing(listing: Listing, at: datetime) -> ProjectHistory:
    """What the project's listing alone tells; times after `at` are no times."""
    by_text: dict[str, list[ArtifactRef]] = {}
    for ref in listing.files:
        by_text.setdefault(ref.release.version, []).append(ref)
    by_version: dict[str, list[ArtifactRef]] = {}
    for text, files in by_text.items():
        by_version.setdefault(_spelt(text), []).extend(files)
    found = [_past(files, at) for files in by_version.values()]
    ahead = sum(one.uploaded is not None and one.uploaded > at for one in listing.files)
    gaps = listing.gaps
    if ahead:
        why = f"the index gives {ahead} upload times that are still to come"
        gaps = (*gaps, Gap(kind=GapKind.SCOPE, what=str(listing.project), why=why))
    found.sort(key=lambda one: (one.uploaded is not None, one.uploaded or at, _order(one.version)))
    return ProjectHistory(
        project=listing.project,
        at=at,
        releases=tuple(found),
        status=listing.status,
        reason=listing.reason,
        gaps=gaps,
    )


def _past(files: list[ArtifactRef], at: datetime) -> Past:
    times = [one.uploaded for one in files if one.uploaded is not None and one.uploaded <= at]
    return Past(
        version=files[0].release.version,
        uploaded=min(times, default=None),
        files=len(files),
        yanked=all(one.yanked is not None for one in files),
        attested=any(one.provenance is not None for one in files),
    )


def _spelt(version: str) -> str:
    """One text for versions that are equal by PEP 440."""
    parsed = parsed_version(version)
    return version if parsed is None else str(parsed)


def _order(version: str) -> tuple[bool, Version, str]:
    parsed = parsed_version(version)
    return parsed is not None, parsed or _LOWEST, version
