"""An installed distribution as the wheel that its files make, so that it travels the road that every wheel travels.

The same files give the same bytes, whenever they were written and wherever they lie. What an installer adds to a wheel
(RECORD, INSTALLER, compiled files, commands outside of the site folder) is left out.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from packaging.utils import canonicalize_name

from stockade import limits
from stockade.acquire.environments.files import inside, opened, reason
from stockade.acquire.environments.record import Row, rows
from stockade.acquire.environments.tree import state
from stockade.acquire.environments.verify import UNSETTLED
from stockade.model.artifact import Artifact, Kind
from stockade.model.environment import Installed, Oddity
from stockade.model.project import Digest

#: What the installer writes, not the wheel.
_ADDED = frozenset({"RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json"})
#: Two files may have one of these in common.
_FORGED = ("md5=", "sha1=")
#: The first day that a zip file can name.
_NEVER = (1980, 1, 1, 0, 0, 0)


def own_files(one: Installed, note: Callable[[str], None]) -> tuple[Row, ...]:
    """What its RECORD lists in its site folder and a wheel would have held, by path; () where nothing lists it."""
    return tuple(sorted(row for row in listed(one, note) if _kept(row.path, one)))


def with_compiled(files: Iterable[Row]) -> tuple[Row, ...]:
    """`files`, and what interpreters compiled of them, without a promise."""
    own = tuple(files)
    return tuple(sorted({*own, *(Row(made, "", "") for row in own for made in compiled_of(row.path))}))


def compiled_of(path: str) -> Iterator[str]:
    """What interpreters made of a source (PEP 3147): nobody lists it, and it is run in the source's place."""
    folder, name = os.path.split(path)
    if not name.endswith(".py"):
        return
    cache = os.path.join(folder, "__pycache__")
    try:
        made = os.listdir(cache)
    except OSError:
        return
    yield from (
        os.path.join(cache, one) for one in made if one.startswith(f"{name[:-3]}.") and one.endswith(".pyc")
    )


def listed(one: Installed, note: Callable[[str], None]) -> tuple[Row, ...]:
    """All that its RECORD lists, anywhere; () without one that can be read."""
    ignored: list[Oddity] = []
    return tuple(rows(one.site, os.path.join(one.folder, "RECORD"), note, ignored, one.name) or ())


def identity(one: Installed, files: Iterable[Row]) -> str:
    """What tells the contents of a distribution whose files are as RECORD promises; "" where a promise is missing."""
    hasher = hashlib.sha256(f"{one.name} {one.version}".encode("utf-8", "surrogateescape"))
    for row in files:
        if not row.digest or row.digest.lower().startswith(_FORGED):
            return ""
        hasher.update(
            f"\0{os.path.relpath(row.path, one.site)}\0{row.digest}".encode("utf-8", "surrogateescape")
        )
    return hasher.hexdigest()


def identity_by_state(one: Installed, files: Iterable[Row]) -> str:
    """The same by size, times and inode of each file, where RECORD vouches for nothing; "" for ones just written."""
    hasher = hashlib.sha256(f"state of {one.folder} {one.version}".encode("utf-8", "surrogateescape"))
    latest = time.time_ns() - UNSETTLED
    for row in files:
        try:
            found = os.stat(row.path)
        except (OSError, ValueError):
            return ""
        if max(found.st_ctime_ns, found.st_mtime_ns) > latest:
            return ""
        told = (os.path.relpath(row.path, one.site), *state(found))
        hasher.update("\0".join(map(str, told)).encode("utf-8", "surrogateescape"))
    return hasher.hexdigest()


def wheel_name(one: Installed) -> str:
    """The file name of the wheel that its files make."""
    version = one.version.replace("-", "_") or "0"
    return f"{canonicalize_name(one.name).replace('-', '_')}-{version}-py3-none-any.whl"


def rebuilt(
    one: Installed, files: Iterable[Row], workdir: Path, note: Callable[[str], None]
) -> Artifact | None:
    """Pack `files` into a private wheel in `workdir`; what can't be read is a sentence to `note`, and left out.

    None where nothing of it could be read.
    """
    name = wheel_name(one)
    path = workdir / hashlib.sha256(one.folder.encode("utf-8", "surrogateescape")).hexdigest()[:24]
    left, packed = limits.MAX_FOLDER, 0
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for row in files:
            inner = os.path.relpath(row.path, one.site).encode("utf-8", "surrogateescape")
            try:
                number, found = opened(row.path)
            except FileNotFoundError:
                continue  # it is told as missing
            except OSError as why:
                note(f"{row.path} cannot be read: {reason(why)}.")
                continue
            left -= found.st_size
            with open(number, "rb") as file:
                if left < 0:
                    note(
                        f"{one.folder} stands for more than {limits.MAX_FOLDER >> 20} MiB; the rest was left out."
                    )
                    break
                entry = zipfile.ZipInfo(inner.decode("utf-8", "backslashreplace"), _NEVER)
                with archive.open(entry, "w") as out:
                    shutil.copyfileobj(file, out, 1 << 20)
            packed += 1
    if not packed:
        path.unlink()
        return None
    with path.open("rb") as file:
        digest = Digest(hashlib.file_digest(file, "sha256").hexdigest())
    return Artifact(
        label=one.folder,
        filename=name,
        kind=Kind.WHEEL,
        path=str(path),
        sha256=digest,
        size=path.stat().st_size,
    )


def _kept(path: str, one: Installed) -> bool:
    if not inside(path, one.site):
        return False
    # Beside its source an installer compiled it; anywhere else it is a module without a source, and imported as such.
    if path.endswith((".pyc", ".pyo")) and os.path.basename(os.path.dirname(path)) == "__pycache__":
        return False
    return not (inside(path, one.folder) and os.path.basename(path) in _ADDED)
