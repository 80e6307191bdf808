"""Files that conda or the system's package manager brought, by their own lists: dpkg's, apk's, pacman's."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from stockade import limits
from stockade.acquire.environments.claims import Claimant
from stockade.acquire.environments.files import inside, is_folder, names, read, reason
from stockade.acquire.environments.record import Row
from stockade.model.environment import Environment, EnvironmentKind

Note = Callable[[str], None]


def vendors(environment: Environment, root: str, note: Note) -> tuple[list[Claimant], bool]:
    """Whose lists claim files of `environment` on the machine at `root`; and whether all that could claim were read.

    Where False, a file that nobody claims may still be a package manager's.
    """
    if environment.kind is EnvironmentKind.CONDA:
        return list(_conda(environment.root, note)), True
    if environment.kind is not EnvironmentKind.SYSTEM or not inside(
        environment.root, os.path.join(root, "usr")
    ):
        return [], True
    if environment.root == os.path.join(root, "usr/local"):
        return [], True
    folders = [*environment.site, *([environment.library] if environment.library else [])]
    for listed, place in (
        (_dpkg, "var/lib/dpkg/info"),
        (_pacman, "var/lib/pacman/local"),
        (_apk, "lib/apk/db"),
    ):
        if is_folder(os.path.join(root, place)):
            return list(listed(root, os.path.join(root, place), folders, note)), True
    note(
        f"Which files of {environment.root} the system's package manager brought is not known; orphans are not told."
    )
    return [], False


def _conda(prefix: str, note: Note) -> Iterator[Claimant]:
    """One claimant a record of conda's (``conda-meta/NAME-VERSION-BUILD.json``)."""
    import msgspec

    place = os.path.join(prefix, "conda-meta")
    try:
        records = [one for one in names(place) if one.name.endswith(".json")]
    except OSError as why:
        note(f"{place} cannot be read: {reason(why)}.")
        return
    for one in records[: limits.MAX_INSTALLED]:
        try:
            said = msgspec.json.decode(read(one.path, limits.MAX_CONDA_RECORD))
        except OSError as why:
            note(f"{one.path} cannot be read: {reason(why)}.")
            continue
        except (msgspec.MsgspecError, RecursionError):
            note(f"{one.path} is no JSON; what that package brought is not known.")
            continue
        if isinstance(said, dict) and isinstance(said.get("files"), list):
            name = said.get("name")
            own = name if isinstance(name, str) else one.name.removesuffix(".json")
            yield Claimant(own, _conda_rows(prefix, said))


def _conda_rows(prefix: str, said: Mapping[str, Any]) -> list[Row]:
    data = said.get("paths_data")
    paths = data.get("paths") if isinstance(data, dict) else None
    digests: dict[str, str] = {}
    for one in paths if isinstance(paths, list) else []:
        # What conda rewrote while it linked has a digest of its own; a link has the digest of where it leads.
        if isinstance(one, dict) and isinstance(one.get("_path"), str) and one.get("path_type") != "softlink":
            value = one.get("sha256_in_prefix") or one.get("sha256")
            digests[one["_path"]] = _entry("sha256", value)
    found = []
    for path in said["files"][: limits.MAX_MEMBERS]:
        if isinstance(path, str) and "\0" not in path:
            whole = os.path.normpath(os.path.join(prefix, path))
            if inside(whole, prefix):
                found.append(Row(whole, digests.get(path, ""), ""))
    return found


def _dpkg(root: str, place: str, folders: list[str], note: Note) -> Iterator[Claimant]:
    """One claimant a package of Debian's that names a file in `folders`, with its MD5 sums as digests."""
    needles = [os.fsencode("/" + os.path.relpath(one, root) + "/") for one in folders]
    for one in _lists(place, ".list", note):
        raw = _raw(one.path, note)
        if not any(needle in raw for needle in needles):
            continue
        sums = _md5(_raw(one.path.removesuffix(".list") + ".md5sums", note))
        rows = []
        for line in raw.splitlines():
            path = os.fsdecode(line)
            rows.append(Row(os.path.join(root, path.lstrip("/")), sums.get(path.lstrip("/"), ""), ""))
        yield Claimant(one.name.removesuffix(".list").partition(":")[0], rows)


def _pacman(root: str, place: str, folders: list[str], note: Note) -> Iterator[Claimant]:
    needles = [os.fsencode(os.path.relpath(one, root) + "/") for one in folders]
    for one in _lists(place, "", note):
        raw = _raw(os.path.join(one.path, "files"), note)
        if any(needle in raw for needle in needles):
            paths = (
                os.fsdecode(line) for line in raw.splitlines() if line and not line.endswith((b"/", b"%"))
            )
            yield Claimant(one.name, [Row(os.path.join(root, path), "", "") for path in paths])


def _apk(root: str, place: str, folders: list[str], note: Note) -> Iterator[Claimant]:
    """Alpine's one list: P: names a package, F: a folder, R: a file in it."""
    del folders
    found: dict[str, list[Row]] = {}
    package = folder = ""
    for line in _raw(os.path.join(place, "installed"), note).splitlines():
        key, _, value = os.fsdecode(line).partition(":")
        if key == "P":
            package = value
        elif key == "F":
            folder = value
        elif key == "R":
            found.setdefault(package, []).append(Row(os.path.join(root, folder, value), "", ""))
    yield from (Claimant(name, rows) for name, rows in found.items())


def _lists(place: str, ending: str, note: Note) -> list[os.DirEntry[str]]:
    try:
        return [one for one in names(place) if one.name.endswith(ending)][: limits.MAX_SYSTEM_LISTS]
    except OSError as why:
        note(f"{place} cannot be read: {reason(why)}.")
        return []


def _raw(path: str, note: Note) -> bytes:
    try:
        return read(path, limits.MAX_SYSTEM_LIST)
    except FileNotFoundError:
        return b""
    except OSError as why:
        note(f"{path} cannot be read: {reason(why)}.")
        return b""


def _md5(raw: bytes) -> dict[str, str]:
    rows = (os.fsdecode(line).partition("  ") for line in raw.splitlines())
    return {path: _entry("md5", value) for value, _, path in rows}


def _entry(algorithm: str, value: object) -> str:
    """A hexadecimal digest as RECORD would write it."""
    try:
        raw = bytes.fromhex(value) if isinstance(value, str) else b""
    except ValueError:
        raw = b""
    return f"{algorithm}={base64.urlsafe_b64encode(raw).rstrip(b'=').decode('ascii')}" if raw else ""
