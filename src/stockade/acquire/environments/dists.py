"""What is installed in a site folder: dist-info (PEP 376, 427, 610, 627), egg-info, eggs and egg-links."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

from packaging.utils import InvalidName, canonicalize_name

from stockade import limits
from stockade.acquire.environments.files import names, read, reason, text_or
from stockade.acquire.environments.record import Row, rows
from stockade.model.environment import Installed, Oddity, Oddness, Origin
from stockade.model.project import ProjectName
from stockade.model.record import bounded

_LOGIN = re.compile(r"(?<=://)[^/?#\s]*@")
_DIST = re.compile(
    r"(?P<name>.+?)(?:-(?P<version>[^-]+))?(?:-py\d[\d.]*(?:-.*)?)?\.(?:dist-info|egg-info|egg)", re.DOTALL
)
#: What follows a project's name in the normalised name of its folder.
_REST = re.compile(r"-(?:v?\d.*|dist-info|egg-info|egg)", re.DOTALL)
_HEADER = re.compile(r"([A-Za-z0-9][A-Za-z0-9_-]*+)[ \t]*+:(.*+)", re.DOTALL)
#: Installers that mark what was asked for by name.
_MARKING = frozenset({"pip", "pdm"})
_MARKS = (".dist-info", ".egg-info", ".egg", ".egg-link")


@dataclass(slots=True)
class Dist:
    """One distribution while an inventory is made: what is told of it, and what only its making needs.

    `rows` is None without a RECORD. `loose` are top-level names that it says are its own where nothing lists its
    files. `commands` are those that its entry points make.
    """

    installed: Installed
    rows: list[Row] | None = None
    loose: frozenset[str] = frozenset()
    commands: frozenset[str] = frozenset()
    oddities: list[Oddity] = field(default_factory=list)

    @property
    def name(self) -> ProjectName:
        """Its project."""
        return self.installed.name

    @property
    def folder(self) -> str:
        """Its dist-info, egg-info, egg or egg-link."""
        return self.installed.folder


@dataclass(frozen=True, slots=True)
class Headers:
    """The headers of a METADATA or PKG-INFO file, by lower-case name."""

    fields: dict[str, list[str]]

    def first(self, name: str) -> str:
        """The first value of a header, "" for none."""
        return (self.fields.get(name) or [""])[0]

    def differing(self, name: str) -> bool:
        """Whether it stands twice and differs."""
        return len(set(self.fields.get(name, ()))) > 1


def headers(raw: bytes) -> Headers:
    """The headers of core metadata, up to the first empty line; what is no UTF-8 is escaped."""
    raw = raw.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
    head = raw.partition(b"\n\n")[0].decode("utf-8", "backslashreplace")
    found: dict[str, list[str]] = {}
    last: list[str] | None = None
    for line in head.split("\n")[: limits.MAX_METADATA_LINES]:
        if line[:1] in (" ", "\t") and last is not None:
            last[-1] += f"\n{line.strip()}"
        elif match := _HEADER.fullmatch(line):
            last = found.setdefault(match[1].lower(), [])
            last.append(match[2].strip())
        else:
            last = None
    return Headers(found)


def is_dist(name: str) -> bool:
    """Whether an entry of a site folder stands for a distribution, by its name."""
    return name.endswith(_MARKS)


def dists(site: str, entries: list[os.DirEntry[str]], note: Callable[[str], None]) -> Iterator[Dist]:
    """The distributions of a site folder, whose entries `entries` are. Nothing is raised."""
    count = 0
    for entry in entries:
        if not is_dist(entry.name):
            continue
        count += 1
        if count > limits.MAX_INSTALLED:
            note(f"{site} holds more than {limits.MAX_INSTALLED:,} distributions; the rest was left out.")
            return
        try:
            folder = entry.is_dir()
        except OSError as why:
            note(f"{entry.path} cannot be read: {reason(why)}.")
            continue
        if entry.name.endswith(".egg-link"):
            yield from _link(site, entry.path, note)
        elif folder:
            yield _folder(site, entry.path, note)
        elif entry.name.endswith(".egg-info"):
            yield _made(site, entry.path, entry.path, note)
        elif entry.name.endswith(".egg"):
            dist = _made(site, entry.path, "", note)
            note(f"{entry.path} is packed as one file; what lies in it was not looked at.")
            yield dist


def _folder(site: str, folder: str, note: Callable[[str], None]) -> Dist:
    if folder.endswith(".egg"):
        dist = _made(site, folder, os.path.join(folder, "EGG-INFO", "PKG-INFO"), note)
        dist.commands = commands(os.path.join(folder, "EGG-INFO"), note)
        return dist
    if folder.endswith(".egg-info"):
        dist = _made(site, folder, os.path.join(folder, "PKG-INFO"), note)
        dist.rows = _installed_files(site, folder, note)
    else:
        dist = _made(site, folder, os.path.join(folder, "METADATA"), note)
        record = os.path.join(folder, "RECORD")
        dist.rows = rows(site, record, note, dist.oddities, dist.name)
        if os.path.lexists(os.path.join(folder, "PKG-INFO")):
            why = "it holds a METADATA and a PKG-INFO"
            dist.oddities.append(
                Oddity(kind=Oddness.BAD_METADATA, path=folder, project=dist.name, detail=why)
            )
    dist.commands = commands(folder, note)
    if dist.rows is None:
        dist.loose = _loose(folder, dist.name, note)
    return dist


def _made(site: str, folder: str, metadata: str, note: Callable[[str], None]) -> Dist:
    """A distribution by its folder's name and its metadata."""
    match = _DIST.fullmatch(os.path.basename(folder))
    name, version = (match["name"], match["version"] or "") if match else (os.path.basename(folder), "")
    found, wrong = _metadata(metadata) if metadata else (Headers({}), [])
    said = found.first("name")
    if said and match and not wrong and not _fits(said, os.path.basename(folder)):
        wrong.append(f"its METADATA says that it is {bounded(said, 60)!r}")
    if said:
        try:
            name = canonicalize_name(said, validate=True)
        except InvalidName:
            wrong.append(f"{bounded(said, 60)!r} is no project's name")
    project = ProjectName(canonicalize_name(name))
    marks = os.path.isdir(folder) and not folder.endswith(".egg")
    installer = _line(folder, "INSTALLER", note) if marks else ""
    installed = Installed(
        name=project,
        version=found.first("version") or version,
        folder=folder,
        site=site,
        installer=installer,
        requested=_requested(folder, installer),
        origin=_origin(folder, note) if marks else None,
        at=_came(folder),
        requires=tuple(found.fields.get("requires-dist", ())[: limits.MAX_REQUIRES]),
    )
    odd = [Oddity(kind=Oddness.BAD_METADATA, path=folder, project=project, detail=one) for one in wrong]
    return Dist(installed, loose=frozenset({project.replace("-", "_")}), oddities=odd)


