"""What one file of an index depends on: from the metadata beside it, a part of it, or the whole of it."""

from __future__ import annotations

import contextlib
import zipfile
import zlib
from pathlib import Path
from typing import IO, Protocol

from stockade import limits
from stockade.acquire.resolve.memory import Memory
from stockade.acquire.resolve.ports import Fetcher, Index, Ranges
from stockade.acquire.resolve.ranges import NoParts, RemoteFile
from stockade.acquire.resolve.sdist import read_sdist
from stockade.acquire.resolve.stated import Stated, stated
from stockade.errors import FetchFailed
from stockade.model.project import ArtifactRef, Digest

_UNREADABLE = "what it depends on can't be read: "


class Reader:
    """Reads dependencies, the cheapest way first; asked from several threads at once."""

    def __init__(self, index: Index, fetcher: Fetcher, ranges: Ranges | None, memory: Memory) -> None:
        self._index, self._fetcher, self._ranges, self._memory = index, fetcher, ranges, memory

    def read(self, ref: ArtifactRef) -> Stated:
        """What `ref` says that it depends on; raises IndexUnavailable.

        A file that can't be had says nothing here, with a note; whoever comes to judge it will fail the same way.
        """
        known = self._memory.get(ref.sha256)
        if known is not None:
            return known
        try:
            said = self._read(ref)
        except FetchFailed as why:
            return Stated(note=f"{_UNREADABLE}{why}")
        self._memory.put(ref.sha256, said)
        return said

    def _read(self, ref: ArtifactRef) -> Stated:
        if ref.filename.lower().endswith(".whl"):
            # 1. What the index offers beside the wheel (PEP 658), digest-checked.
            beside = self._index.metadata(ref)
            if beside is not None:
                return stated(beside)
            # 2. A part of a large wheel, since not all that are looked at are chosen.
            part = self._part(ref)
            if part is not None:
                return part
        # 3. The whole file, which will be judged anyway if its release is chosen.
        return read_file(Path(self._fetcher.fetch(ref).path), ref.filename)

    def _part(self, ref: ArtifactRef) -> Stated | None:
        if self._ranges is None or ref.size is None or ref.size < limits.RANGE_FROM:
            return None
        try:
            said = _read_wheel(RemoteFile(self._ranges, ref))
        except NoParts:
            return None
        return None if said.note else said  # the whole file, digest-checked, may say otherwise


def read_file(path: Path, filename: str) -> Stated:
    """What the wheel or sdist at `path` says that it depends on; a note where that can't be read."""
    with path.open("rb") as file:
        return _read_wheel(file) if filename.lower().endswith(".whl") else read_sdist(file)


class Keeper(Fetcher, Protocol):
    """A Fetcher that tells where a file lies that it brought before (acquire.fetch.Fetcher)."""

    def kept(self, digest: Digest) -> Path | None: ...


def metadata_of(ref: ArtifactRef, index: Index, fetcher: Keeper, ranges: Ranges | None) -> bytes | None:
    """The METADATA of a wheel as it stands: what the index offers beside it (PEP 658), that of the file where it is
    here already, a part of it, or out of the whole file; None where it has none that can be read.

    Raises IndexUnavailable, FetchFailed. Like all that is read without the whole file, it vouches for nothing.
    """
    beside = index.metadata(ref)
    if beside is not None:
        return beside
    here = fetcher.kept(ref.sha256) if ref.sha256 else None
    if here is not None:
        with contextlib.suppress(OSError, _Unreadable), here.open("rb") as file:
            return _raw_metadata(file)
    if ranges is not None and ref.size is not None and ref.size >= limits.RANGE_FROM:
        with contextlib.suppress(NoParts, _Unreadable):
            return _raw_metadata(RemoteFile(ranges, ref))
    with contextlib.suppress(_Unreadable), Path(fetcher.fetch(ref).path).open("rb") as file:
        return _raw_metadata(file)
    return None


def _read_wheel(file: IO[bytes] | RemoteFile) -> Stated:
    try:
        return stated(_raw_metadata(file))
    except _Unreadable as why:
        return Stated(note=f"{_UNREADABLE}{why}")


class _Unreadable(Exception):
    """A wheel without metadata that could be read; the message is a clause."""


def _raw_metadata(file: IO[bytes] | RemoteFile) -> bytes:
    try:
        with zipfile.ZipFile(file) as archive:
            return _metadata(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as why:
        raise _Unreadable(f"it is damaged ({type(why).__name__})") from None
    except (NotImplementedError, RuntimeError):
        raise _Unreadable("it is encrypted, or compressed in a way that no installer reads") from None


def _metadata(archive: zipfile.ZipFile) -> bytes:
    names = [one for one in archive.namelist() if one.count("/") == 1 and one.endswith(".dist-info/METADATA")]
    if len(names) != 1:
        raise _Unreadable(f"it has {len(names) or 'no'} METADATA files")
    with archive.open(names[0]) as member:
        raw = member.read(limits.MAX_METADATA + 1)
    if len(raw) > limits.MAX_METADATA:
        raise _Unreadable("its METADATA is larger than honest ones are")
    return raw
