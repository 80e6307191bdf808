"""An archive from an address: goes on where it broke off, and is held against the checksums that its source gives."""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

import msgspec

from stockade import limits
from stockade.acquire.advisories.files import looks_like_a_page
from stockade.acquire.index.credentials import shown_url
from stockade.acquire.index.transport import Transport
from stockade.errors import BadFeed, TooBig, Truncated

if TYPE_CHECKING:
    import httpx

_RANGE = re.compile(r"bytes (\d+)-\d+/(?:\d+|\*)")
_PART = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """A whole archive at `path`; `version` tells it apart from a later one ("" where its source does not)."""

    path: Path
    version: str = ""


class _Begun(msgspec.Struct):
    """What a partial file is a part of."""

    url: str
    version: str


def archive(url: str, transport: Transport, folder: Path, name: str, have: str = "") -> Archive | None:
    """What `url` serves, in a file of `folder`; None where it is still version `have`.

    A download that broke off is kept, and the next call goes on with it if the source still has the same version.
    Raises BadFeed, TooBig, Truncated, and what Transport does.
    """
    part = _Partial(folder / f".part-{name}", url)
    for attempt in range(limits.MAX_RETRIES + 1):
        before = part.size()
        try:
            return _once(url, transport, part, have)
        except _Afresh:
            continue
        except (BadFeed, TooBig):
            part.forget()
            raise
        except Truncated:
            # It goes on at once while it gets further; what gives nothing new is not asked again and again.
            if attempt == limits.MAX_RETRIES or part.size() <= before:
                raise
    raise BadFeed(f"{shown_url(url)} cannot say where it broke off")


class _Afresh(Exception):
    """What is here is no part of what is there, and was thrown away."""


def _once(url: str, transport: Transport, part: _Partial, have: str) -> Archive | None:
    headers = {"Accept-Encoding": "identity"}
    if part.version:
        headers |= {"Range": f"bytes={part.size()}-", "If-Range": part.version}
    elif have:
        headers["If-None-Match"] = have

    def read(response: httpx.Response) -> Archive | None:
        if response.status_code == 304:
            return None
        if response.status_code == 416 and part.version:
            part.forget()
            raise _Afresh
        if response.status_code not in (200, 206):
            raise BadFeed(f"{shown_url(url)} answers {response.status_code}")
        with part.opened(_begins(response, part), _version(response)) as file:
            _pour(response, transport, file)
        expected = _expected(response)
        if (why := _wrong(part.path, expected)) is not None:
            raise BadFeed(
                f"{shown_url(url)} has another checksum ({why}) than its source says: damaged on its way"
            )
        return Archive(path=part.path, version=_version(response))

    return transport.get(url, headers, read)


class _Partial:
    """A file that is being downloaded, and beside it what it is a part of."""

    def __init__(self, path: Path, url: str) -> None:
        self.path = path
        self._note = path.with_name(path.name + ".json")
        self._url = url
        self.version = self._known()

    def _known(self) -> str:
        try:
            begun = msgspec.json.decode(self._note.read_bytes()[:65_536], type=_Begun)
        except (OSError, msgspec.MsgspecError):
            return ""
        # Only a strong validator promises the very same bytes (RFC 9110, section 13.1.5).
        sure = begun.url == self._url and begun.version.startswith('"') and self.size() > 0
        return begun.version if sure else ""

    def size(self) -> int:
        return self.path.stat().st_size if self.path.is_file() and not self.path.is_symlink() else 0

    def opened(self, at: int, version: str) -> IO[bytes]:
        """The file, to be written from byte `at` on."""
        if at == 0:
            self.forget()
        flags = os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        file = os.fdopen(os.open(self.path, flags, 0o600), "wb")
        file.truncate(at)
        file.seek(at)
        self._note.write_bytes(msgspec.json.encode(_Begun(url=self._url, version=version)))
        self.version = version if version.startswith('"') else ""
        return file

    def forget(self) -> None:
        self.path.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)
        self.version = ""