def _fits(name: str, folder: str) -> bool:
    """Whether a folder is called after a project; older tools did not write its name in one form."""
    whole, own = canonicalize_name(folder), canonicalize_name(name)
    return whole.startswith(own) and _REST.fullmatch(whole, len(own)) is not None


def _metadata(path: str) -> tuple[Headers, list[str]]:
    """Its headers, and what is wrong with them."""
    try:
        found = headers(read(path, limits.MAX_METADATA))
    except (FileNotFoundError, NotADirectoryError):
        return Headers({}), [f"it has no {os.path.basename(path)}"]
    except OSError as why:
        return Headers({}), [f"its {os.path.basename(path)} cannot be read: {reason(why)}"]
    wrong = [
        f"its METADATA gives two {name}s that differ" for name in ("name", "version") if found.differing(name)
    ]
    wrong += [f"its METADATA gives no {name}" for name in ("name", "version") if not found.first(name)]
    return found, wrong


def _origin(folder: str, note: Callable[[str], None]) -> Origin | None:
    """What direct_url.json says (PEP 610), without its login."""
    import msgspec

    path = os.path.join(folder, "direct_url.json")
    raw = text_or(path, note)
    if not raw:
        return None
    try:
        said = msgspec.json.decode(raw.encode("utf-8", "surrogateescape"))
    except (msgspec.MsgspecError, RecursionError):
        said = None
    url = said.get("url") if isinstance(said, dict) else None
    if not isinstance(said, dict) or not isinstance(url, str):
        note(f"{path} is not as PEP 610 wants it; where it came from is not known.")
        return None
    editable = _part(said, "dir_info").get("editable") is True
    commit = _part(said, "vcs_info").get("commit_id")
    archive = _part(said, "archive_info")
    hashes = archive.get("hashes")
    sha256 = hashes.get("sha256") if isinstance(hashes, dict) else None
    older = archive.get("hash")
    if sha256 is None and isinstance(older, str) and older.startswith("sha256="):
        sha256 = older.removeprefix("sha256=")
    return Origin(
        url=bounded(_LOGIN.sub("", url), limits.MAX_PATH),
        editable=editable,
        commit=commit if isinstance(commit, str) else "",
        sha256=sha256 if isinstance(sha256, str) else "",
    )


