"""The distribution files of this machine that an installer may take without asking anybody."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from stockade import limits
from stockade.acquire.index.local import path_of, read_local
from stockade.acquire.index.settings import Source, SourceKind, World, source_of
from stockade.acquire.sources.folder import is_archive
from stockade.acquire.sources.lines import Line, decoded, logical_lines
from stockade.acquire.sources.requirements import bounded
from stockade.errors import BadRequirement, IndexUnavailable, NothingInspected, UsageError
from stockade.model.project import project_name

_FILE_URL = re.compile(r"(?:^|@\s*|=)(?P<url>file:\S+)", re.IGNORECASE)


#: Locks that name their packages alike.
_LOCKS = ("uv.lock", "poetry.lock", "pdm.lock")


class LocalFiles:
    """Gathers `paths` to judge, `texts` that were read in requirements files, and `sentences` where it can't."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._found: dict[Path, None] = {}
        self._read: set[Path] = set()
        self.texts: list[str] = []
        self.sentences: list[str] = []

    @property
    def paths(self) -> list[Path]:
        """What was found, in order."""
        return list(self._found)

    def add_source(self, source: Source) -> None:
        """The files of a local index or find-links; nothing of one that the gate sees."""
        path = path_of(source.url)
        if path is None:
            return
        if path.suffix.lower() in {".html", ".htm"}:
            self.sentences.append(
                f"{path} is a page of links, which isn't followed: name the folder of the files instead"
            )
            return
        try:
            for one in _of_source(path, source):
                if self._full(source.label):
                    return
                self._add(one)
        except (OSError, IndexUnavailable):
            self.sentences.append(
                f"{path} can't be read, so its files can't be judged: take it out of the settings"
            )

    def add_target(self, text: str, folder: Path) -> None:
        """A path or a ``file:`` URL, if that is what `text` is and a distribution file is there."""
        found = _FILE_URL.search(text)
        path = path_of(found["url"].partition("#")[0]) if found else folder / text.partition(";")[0].strip()
        if found is None and not is_archive(_without_extras(path).name if path else ""):
            return
        if path is not None:
            self._add(_without_extras(path))

    def add_requirements(self, text: str, folder: Path) -> None:
        """What a requirements or constraints file names, and those that it includes."""
        path = path_of(text) if text.lower().startswith("file:") else folder / text
        if not text or path is None or path in self._read or len(self._read) >= limits.MAX_INCLUDES:
            return
        self._read.add(path)
        if path.suffix == ".toml":
            self._add_lock(path, "packages")
            return
        try:
            data = decoded(bounded(path, text, limits.MAX_REQUIREMENTS), text)
            for line in logical_lines(data, self._world.env, text):
                self._line(line, path)
        except (BadRequirement, NothingInspected, OSError):
            return  # the installer refuses it too, or it isn't one

    def add_locks(self, folder: Path) -> None:
        """The archives that the lock of a project in or above `folder` names by their path."""
        for one in (folder, *folder.parents):
            found = [one / name for name in _LOCKS if (one / name).is_file()]
            if found:
                for path in found:
                    self._add_lock(path, "package")
                return

    def _add_lock(self, path: Path, key: str) -> None:
        try:
            listed = tomllib.loads(bounded(path, str(path), limits.MAX_LOCK).decode()).get(key, [])
        except (OSError, ValueError, RecursionError, NothingInspected, UsageError):
            return  # the installer refuses it too
        for package in listed if isinstance(listed, list) else ():
            if isinstance(package, dict):
                self._locked(package, path.parent)

    def _locked(self, package: dict[str, Any], folder: Path) -> None:
        """uv: a source's path, or paths below a registry that is a folder; poetry: a source's url; pdm: a path."""
        source = package.get("source")
        source = source if isinstance(source, dict) else {}
        registry = source.get("registry")
        base = folder / registry if isinstance(registry, str) and "://" not in registry else folder
        for text in (package.get("path"), source.get("path"), source.get("url")):
            if isinstance(text, str):
                self.add_target(text, folder)
        files = [*_list(package.get("wheels")), package.get("archive"), package.get("sdist")]
        for text in [one.get("path") for one in files if isinstance(one, dict)]:
            if isinstance(text, str):
                self.add_target(text, base)

    def _line(self, line: Line, path: Path) -> None:
        for text in (line.text, *line.all("editables")):
            if text:
                self.texts.append(text)
                self.add_target(text, path.parent)
        for nested in (*line.all("requirements"), *line.all("constraints")):
            self.add_requirements(nested, path.parent)
        kinds = {
            "find_links": SourceKind.LINKS,
            "index_url": SourceKind.SIMPLE,
            "extra_index_urls": SourceKind.SIMPLE,
        }
        for option, kind in kinds.items():
            for text in line.all(option):
                near = path.parent / text
                try:
                    here = str(near) if "://" not in text and near.exists() else text
                    self.add_source(source_of(here, str(path), self._world.cwd, kind))
                except (UsageError, OSError):
                    continue

    def _add(self, path: Path) -> None:
        try:
            if path.is_file() and is_archive(path.name) and not self._full(str(path.parent)):
                self._found[path.resolve()] = None
        except (OSError, ValueError):
            return  # a name that no file has

    def _full(self, where: str) -> bool:
        if len(self._found) < limits.MAX_LOCAL_FILES:
            return False
        self.sentences.append(
            f"{where} holds more files than are judged beforehand ({limits.MAX_LOCAL_FILES}): "
            "serve the folder as an index, so that the gate sees what is taken from it"
        )
        return True


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _of_source(path: Path, source: Source) -> Iterator[Path]:
    if source.kind is not SourceKind.SIMPLE:
        if path.is_dir():
            yield from sorted(path.iterdir())
        else:
            yield path
        return
    for folder in sorted(path.iterdir()) if path.is_dir() else ():
        if (folder / "index.html").is_file():
            yield from _of_page(source, folder.name)
        elif folder.is_dir():
            yield from sorted(folder.iterdir())


def _of_page(source: Source, project: str) -> Iterator[Path]:
    """The local files that a page links to."""
    try:
        listing = read_local(source, project_name(project))
    except BadRequirement:
        return  # no project has that name, so nobody asks for the page
    for ref in listing.files if listing else ():
        path = path_of(ref.url)
        if path is not None:
            yield path


def _without_extras(path: Path) -> Path:
    """The path without ``[extras]`` behind it."""
    name = re.sub(r"\[[^\]]*\]$", "", path.name)
    return path.with_name(name) if name and name != path.name else path
