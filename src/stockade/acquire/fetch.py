"""ArtifactRef -> Artifact: bytes are had, bounded, and their digest checked before anything else sees them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from stockade import limits
from stockade.acquire.index.blobs import BlobStore, Incoming
from stockade.acquire.index.credentials import shown_url
from stockade.acquire.index.listing import SDIST_ENDINGS
from stockade.acquire.index.local import path_of
from stockade.acquire.index.parallel import in_parallel
from stockade.acquire.index.transport import Transport
from stockade.errors import DigestMismatch, FetchFailed, IndexUnavailable, InsecureRedirect, TooBig, Truncated
from stockade.model.artifact import Artifact, Kind
from stockade.model.project import ArtifactRef, Digest, Release

if TYPE_CHECKING:
    import httpx

_CHUNK = 1 << 18
_NO_DIGEST = "the index gives no SHA-256 for it, so nothing vouches that these are the bytes it meant"


def kind_of(filename: str) -> Kind:
    """What a file from an index is taken for, by its name."""
    lower = filename.lower()
    if lower.endswith(".whl"):
        return Kind.WHEEL
    return Kind.SDIST if lower.endswith(tuple(end.lower() for end in SDIST_ENDINGS)) else Kind.ARCHIVE


class Fetcher:
    """Brings files into the cache and vouches for their digests; safe to use from many threads.

    `cache` is the folder for everything that Stockade may lose. Offline it uses what is cached, and local files.
    `store` replaces the store below `cache` (tests).
    """

    def __init__(
        self, transport: Transport, cache: Path, *, offline: bool = False, store: BlobStore | None = None
    ) -> None:
        self._transport = transport
        self._store = store or BlobStore(cache / "artifacts")
        self._offline = offline

    def close(self) -> None:
        """Remove what is half written, and tidy the cache; the transport is closed by whoever made it."""
        self._store.close()

    def fetch(self, ref: ArtifactRef, expected: tuple[Digest, ...] = ()) -> Artifact:
        """The file that `ref` names, with the digest that the index and the lock (`expected`) promised.

        `expected` empty means that no lock pins it. Raises FetchFailed (DigestMismatch, InsecureRedirect,
        Truncated, TooBig), and StoreFailed where it cannot be kept. Nothing partial is ever left to be seen.
        """
        # 1. What the index offers must be what the lock pins, before anything is asked.
        if expected and ref.sha256 and ref.sha256 not in expected:
            raise DigestMismatch(
                f"{ref.filename}: the index offers other bytes (sha256 {ref.sha256}) than are locked"
            )
        allowed = (ref.sha256,) if ref.sha256 else expected
        # 2. What is here already is hashed again, since a cache is not to be trusted.
        here = self._found(ref, allowed)
        if here is not None:
            return here
        # 3. Anything else comes over the wire, or from this machine, under the same checks.
        if ref.url.lower().startswith("file:"):
            return self._copy(ref, allowed)
        return self._download(ref, allowed)

    def here(self, ref: ArtifactRef) -> Artifact | None:
        """The file that `ref` names by its digest, if it is in the cache, hashed again; nobody is asked for it."""
        return self._found(ref, (ref.sha256,) if ref.sha256 else ())

    def _found(self, ref: ArtifactRef, allowed: tuple[Digest, ...]) -> Artifact | None:
        for digest in allowed:
            kept = self._store.find(digest)
            if kept is not None:
                return _artifact(ref, *kept, digest, pinned=True)
        return None

    def kept(self, digest: Digest) -> Path | None:
        """Where the bytes with that digest lie in the cache, unchecked; None where they don't."""
        return self._store.place(digest)

    def fetch_all(
        self, refs: Iterable[ArtifactRef], expected: Mapping[Release, tuple[Digest, ...]] | None = None
    ) -> Iterator[tuple[ArtifactRef, Artifact | FetchFailed]]:
        """Each file as it is there, several at once; a failure stands in for its file, the others go on.

        `expected` holds a lock's digests by release. Raises StoreFailed, since then no other file fares better.
        """
        pins = expected or {}

        def one(ref: ArtifactRef) -> tuple[ArtifactRef, Artifact | FetchFailed]:
            try:
                return ref, self.fetch(ref, pins.get(ref.release, ()))
            except FetchFailed as failed:
                return ref, failed

        return in_parallel(one, refs, limits.MAX_CONNECTIONS)

    def _download(self, ref: ArtifactRef, allowed: tuple[Digest, ...]) -> Artifact:
        if self._offline:
            raise FetchFailed(f"{ref.filename} is not cached, and --offline forbids asking for it")
        scheme = urlsplit(ref.url).scheme.lower()
        if scheme not in {"http", "https"}:
            raise FetchFailed(f"{ref.filename}: its address is neither http, https nor file")
        if scheme == "http" and ref.index.startswith("https:") and not allowed:
            raise InsecureRedirect(f"{ref.filename}: an https index sends us to plain http, without a digest")
        # Compressed once more on the way, the bytes would not be the ones that the digest is of.
        headers = {"Accept": "*/*", "Accept-Encoding": "identity"}
        try:
            return self._transport.get(
                ref.url, headers, lambda response: self._received(response, ref, allowed)
            )
        except IndexUnavailable as why:
            raise FetchFailed(f"{ref.filename}: {why}") from None

    def _received(self, response: httpx.Response, ref: ArtifactRef, allowed: tuple[Digest, ...]) -> Artifact:
        if response.status_code != 200:
            where = shown_url(str(response.url))
            raise FetchFailed(f"{ref.filename}: {where} answers {response.status_code}")
        announced = response.headers.get("content-length", "")
        _check_size(int(announced) if announced.isdecimal() else 0, ref)
        watch = self._transport.watch(response)
        with self._store.incoming() as incoming:
            # Without a chunk size, since httpx would hold back a trickle until a chunk is full.
            for chunk in response.iter_raw():
                incoming.write(chunk)
                _check_size(watch(len(chunk)), ref)
            return _checked(incoming, ref, allowed)

    def _copy(self, ref: ArtifactRef, allowed: tuple[Digest, ...]) -> Artifact:
        """A local file is copied too, so that what was hashed is what will be read."""
        path = path_of(ref.url)
        if path is None or not path.is_file():
            raise FetchFailed(f"{ref.filename}: there is no file {shown_url(ref.url)}")
        with self._store.incoming() as incoming:
            try:
                with path.open("rb") as file:
                    while chunk := file.read(_CHUNK):
                        incoming.write(chunk)
                        _check_size(incoming.size, ref)
            except OSError as why:
                raise FetchFailed(f"{path} cannot be read: {why.strerror}") from None
            return _checked(incoming, ref, allowed)