def editable_folder(origin: Origin | None) -> str:
    """The folder that an editable installation runs from, "" where there is none."""
    if origin is None or not origin.editable or not origin.url.startswith("file:"):
        return ""
    path = unquote(urlsplit(origin.url).path)
    return os.path.normpath(path) if os.path.isabs(path) and "\0" not in path else ""


def _link(site: str, path: str, note: Callable[[str], None]) -> Iterator[Dist]:
    """An egg-link, what ``setup.py develop`` leaves: the project's folder on its first line."""
    lines = text_or(path, note).splitlines()
    folder = os.path.normpath(os.path.join(site, lines[0].strip())) if lines and "\0" not in lines[0] else ""
    if not folder:
        note(f"{path} names no folder.")
        return
    name = os.path.basename(path).removesuffix(".egg-link")
    info = os.path.join(folder, f"{re.sub(r'[^A-Za-z0-9.]+', '_', name)}.egg-info")
    found, _ = _metadata(os.path.join(info, "PKG-INFO"))
    installed = Installed(
        name=ProjectName(canonicalize_name(name)),
        version=found.first("version"),
        folder=path,
        site=site,
        origin=Origin(url=f"file://{folder}", editable=True),
        at=_came(path),
        requires=tuple(found.fields.get("requires-dist", ())[: limits.MAX_REQUIRES]),
    )
    yield Dist(installed, rows=[Row(path, "", "")], commands=commands(info, note))


def _installed_files(site: str, folder: str, note: Callable[[str], None]) -> list[Row] | None:
    """The list that pip's older way of installing wrote; its paths are relative to the egg-info."""
    path = os.path.join(folder, "installed-files.txt")
    if not os.path.lexists(path):
        return None
    lines = text_or(path, note, limits.MAX_RECORD).splitlines()[: limits.MAX_MEMBERS]
    found = [os.path.normpath(os.path.join(folder, line)) for line in lines if line and "\0" not in line]
    return [Row(one, "", "") for one in (*found, path)]


def _loose(folder: str, project: str, note: Callable[[str], None]) -> frozenset[str]:
    lines = text_or(os.path.join(folder, "top_level.txt"), note).split()
    return frozenset(lines[: limits.MAX_CLAIMS]) or frozenset({project.replace("-", "_")})


def commands(folder: str, note: Callable[[str], None]) -> frozenset[str]:
    """The names of the commands that entry_points.txt in `folder` asks an installer to make."""
    found, group = set(), ""
    for line in text_or(os.path.join(folder, "entry_points.txt"), note).splitlines():
        line = line.strip()
        if line.startswith("["):
            group = line.strip("[] ")
        elif group in ("console_scripts", "gui_scripts") and "=" in line and line[:1] not in "#;":
            found.add(line.partition("=")[0].strip())
    return frozenset(found)


def _line(folder: str, name: str, note: Callable[[str], None]) -> str:
    return (text_or(os.path.join(folder, name), note).splitlines() or [""])[0].strip()[:60]


def _requested(folder: str, installer: str) -> bool | None:
    """PEP 376: the mark itself, or None where its installer (by INSTALLER) writes no such mark."""
    if installer == "uv":
        return None  # it marks what it resolved, asked for or not
    if os.path.lexists(os.path.join(folder, "REQUESTED")):
        return True
    return False if installer in _MARKING else None


def _came(folder: str) -> datetime | None:
    """When an installer wrote what only installers write; a wheel's own files may bear older times."""
    for name in ("INSTALLER", "RECORD", "installed-files.txt", "METADATA", "PKG-INFO", ""):
        try:
            found = os.lstat(os.path.join(folder, name) if name else folder)
            return datetime.fromtimestamp(found.st_mtime, UTC)
        except (OSError, ValueError, OverflowError):
            continue
    return None


def _part(said: dict[str, object], name: str) -> dict[str, object]:
    found = said.get(name)
    return found if isinstance(found, dict) else {}


def entries_of(site: str, note: Callable[[str], None]) -> list[os.DirEntry[str]]:
    """What a site folder holds; nothing where it can't be read."""
    try:
        found = names(site, limits.MAX_ENVIRONMENT_FILES)
    except OSError as why:
        note(f"{site} cannot be read: {reason(why)}.")
        return []
    if len(found) >= limits.MAX_ENVIRONMENT_FILES:
        note(f"{site} holds more than {limits.MAX_ENVIRONMENT_FILES:,} files; the rest was not looked at.")
    return found
