"""What changed in an ecosystem's folder since a moment: its list (``modified_id.csv``), and each record by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

from stockade import limits
from stockade.acquire.advisories.files import looks_like_a_page
from stockade.acquire.index.credentials import shown_url
from stockade.acquire.index.parallel import in_parallel
from stockade.acquire.index.transport import Transport
from stockade.errors import BadFeed

if TYPE_CHECKING:
    import httpx

LIST = "modified_id.csv"
_ROW = re.compile(
    r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z),(?:[^,/]+/)?([A-Za-z0-9][A-Za-z0-9._:+-]{0,99})"
)


def changed_since(base: str, transport: Transport, since: datetime) -> dict[str, datetime] | None:
    """Id -> when it was changed, of all that changed at `since` or later; None where `base` has no such list.

    The list has the newest first, so that no more of it is read than is new. Raises BadFeed.
    """
    url = base + LIST

    def read(response: httpx.Response) -> dict[str, datetime] | None:
        if response.status_code == 404:
            return None
        if response.status_code != 200:
            raise BadFeed(f"{shown_url(url)} answers {response.status_code}")
        found: dict[str, datetime] = {}
        for line in _lines(response, transport, url):
            row = _ROW.fullmatch(line)
            when = _when(row[1]) if row else None
            if row is None or when is None:
                raise BadFeed(f"{shown_url(url)} is no list of changes: it has the line {ascii(line)[:60]}")
            if when < since:
                break
            found.setdefault(row[2], when)
        return found

    return transport.get(url, {"Accept": "text/csv"}, read)


def _when(text: str) -> datetime | None:
    """A time that ends with Z, None for one that is in no calendar; rounded as it is where a record says it."""
    import msgspec

    try:
        return msgspec.convert(text, datetime).astimezone(UTC)
    except msgspec.ValidationError:
        return None


def _lines(response: httpx.Response, transport: Transport, url: str) -> Iterator[str]:
    watch, rest, first = transport.watch(response), b"", True
    for data in response.iter_bytes():
        if watch(len(data)) > limits.MAX_MODIFIED_LIST:
            raise BadFeed(f"{shown_url(url)} sends more than {limits.MAX_MODIFIED_LIST >> 20} MiB")
        if first and looks_like_a_page(data):
            raise BadFeed(f"{shown_url(url)} serves a web page, not a list of changes")
        first = False
        *whole, rest = (rest + data).split(b"\n")
        if len(rest) > limits.MAX_ADVISORY_WORD:
            raise BadFeed(f"{shown_url(url)} is no list of changes")
        yield from (line.decode("ascii", "replace").strip() for line in whole if line.strip())
    if rest.strip():
        yield rest.decode("ascii", "replace").strip()


def fetched(base: str, transport: Transport, ids: Sequence[str]) -> Iterator[tuple[str, bytes | None]]:
    """(id, content) of each record, None for one that is not there any more; raises BadFeed and as Transport does."""

    def one(key: str) -> tuple[str, bytes | None]:
        url = f"{base}{quote(key)}.json"

        def read(response: httpx.Response) -> bytes | None:
            if response.status_code == 404:
                return None
            if response.status_code != 200:
                raise BadFeed(f"{shown_url(url)} answers {response.status_code}")
            return transport.read_body(response, limits.MAX_ADVISORY)

        return key, transport.get(url, {"Accept": "application/json"}, read)

    return in_parallel(one, ids, limits.MAX_CONNECTIONS)
