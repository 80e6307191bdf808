"""What an artifact says of itself: names, versions, requirements, entry points, build backend."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from packaging.utils import canonicalize_name

from stockade import limits
from stockade.analyse.unpack.facts import Identity, Metadata, Odd
from stockade.analyse.unpack.metadata import parse_metadata
from stockade.analyse.unpack.names import claimed
from stockade.analyse.unpack.notes import Notes
from stockade.analyse.unpack.paths import logical, plain
from stockade.analyse.unpack.requirements import asked
from stockade.analyse.unpack.tree import ArchiveTree
from stockade.model.artifact import Kind, Member, MemberKind, Tree

#: A project's own; deeper ones, and those of tests, are other projects' as test data.
_EGG_INFO = re.compile(r"(?:(?!tests?/|docs?/|examples?/)[^/]+/)?[^/]+\.egg-info/[^/]+$")

EntryPoints = dict[str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """An artifact's identity and what follows from it. `dist_info`: the folder that counts, of a wheel."""

    identity: Identity
    requires: tuple[str, ...]
    project: str
    version: str
    dist_info: str


def claims_of(tree: ArchiveTree, filename: str, root: str, notes: Notes) -> Claims:
    """Read every claim; what is missing or doubled in a wheel is noted."""
    named = claimed(filename)
    dist_info = ""
    if tree.kind is Kind.WHEEL:
        dist_info = _dist_info(tree, named[0], notes)
        sources = _in_wheel(tree, dist_info, notes)
    else:
        sources = _in_sdist(tree, root)
    metadata = tuple(_metadata(tree, member, notes) for member in sources)
    counts = metadata[0] if metadata else None
    project, refusal = _pyproject(tree, root)
    if refusal:
        notes.limit(_at(root, "pyproject.toml"), refusal)
    backend, backend_path = _backend(project)
    identity = Identity(
        filename=named,
        metadata=metadata,
        top_level=top_level(tree, root),
        entry_points=_entry_points(tree, dist_info, root, project),
        build_backend=backend,
        backend_path=backend_path,
        asked=asked(metadata, project, _small(tree, _at(root, "setup.cfg")), root, _listed(tree, metadata)),
    )
    return Claims(
        identity=identity,
        requires=counts.fields.get("requires-dist", ()) if counts else (),
        project=(counts.first("name") if counts else "") or named[0],
        version=(counts.first("version") if counts else "") or named[1],
        dist_info=dist_info,
    )


def _listed(tree: ArchiveTree, metadata: tuple[Metadata, ...]) -> tuple[str, bytes]:
    """The path and bytes of the requires.txt beside the first PKG-INFO of an egg-info folder."""
    for one in metadata:
        folder, _, _ = one.source.rpartition("/")
        if folder.endswith(".egg-info"):
            return f"{folder}/requires.txt", _small(tree, f"{folder}/requires.txt")
    return "", b""


def _dist_info(tree: ArchiveTree, name: str, notes: Notes) -> str:
    folders = dict.fromkeys(
        member.path.partition("/")[0]
        for member in tree.members
        if not member.nested and ".dist-info/" in member.path
    )
    found = [folder for folder in folders if folder.endswith(".dist-info")]
    if len(found) > 1:
        notes.odd(Odd.TWO_DIST_INFO, "", f"it has {len(found)} dist-info folders: {', '.join(found[:4])}")
    ours = [folder for folder in found if canonicalize_name(folder.partition("-")[0]) == name]
    return (ours or found or [""])[0]


def _in_wheel(tree: ArchiveTree, dist_info: str, notes: Notes) -> list[Member]:
    found = [
        member
        for member in tree.members
        if not member.nested and member.path.count("/") == 1 and member.path.endswith(".dist-info/METADATA")
    ]
    found.sort(key=lambda member: not member.path.startswith(f"{dist_info}/"))
    if not found:
        notes.odd(Odd.METADATA_MISSING, "", "it is named a wheel and has no METADATA")
    return found


def _in_sdist(tree: ArchiveTree, root: str) -> list[Member]:
    found = []
    for member in tree.members:
        if member.nested or (not member.path.endswith("/PKG-INFO") and member.path != "PKG-INFO"):
            continue
        place = logical(member.path, tree.kind, root)
        if place == "PKG-INFO" or _EGG_INFO.match(place):
            found.append((place.count("/"), member))
    found.sort(key=lambda pair: pair[0])
    return [member for _, member in found[: limits.MAX_CLAIMS]]


def _metadata(tree: ArchiveTree, member: Member, notes: Notes) -> Metadata:
    if member.size > limits.MAX_METADATA:
        notes.limit(member.path, f"metadata over {limits.MAX_METADATA >> 20} MiB was cut")
    return parse_metadata(tree.read(member, limits.MAX_METADATA), member.path)


def top_level(tree: ArchiveTree, root: str) -> tuple[str, ...]:
    """The names at the top of site-packages that importing would find, as far as the members show."""
    names: dict[str, None] = {}
    for member in tree.members:
        if member.nested or member.kind is not MemberKind.FILE:
            continue
        path = logical(member.path, tree.kind, root)
        if tree.kind is not Kind.WHEEL:
            path = path.removeprefix("src/")
        first, slash, rest = path.partition("/")
        if not slash:
            stem, _, ending = first.partition(".")
            if ending.rpartition(".")[2] in ("py", "so", "pyd") and first not in ("setup.py", "conftest.py"):
                names[stem] = None
        elif "." not in first and (tree.kind is Kind.WHEEL or rest == "__init__.py"):
            names[first] = None
    return tuple(names)[: limits.MAX_CLAIMS]