def _check_size(size: int, ref: ArtifactRef) -> None:
    if size > limits.MAX_ARTIFACT:
        raise TooBig(f"{ref.filename} is larger than {limits.MAX_ARTIFACT >> 30} GiB")
    if ref.size is not None and size > ref.size:
        raise TooBig(f"{ref.filename} is larger than the {ref.size} bytes that the index announced")


def _checked(incoming: Incoming, ref: ArtifactRef, allowed: tuple[Digest, ...]) -> Artifact:
    """What came whole, kept if it is what was promised; a right digest outweighs a wrong size."""
    found = incoming.digest()
    if found not in allowed:
        if ref.size is not None and incoming.size < ref.size:
            raise Truncated(f"{ref.filename}: only {incoming.size} of the {ref.size} announced bytes came")
        if allowed:
            promised = " or ".join(allowed[:3])
            raise DigestMismatch(
                f"{ref.filename}: other bytes came (sha256 {found}) than were promised ({promised})"
            )
    return _artifact(ref, incoming.keep(), incoming.size, found, pinned=bool(allowed))


def _artifact(ref: ArtifactRef, path: Path, size: int, digest: Digest, *, pinned: bool) -> Artifact:
    return Artifact(
        label=ref.filename,
        filename=ref.filename,
        kind=kind_of(ref.filename),
        path=str(path),
        sha256=digest,
        size=size,
        notes=() if pinned else (_NO_DIGEST,),
    )
