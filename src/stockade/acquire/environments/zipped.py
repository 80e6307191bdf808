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


def is_zip(path: str) -> bool:
    """Whether the end of the regular file at `path` is that of a zip."""
    try:
        number, found = opened(path)
    except OSError:
        return False
    try:
        return b"PK\x05\x06" in os.pread(number, _TAIL, max(0, found.st_size - _TAIL))
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
        with os.fdopen(number, "rb") as file, zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            if len(members) > limits.MAX_ZIPAPP_MEMBERS:
                note(f"{path} holds more than {limits.MAX_ZIPAPP_MEMBERS:,} files; the rest was left out.")
            for member in members[: limits.MAX_ZIPAPP_MEMBERS]:
                if member.filename.endswith(_METADATA) and len(installed) < limits.MAX_INSTALLED:
                    installed.append(_from_member(archive, member, path, found.st_mtime))
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


def _from_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: str, mtime: float) -> Installed:
    with archive.open(member) as file:
        said = headers(file.read(limits.MAX_METADATA))
    folder = member.filename.rpartition("/")[0]
    name = said.first("name") or folder.rpartition("/")[2].partition("-")[0]
    return Installed(
        name=ProjectName(canonicalize_name(name)),
        version=said.first("version"),
        folder=f"{path}/{folder}",
        site=path,
        at=datetime.fromtimestamp(mtime, UTC),
        requires=tuple(said.fields.get("requires-dist", ())[: limits.MAX_REQUIRES]),
    )
