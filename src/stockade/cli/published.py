"""Installed distributions against what the index published of the same releases (`audit --verify-index`)."""

from __future__ import annotations

import hashlib
import lzma
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator

from packaging.tags import Tag, parse_tag
from packaging.utils import InvalidWheelFilename, parse_wheel_filename

from stockade import limits
from stockade.acquire.environments.files import read
from stockade.acquire.environments.published import not_as_published
from stockade.acquire.environments.record import Row, wanted
from stockade.cli.world import World
from stockade.errors import FetchFailed, IndexUnavailable, ProjectNotFound
from stockade.model.environment import Environment, Installed, Oddity, Oddness
from stockade.model.project import ArtifactRef

Note = Callable[[str], None]
_DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError),
    *(NotImplementedError, RuntimeError),  # packed in a way that nobody reads, or encrypted
)


def published(
    environment: Environment, installed: tuple[Installed, ...], world: World, note: Note
) -> Iterator[Oddity]:
    """How files differ from those that the index published. What it cannot tell is a sentence to `note`.

    A distribution that says that it came from elsewhere, or whose release has no wheel for where it is, was not
    published in a form that could be compared; that is said, too.
    """
    for one in installed:
        if one.origin is not None:
            note(f"{one.name} {one.version} came from {one.origin.url}, which no index vouches for.")
            continue
        try:
            files = world.index.listing(one.name).files
        except ProjectNotFound:
            yield _stranger(one, "the index does not know the project")
            continue
        except IndexUnavailable as why:
            note(f"{one.name} was not compared with what was published: {why}.")
            continue
        release = [ref for ref in files if ref.release.version == one.version]
        if not release:
            yield _stranger(one, "the index offers no such release")
            continue
        wheels = [ref for ref in release if ref.filename.endswith(".whl") and _fits(ref.filename, one)]
        if wheels:
            yield from _nearest(environment, one, wheels, world, note)
        else:
            note(
                f"{one.name} {one.version} was built here: the index has no wheel for this place to compare it with."
            )


def _stranger(one: Installed, detail: str) -> Oddity:
    return Oddity(kind=Oddness.NOT_AS_PUBLISHED, path=one.folder, project=one.name, detail=detail)


def _nearest(
    environment: Environment, one: Installed, wheels: list[ArtifactRef], world: World, note: Note
) -> tuple[Oddity, ...]:
    """The differences from the wheel that it differs least from: one release may have several that fit."""
    least: tuple[Oddity, ...] | None = None
    for ref in wheels:
        try:
            record = record_of(world.fetcher.fetch(ref).path)
        except (FetchFailed, IndexUnavailable) as why:
            note(f"{ref.filename} was not compared with what is installed: {why}.")
            continue
        if record is None:
            note(
                f"{ref.filename} was not compared with what is installed: it has no RECORD that can be read."
            )
            continue
        found = not_as_published(environment, one, record, note=note)
        if least is None or len(found) < len(least):
            least = found
        if not found:
            break
    return least or ()


def record_of(path: str) -> bytes | None:
    """RECORD of the wheel at `path`, None where it has not exactly one of a size that honest ones have."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if name.endswith(".dist-info/RECORD")]
            names = [name for name in names if name.count("/") == 1]
            if len(names) != 1:
                return None
            with archive.open(names[0]) as member:
                raw = member.read(limits.MAX_RECORD + 1)
    except _DAMAGE:
        return None
    return raw if len(raw) <= limits.MAX_RECORD else None


def _fits(filename: str, one: Installed) -> bool:
    """Whether the tags of a wheel are among those that WHEEL in its dist-info names; any fit where it names none."""
    try:
        offered = parse_wheel_filename(filename)[3]
    except InvalidWheelFilename:
        return False
    had = _tags(one)
    return not had or not had.isdisjoint(offered)


def _tags(one: Installed) -> frozenset[Tag]:
    try:
        text = read(os.path.join(one.folder, "WHEEL"), limits.MAX_METADATA).decode("utf-8", "replace")
    except OSError:
        return frozenset()
    said = [line.partition(":")[2].strip() for line in text.splitlines() if line.startswith("Tag:")]
    return frozenset(tag for text in said if text.count("-") == 2 for tag in parse_tag(text))


def original(one: Installed, row: Row, world: World, note: Note) -> bytes | None:
    """The bytes of a file as the published wheels have them, if they are exactly those that `row` promises."""
    promised = wanted(row.digest)
    inner = os.path.relpath(row.path, one.site)
    if promised is None or one.origin is not None or inner.startswith(".."):
        return None
    try:
        files = world.index.listing(one.name).files
    except (ProjectNotFound, IndexUnavailable) as why:
        note(f"{one.name}: {why}.")
        return None
    for ref in files:
        if (
            ref.release.version != one.version
            or not ref.filename.endswith(".whl")
            or not _fits(ref.filename, one)
        ):
            continue
        try:
            data = _member(world.fetcher.fetch(ref).path, inner)
        except (FetchFailed, IndexUnavailable) as why:
            note(f"{ref.filename}: {why}.")
            continue
        algorithm, value = promised
        if data is not None and hashlib.new(algorithm, data, usedforsecurity=False).digest() == value:
            return data
    return None


def _member(path: str, inner: str) -> bytes | None:
    try:
        with zipfile.ZipFile(path) as archive, archive.open(inner) as member:
            raw = member.read(limits.MAX_MEMBER + 1)
    except (KeyError, *_DAMAGE):
        return None
    return raw if len(raw) <= limits.MAX_MEMBER else None
