"""Zipapps (PEP 441): what is installed in one, read from its directory without unpacking it."""

from __future__ import annotations

import os
import zipfile
import zlib
from collections.abc import Callable
from datetime import UTC, datetime

from packaging.utils import canonicalize_name

from stockade import limits
from stockade.acquire.environments.dists import headers
from stockade.acquire.environments.files import opened, reason
from stockade.model.environment import Installed
from stockade.model.project import ProjectName

_METADATA = (".dist-info/METADATA", ".egg-info/PKG-INFO", "EGG-INFO/PKG-INFO")

#: The end of a zip's directory lies in its last bytes (APPNOTE 4.3.16), a comment after it.
_TAIL = 65_557
_END, _END_64 = b"PK\x05\x06", b"PK\x06\x07"


def is_zip(path: str) -> bool:
    """Whether the end of the regular file at `path` is that of a zip."""
    try:
        number, found = opened(path)
    except OSError:
        return False
    try:
        return _END in os.pread(number, _TAIL, max(0, found.st_size - _TAIL))
    except OSError:
        return False
    finally:
        os.close(number)


def zipped(path: str, note: Callable[[str], None]) -> tuple[Installed, ...]:
    """The distributions in a zipapp, by the METADATA in it; their files are not compared with RECORD, which is said."""
    try:
        number, found = opened(path)
    except OSError as why:
        note(f"{path} cannot be read: {reason(why)}.")
        return ()
    installed: list[Installed] = []
    try:
        with os.fdopen(number, "rb") as file:
            _bounded(os.pread(number, _TAIL, max(0, found.st_size - _TAIL)))
            with zipfile.ZipFile(file) as archive:
                installed += _in_archive(archive, path, found.st_mtime, note)
    except (
        OSError,
        zipfile.BadZipFile,
        NotImplementedError,
        RuntimeError,
        EOFError,
        ValueError,
        zlib.error,
    ) as why:
        note(f"{path} cannot be read as a zip: {why}.")
    note(
        f"The files in {path} were not compared with what its distributions list; `stockade scan` looks into them."
    )
    return tuple(installed)


def _bounded(tail: bytes) -> None:
    """Raises ValueError where any end of a zip in `tail` speaks of a directory without end: it would be read whole."""
    at = tail.find(_END)
    while at >= 0:
        if int.from_bytes(tail[at + 12 : at + 16], "little") > limits.MAX_ZIPAPP_DIRECTORY:
            raise ValueError("its directory is larger than honest ones are")
        at = tail.find(_END, at + 1)
    if _END_64 in tail:
        raise ValueError("it is of the form for more than 65,535 files or 4 GiB")


def _in_archive(
    archive: zipfile.ZipFile, path: str, mtime: float, note: Callable[[str], None]
) -> list[Installed]:
    found: list[Installed] = []
    left = limits.MAX_ZIPAPP_METADATA
    for member in archive.infolist():
        if not member.filename.endswith(_METADATA):
            continue
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            note(f"{member.filename} in {path} is packed in a way that is not read.")
            continue
        left -= member.file_size
        if left < 0:
            note(f"{path} holds more metadata than honest ones do; the rest was left out.")
            break
        with archive.open(member) as file:
            found.append(_from_metadata(file.read(limits.MAX_METADATA), member.filename, path, mtime))
    return found


def _from_metadata(raw: bytes, filename: str, path: str, mtime: float) -> Installed:
    said = headers(raw)
    folder = filename.rpartition("/")[0]
    name = said.first("name") or folder.rpartition("/")[2].partition("-")[0]
    return Installed(
        name=ProjectName(canonicalize_name(name)),
        version=said.first("version"),
        folder=f"{path}/{folder}",
        site=path,
        at=datetime.fromtimestamp(mtime, UTC),
        requires=tuple(said.fields.get("requires-dist", ())[: limits.MAX_REQUIRES]),
    )
