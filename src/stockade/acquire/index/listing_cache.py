"""Project pages as they came, kept so that the next check asks less. Disposable, bounded, never trusted blindly.

A file holds one line of JSON (what was asked, when, and the digest of the rest) and the page. What cannot be
read as that is as good as absent. Addresses in it hold no passwords.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import msgspec

from stockade import limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One answer of an index: `kind` is its media type, or "" where the index knows no such page.

    `address` is where it came from in the end, `fetched` seconds since 1970, `fresh` how many seconds it may be
    used without asking again. `sha256` is the body's digest where that is known.
    """

    url: str
    address: str
    kind: str
    body: bytes
    etag: str = ""
    modified: str = ""
    fetched: float = 0.0
    fresh: float = 0.0
    sha256: str = field(default="", compare=False)


class _Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The first line of a file."""

    form: int
    url: str
    address: str
    kind: str
    etag: str
    modified: str
    fetched: float
    fresh: float
    sha256: str


_FORM = 1


class ListingCache:
    """Pages by URL, in a folder of their own; `now` gives seconds since 1970."""

    def __init__(self, folder: Path, now: Callable[[], float] = time.time) -> None:
        self._folder = folder
        self._now = now
        self._wrote = False
        #: Why nothing could be kept, once that happened.
        self.trouble: str | None = None

    def get(self, url: str) -> Page | None:
        """The page kept for `url`, whatever its age; None where there is none, or a damaged one."""
        path = self._path(url)
        try:
            with path.open("rb") as file:
                whole = file.read(limits.MAX_LISTING + (1 << 16))
        except OSError:
            return None
        line, _, body = whole.partition(b"\n")
        page = _headed(line, url)
        if page is None or page.sha256 != hashlib.sha256(body).hexdigest():
            return None
        return replace(page, body=body)

    def bodiless(self, url: str) -> Page | None:
        """The same without its body, which is not looked at: for whoever knows already what a page of that digest
        says."""
        try:
            with self._path(url).open("rb") as file:
                line = file.readline(1 << 16)
        except OSError:
            return None
        return _headed(line, url)

    def is_fresh(self, page: Page) -> bool:
        """Whether `page` may be used without asking; a clock that was set back makes it stale."""
        age = self._now() - page.fetched
        return 0 <= age < min(page.fresh, limits.MAX_LISTING_AGE)

    def put(self, page: Page) -> Page:
        """Keep `page` as of now and return it so; where the folder cannot be written, say so in `trouble`."""
        page = replace(page, fetched=self._now())
        facts = asdict(page)
        body = facts.pop("body")
        head = _Head(form=_FORM, **facts | {"sha256": hashlib.sha256(body).hexdigest()})
        path = self._path(page.url)
        try:
            write_whole(path, msgspec.json.encode(head) + b"\n" + body)
        except OSError as why:
            self.trouble = (
                f"{self._folder} cannot be written ({why.strerror}), so the index is asked each time"
            )
        self._wrote = True
        return page

    def prune(self, limit: int = limits.MAX_LISTING_CACHE) -> None:
        """Remove the pages that were fetched longest ago until the rest are within `limit` bytes."""
        if self._wrote:
            prune(self._folder, limit)

    def _path(self, url: str) -> Path:
        key = hashlib.sha256(url.encode()).hexdigest()
        return self._folder / key[:2] / key


def _headed(line: bytes, url: str) -> Page | None:
    """The page that the first line of a file tells of, without its body; None where that is not of `url`."""
    try:
        head = msgspec.json.decode(line, type=_Head)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if head.form != _FORM or head.url != url:
        return None
    return Page(
        url=url,
        address=head.address,
        kind=head.kind,
        body=b"",
        etag=head.etag,
        modified=head.modified,
        fetched=head.fetched,
        fresh=head.fresh,
        sha256=head.sha256,
    )


def write_whole(path: Path, data: bytes) -> None:
    """A file that only its owner reads, there whole or not at all; raises OSError."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        temporary.replace(path)
    except OSError:
        with suppress(OSError):
            temporary.unlink()
        raise


def freshness(headers: Mapping[str, str]) -> float:
    """Seconds for which an answer may be used without asking (RFC 9111), by its headers in lower case.

    An index that says nothing, and gives no validator by which it could be asked cheaply, is not asked again at
    once either.
    """
    if not any(headers.get(name) for name in ("cache-control", "expires", "pragma", "etag", "last-modified")):
        return limits.LISTING_AGE_UNSAID
    directives = headers.get("cache-control", "").lower()
    if re.search(r"\bno-(?:store|cache)\b", directives):
        return 0.0
    found = re.search(r"\bmax-age\s*=\s*\"?(\d{1,9})", directives)
    age = headers.get("age", "")
    spent = int(age) if age.isascii() and age.isdigit() and len(age) < 10 else 0
    return max(0.0, float(found[1]) - spent) if found else 0.0


def prune(folder: Path, limit: int, keep_since: float = float("inf")) -> None:
    """Remove the oldest files below `folder` (by modification time, none changed after `keep_since`) down to
    `limit` bytes in all, and what interrupted writers left a day ago. What cannot be removed stays.
    """
    found = []
    for path in folder.glob("*/*"):
        try:
            facts = path.stat()
        except OSError:
            continue
        found.append((facts.st_mtime, facts.st_size, path))
    total = sum(size for _, size, _ in found)
    stale = time.time() - 86_400
    for changed, size, path in sorted(found):
        left_over = path.name.startswith(".") and changed < stale
        if not left_over and (total <= limit or changed > keep_since):
            continue
        try:
            path.unlink()
        except OSError:
            continue
        total -= size
