"""Project pages as they were read, kept beside the pages themselves: to read one again takes ten times as long.

A kept form counts only for the very bytes, label and address that it was read from, and for the code that read it.
Like the pages it lies in a folder of Stockade's own; what cannot be read as that is as good as absent.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from functools import cache
from pathlib import Path

import msgspec

from stockade import limits
from stockade.acquire.index.listing import Listing
from stockade.acquire.index.listing_cache import Page, prune, write_whole
from stockade.model.project import ProjectName

#: What makes a Listing of a page: were any of it changed, what it made before would not count.
_READERS = ("pages.py", "json_page.py", "html_page.py", "listing.py", "credentials.py")


class ParsedPages:
    """Listings by the page that they were read from, in `folder` and, the ones used last, in memory; used by many
    threads. Nothing is ever raised."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._known: OrderedDict[str, Listing] = OrderedDict()
        self._files = 0
        self._wrote = False

    def get(self, page: Page, name: ProjectName, label: str) -> Listing | None:
        """What `page` of the index `label` was read as for `name`; None where that is not known."""
        key = _key(page, name, label)
        with self._lock:
            known = self._known.get(key)
            if known is not None:
                self._known.move_to_end(key)
                return known
        try:
            whole = self._path(key).read_bytes()
        except OSError:
            return None
        digest, body = whole[:64], whole[64:]
        if digest != hashlib.sha256(body).hexdigest().encode():
            return None
        try:
            found = msgspec.msgpack.decode(body, type=Listing)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return None
        self._remember(key, found)
        return found

    def put(self, page: Page, name: ProjectName, label: str, found: Listing) -> None:
        """Keep it; where the folder cannot be written, or the text not be encoded, only in memory."""
        key = _key(page, name, label)
        self._remember(key, found)
        try:
            body = msgspec.msgpack.encode(found)
        except (UnicodeEncodeError, msgspec.MsgspecError):
            return
        try:
            write_whole(self._path(key), hashlib.sha256(body).hexdigest().encode() + body)
        except OSError:
            return
        self._wrote = True

    def prune(self, limit: int = limits.MAX_LISTING_CACHE) -> None:
        """Remove the oldest from the folder until the rest are within `limit` bytes."""
        if self._wrote:
            prune(self._folder, limit)

    def _remember(self, key: str, found: Listing) -> None:
        with self._lock:
            if key not in self._known:
                self._known[key] = found
                self._files += len(found.files)
            while self._files > limits.MAX_PARSED_FILES and len(self._known) > 1:
                _, old = self._known.popitem(last=False)
                self._files -= len(old.files)

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / key


def _key(page: Page, name: ProjectName, label: str) -> str:
    parts = (
        _code(),
        page.sha256 or hashlib.sha256(page.body).hexdigest(),
        page.kind,
        page.address,
        label,
        name,
    )
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


@cache
def _code() -> str:
    """A digest of the code that reads pages."""
    here = Path(__file__).parent
    whole = hashlib.sha256()
    for name in _READERS:
        try:
            whole.update((here / name).read_bytes())
        except OSError:  # not installed as files
            whole.update(name.encode())
    return whole.hexdigest()