def done(folder: Path, name: str) -> None:
    """Take away what `archive` left: it is read."""
    _Partial(folder / f".part-{name}", "").forget()


def _begins(response: httpx.Response, part: _Partial) -> int:
    """At which byte an answer begins; raises BadFeed for one that cannot be joined to what is here."""
    if response.status_code == 200:
        return 0
    found = _RANGE.fullmatch(response.headers.get("content-range", ""))
    if found is None or int(found[1]) != part.size():
        raise BadFeed(f"{shown_url(str(response.url))} went on elsewhere than it was asked to; try again")
    return int(found[1])


def _version(response: httpx.Response) -> str:
    return str(response.headers.get("etag", ""))[:200]


def _pour(response: httpx.Response, transport: Transport, file: IO[bytes]) -> None:
    """The body into the file, which keeps what came where it breaks off."""
    import httpx

    url, watch = shown_url(str(response.url)), transport.watch(response)
    announced = response.headers.get("content-length", "")
    came = 0
    try:
        # Without a chunk size, since httpx would hold back what came before a break until a chunk is full.
        for data in response.iter_raw():
            if not came and file.tell() == 0 and looks_like_a_page(data):
                raise BadFeed(f"{url} serves a web page, not an archive")
            came = watch(len(data))
            if file.tell() + len(data) > limits.MAX_FEED:
                raise TooBig(f"{url} sends more than {limits.MAX_FEED >> 20} MiB")
            file.write(data)
    except httpx.TransportError:
        raise Truncated(f"{url} broke off after {file.tell():,} bytes, which are kept") from None
    if announced.isdecimal() and came < int(announced):
        raise Truncated(f"{url} broke off after {file.tell():,} bytes, which are kept")


def _expected(response: httpx.Response) -> dict[str, bytes]:
    """Digests of the whole that its source sends along: RFC 9530, and Google's storage."""
    found = {}
    for header, names, wrap in (
        ("repr-digest", {"sha-256": "sha256", "sha-512": "sha512"}, ":"),
        ("x-goog-hash", {"md5": "md5"}, ""),
    ):
        for piece in response.headers.get(header, "").split(","):
            name, _, value = piece.strip().partition("=")
            if name.lower() in names:
                try:
                    found[names[name.lower()]] = base64.b64decode(value.strip(wrap or " "), validate=True)
                except ValueError:
                    continue
    return found


def _wrong(path: Path, expected: dict[str, bytes]) -> str | None:
    """The first of the digests that the file does not have."""
    for name, digest in expected.items():
        sums = hashlib.new(name, usedforsecurity=False)
        with path.open("rb") as file:
            while data := file.read(_PART):
                sums.update(data)
        if sums.digest() != digest:
            return name
    return None


def checked(path: Path, said: Callable[[], str], filename: str) -> None:
    """Raises BadFeed where the file is not the one that a list of SHA-256 sums (`said`) has under its name."""
    lines = [line.split() for line in said().splitlines() if line.strip()]
    sums = [words for words in lines if re.fullmatch(r"[0-9a-fA-F]{64}", words[0])]
    own = [words for words in sums if len(words) > 1 and words[-1].lstrip("*").rpartition("/")[2] == filename]
    if not own and len(sums) == 1:
        own = sums
    if not own:
        raise BadFeed(f"its list of checksums has none for {filename}")
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != own[0][0].lower():
            raise BadFeed("it has another SHA-256 than its list of checksums says")


def text(url: str, transport: Transport) -> str:
    """A short text such as a list of checksums; raises BadFeed, and what Transport does."""

    def read(response: httpx.Response) -> str:
        if response.status_code != 200:
            raise BadFeed(f"{shown_url(url)} answers {response.status_code}")
        return transport.read_body(response, limits.MAX_CONFIG).decode("utf-8", "replace")

    return transport.get(url, {"Accept": "text/plain"}, read)
