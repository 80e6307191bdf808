"""Records in files: an archive of them, or a folder such as a git checkout."""

from __future__ import annotations

import mmap
import os
from collections.abc import Iterator
from pathlib import Path

from stockade import limits
from stockade.acquire.advisories import tars, zips
from stockade.errors import BadFeed, NotFound

_RECORDS = (".json", ".yaml", ".yml")


def archived(path: Path) -> Iterator[tuple[str, bytes]]:
    """(name, content) of each record in an archive, zip or tar; raises NotFound, BadFeed."""
    try:
        with path.open("rb") as file:
            first = file.read(512)
            if not first:
                raise BadFeed("it is empty")
            if looks_like_a_page(first):
                raise BadFeed("it is a web page, not an archive")
            if not first.startswith(b"PK"):
                yield from _records(tars.members(path))
                return
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
                yield from _records(zips.members(data))
    except FileNotFoundError:
        raise NotFound(f"there is no file {path}") from None
    except OSError as why:
        raise BadFeed(f"{path} cannot be read: {why.strerror}") from None


def looks_like_a_page(first: bytes) -> bool:
    """Whether it begins as HTML does."""
    return first.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def in_folder(folder: Path) -> Iterator[tuple[str, bytes]]:
    """(path, content) of each record in and below a folder, by name; links and hidden folders are passed over.

    Raises NotFound, BadFeed.
    """
    if not folder.is_dir():
        raise NotFound(f"there is no folder {folder}")

    def unreadable(why: OSError) -> None:
        raise BadFeed(f"{why.filename} cannot be read: {why.strerror}") from None

    found = 0
    for place, folders, names in os.walk(folder, onerror=unreadable):
        folders[:] = sorted(one for one in folders if not one.startswith("."))
        for name in sorted(names):
            path = Path(place) / name
            if not name.endswith(_RECORDS) or name.startswith(".") or path.is_symlink() or not path.is_file():
                continue
            found += 1
            if found > limits.MAX_RECORDS:
                raise BadFeed(f"{folder} has more than {limits.MAX_RECORDS:,} records")
            try:
                with path.open("rb") as file:
                    yield str(path.relative_to(folder)), file.read(limits.MAX_ADVISORY + 1)
            except OSError as why:
                raise BadFeed(f"{path} cannot be read: {why.strerror}") from None


def _records(members: Iterator[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    for name, content in members:
        if name.endswith(_RECORDS) and "/." not in f"/{name.removeprefix('./')}":
            yield name, content
