"""What one file of an index depends on: from the metadata beside it, or else from the file."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

from stockade import limits
from stockade.acquire.resolve.ports import Fetcher
from stockade.acquire.resolve.sdist import read_sdist
from stockade.acquire.resolve.stated import Stated, stated
from stockade.model.project import ArtifactRef

_UNREADABLE = "what it depends on can't be read: "


class Reader:
    """Reads dependencies through a fetcher."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher

    def read(self, ref: ArtifactRef) -> Stated:
        """What `ref` says that it depends on; raises FetchFailed or IndexUnavailable where it can't be had."""
        return read_file(Path(self._fetcher.fetch(ref).path), ref.filename)


def read_file(path: Path, filename: str) -> Stated:
    """What the wheel or sdist at `path` says that it depends on; a note where that can't be read."""
    with path.open("rb") as file:
        if not filename.lower().endswith(".whl"):
            return read_sdist(file)
        try:
            with zipfile.ZipFile(file) as archive:
                return _wheel(archive, filename)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as why:
            return Stated(note=f"{_UNREADABLE}it is damaged ({type(why).__name__})")
        except (NotImplementedError, RuntimeError):
            return Stated(
                note=f"{_UNREADABLE}it is encrypted, or compressed in a way that no installer reads"
            )


def _wheel(archive: zipfile.ZipFile, filename: str) -> Stated:
    names = [one for one in archive.namelist() if one.count("/") == 1 and one.endswith(".dist-info/METADATA")]
    if len(names) != 1:
        return Stated(note=f"{_UNREADABLE}it has {len(names) or 'no'} METADATA files")
    with archive.open(names[0]) as member:
        raw = member.read(limits.MAX_METADATA + 1)
    if len(raw) > limits.MAX_METADATA:
        return Stated(note=f"{_UNREADABLE}its METADATA is larger than honest ones are")
    return stated(raw)
