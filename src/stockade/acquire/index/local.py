"""Indexes and find-links that are folders on this machine (``file:`` URLs)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from stockade import limits
from stockade.acquire.index.html_page import read_html
from stockade.acquire.index.listing import Listing, version_of
from stockade.acquire.index.pages import Reader, is_plain_name
from stockade.acquire.index.settings import Source, SourceKind
from stockade.errors import IndexUnavailable
from stockade.model.evidence import Gap, GapKind
from stockade.model.project import Digest, ProjectName


def path_of(url: str) -> Path | None:
    """The path of a ``file:`` URL of this machine (RFC 8089); None for another machine's."""
    parts = urlsplit(url)
    if parts.scheme.lower() != "file" or parts.netloc not in {"", "localhost"}:
        return None
    from urllib.request import url2pathname  # with all of the standard library's HTTP client

    return Path(url2pathname(parts.path))


def read_local(source: Source, project: ProjectName) -> Listing | None:
    """What a local source has of `project`; None where an index has no folder for it.

    A source that isn't there is a gap, as installers only warn of it. Raises IndexUnavailable where it cannot be
    read.
    """
    path = path_of(source.url)
    if path is None or not path.exists():
        gap = Gap(kind=GapKind.SCOPE, what=source.label, why="it is set up as an index and is not there")
        return Listing(project=project, gaps=(gap,)) if source.kind is not SourceKind.SIMPLE else None
    try:
        return _read(path, source, project)
    except OSError as why:
        raise IndexUnavailable(f"{source.label} cannot be read: {why.strerror}") from None


def _read(path: Path, source: Source, project: ProjectName) -> Listing | None:
    if source.kind is SourceKind.SIMPLE:
        path = path / project
        if not path.is_dir():
            return None
        page = path / "index.html"
        if not page.is_file():
            return _files(path.iterdir(), source, project)
        return _page(page, source, project, of_any=False)
    if path.is_dir():
        return _files(path.iterdir(), source, project)
    if path.suffix.lower() in {".html", ".htm"}:
        return _page(path, source, project, of_any=True)
    return _files(iter([path]), source, project)


def _page(path: Path, source: Source, project: ProjectName, *, of_any: bool) -> Listing:
    with path.open("rb") as file:
        body = file.read(limits.MAX_LISTING)
    uri = path.absolute().as_uri()
    # An own folder that lists nothing is no misunderstanding, unlike a stranger's web page.
    listing = read_html(body, project, index=source.label, page=uri, of_any=True)
    if of_any:
        return listing
    return read_html(body, project, index=source.label, page=uri) if listing.files else listing


def _files(paths: Iterator[Path], source: Source, project: ProjectName) -> Listing:
    reader = Reader(project, source.label, source.url, of_any=True)
    for path in sorted(paths):
        if version_of(path.name, project) is None or not path.is_file():
            continue
        if not is_plain_name(path.name):
            reader.gap(path.name, "its name is not that of a file in a folder")
            continue
        size = path.stat().st_size
        reader.add(path.name, path.absolute().as_uri(), sha256=_hash(path, size), size=size)
    return reader.listing()


def _hash(path: Path, size: int) -> Digest | None:
    """The digest of a local file; of a very large one only when it is fetched."""
    if size > limits.MAX_LOCAL_HASH:
        return None
    with path.open("rb") as file:
        return Digest(hashlib.file_digest(file, "sha256").hexdigest())