def _entry_points(tree: ArchiveTree, dist_info: str, root: str, project: Mapping[str, Any]) -> EntryPoints:
    if tree.kind is Kind.WHEEL:
        raw = _small(tree, f"{dist_info}/entry_points.txt") if dist_info else b""
        return parse_entry_points(raw)
    found: EntryPoints = {}
    for member in tree.members:
        place = logical(member.path, tree.kind, root)
        if not member.nested and place.endswith("/entry_points.txt") and _EGG_INFO.match(place):
            _merge(found, parse_entry_points(tree.read(member, limits.MAX_PROJECT_FILE)))
    _merge(found, _from_pyproject(project))
    _merge(found, _from_setup_cfg(_small(tree, _at(root, "setup.cfg"))))
    return found


def parse_entry_points(raw: bytes) -> EntryPoints:
    """entry_points.txt by group, in order; lines that are neither section nor ``name = value`` are left out.

    Read by hand, for a later duplicate must not hide an earlier one.
    """
    found: dict[str, list[tuple[str, str]]] = {}
    group = ""
    for line in raw.decode("utf-8", "backslashreplace").splitlines():
        text = line.strip()
        if text.startswith("[") and text.endswith("]"):
            group = text[1:-1].strip()
        elif "=" in text and not text.startswith(("#", ";")):
            name, _, value = text.partition("=")
            found.setdefault(group, []).append((name.strip(), value.strip()))
    return {name: tuple(points) for name, points in found.items()}


def _merge(into: EntryPoints, more: EntryPoints) -> None:
    for group, points in more.items():
        before = into.get(group, ())
        into[group] = (*before, *(point for point in points if point not in before))


def _from_pyproject(project: Mapping[str, Any]) -> EntryPoints:
    table = _table(project, "project")
    groups = {"console_scripts": _table(table, "scripts"), "gui_scripts": _table(table, "gui-scripts")}
    more = _table(table, "entry-points")
    groups.update({name: group for name, group in more.items() if isinstance(group, dict)})
    return {name: points for name, group in groups.items() if (points := _points(group.items()))}


def _points(items: Iterable[tuple[str, object]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value.strip()) for name, value in items if isinstance(value, str))


def _from_setup_cfg(raw: bytes) -> EntryPoints:
    """``[options.entry_points]`` of setup.cfg: groups with ``name = reference`` on indented lines.

    Read by hand, since configparser takes time in the square of a hostile line.
    """
    found: dict[str, list[tuple[str, str]]] = {}
    inside, group = False, ""
    for line in raw.decode("utf-8", "backslashreplace").splitlines():
        text = line.strip()
        if not text or text.startswith(("#", ";")):
            continue
        if line.startswith("["):
            inside = text == "[options.entry_points]"
        elif inside:
            name, equals, value = text.partition("=")
            if not line[0].isspace():
                group, name, equals, value = name.strip(), *value.partition("=")
            if equals:
                found.setdefault(group, []).append((name.strip(), value.strip()))
    return {name: tuple(points) for name, points in found.items()}


def build_backend(tree: Tree, root: str = "") -> tuple[str, tuple[str, ...]]:
    """(build-backend, backend-path) of pyproject.toml in `root` (PEP 517), ("", ()) where it names none."""
    return _backend(_pyproject(tree, root)[0])


def _backend(project: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    table = _table(project, "build-system")
    name = table.get("build-backend", "")
    path = table.get("backend-path", [])
    shown = tuple(part for part in path if isinstance(part, str)) if isinstance(path, list) else ()
    return (name if isinstance(name, str) else ""), shown


def _pyproject(tree: Tree, root: str) -> tuple[Mapping[str, Any], str]:
    """pyproject.toml and, where it was not read for a bound of ours, why; installers refuse invalid ones."""
    raw = _small(tree, _at(root, "pyproject.toml"))
    if len(raw) >= limits.MAX_PROJECT_FILE:
        return {}, f"it is larger than {limits.MAX_PROJECT_FILE >> 10} KiB"
    if any(len(line) > limits.MAX_TOML_LINE for line in raw.splitlines()):
        return {}, f"a line of it is longer than {limits.MAX_TOML_LINE >> 10} KiB"
    try:
        return tomllib.loads(raw.decode("utf-8")), ""
    except RecursionError:
        return {}, "it is nested too deeply"
    except ValueError:
        return {}, ""


def _table(table: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = table.get(key)
    return value if isinstance(value, dict) else {}


def _at(root: str, name: str) -> str:
    return f"{root}/{name}" if root else name


def _small(tree: Tree, path: str) -> bytes:
    """The start of the first outermost member at `path`, b"" if there is none."""
    for member in tree.members:
        if not member.nested and plain(member.path) == path:
            return tree.read(member, limits.MAX_PROJECT_FILE)
    return b""
