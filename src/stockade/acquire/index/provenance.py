"""Attestations as an index offers them (PEP 740): fetched, bounded, verified against the listed digest.

What verified is kept, by address and digest, since it does not change; it is verified again each time, so a cache that
somebody wrote to gives nothing away. A source that fails costs the figure, never the verdict.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from stockade import limits
from stockade.acquire.index.listing_cache import ListingCache, Page
from stockade.acquire.index.transport import Transport
from stockade.errors import FetchFailed, IndexUnavailable
from stockade.model.identity import Attested
from stockade.model.project import ArtifactRef, Digest

if TYPE_CHECKING:
    import httpx

#: PEP 740 names this type, and plain JSON besides.
_ACCEPT = "application/vnd.pypi.integrity.v1+json, application/json;q=0.9"


class Verifies(Protocol):
    """Who verifies (stockade.acquire.attestations.Attestations)."""

    def verified(self, body: bytes, filename: str, sha256: Digest) -> Attested: ...


class Provenances:
    """The attestations of files, from one run's index; safe to use from many threads.

    A host is asked no more once it has failed.
    """

    def __init__(
        self,
        transport: Transport,
        cache: Path,
        *,
        offline: bool = False,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._transport = transport
        self._pages = ListingCache(cache / "provenance", now)
        self._offline = offline
        self._lock = threading.Lock()
        self._verifying = threading.Lock()
        self._given_up: dict[str, str] = {}

    def close(self) -> None:
        """Tidy the cache."""
        self._pages.prune(limits.MAX_PROVENANCE_CACHE)

    def of(self, ref: ArtifactRef, verifier: Verifies) -> Attested | None:
        """What came of the file's attestations; None where the index names none."""
        if ref.provenance is None:
            return None
        if ref.sha256 is None:
            return Attested(filename=ref.filename, unknown="the index gives no digest to hold them against")
        key = f"{ref.provenance}#sha256={ref.sha256}"
        kept = self._pages.get(key)
        try:
            body = kept.body if kept is not None else self._asked(ref, ref.provenance)
        except (FetchFailed, IndexUnavailable) as why:
            return Attested(filename=ref.filename, unknown=f"its attestations could not be had: {why}")
        with self._verifying:
            found = verifier.verified(body, ref.filename, ref.sha256)
        if kept is None and found.publishers and not found.invalid:
            self._pages.put(Page(url=key, address=ref.provenance, kind="provenance", body=body))
        return found

    def _asked(self, ref: ArtifactRef, url: str) -> bytes:
        """The provenance object's bytes; raises FetchFailed or IndexUnavailable."""
        try:
            parts = urlsplit(url)
            _ = parts.port  # raises where the port isn't a number
        except ValueError:
            raise FetchFailed("their address is not a URL") from None
        allowed = {"https"} if ref.index.startswith("https:") else {"https", "http"}
        if parts.scheme not in allowed or not parts.hostname or "@" in parts.netloc:
            raise FetchFailed("their address is not one that this index may send us to")
        if self._offline:
            raise FetchFailed("they are not cached, and --offline forbids asking")
        with self._lock:
            if parts.netloc in self._given_up:
                raise IndexUnavailable(self._given_up[parts.netloc])
        try:
            return self._transport.get(url, {"Accept": _ACCEPT}, self._answer)
        except IndexUnavailable as why:
            with self._lock:
                self._given_up[parts.netloc] = str(why)
            raise

    def _answer(self, response: httpx.Response) -> bytes:
        if response.status_code != 200:
            raise FetchFailed(f"{response.url.host} answers {response.status_code}")
        return self._transport.read_body(response, limits.MAX_PROVENANCE)
