"""An installed distribution's files against those of the wheel that an index published for the same release."""

from __future__ import annotations

import hashlib
import os

from stockade import limits
from stockade.acquire.environments.dists import commands
from stockade.acquire.environments.files import digest, read, reason
from stockade.acquire.environments.layout import Note
from stockade.acquire.environments.record import Row, parsed, wanted, written
from stockade.model.environment import Environment, Installed, Oddity, Oddness

#: Files of dist-info that belong to an installation, not to the wheel.
_INSTALLERS = frozenset(
    {"RECORD", "RECORD.jws", "RECORD.p7s", "INSTALLER", "REQUESTED", "direct_url.json"}
    | {"uv_cache.json", "uv_build.json"}
)

#: What wheels begin a script with that an installer is to rewrite.
_FIRST_LINES = (b"#!python", b"#!pythonw", b"#!python3", b"#!python2")


def not_as_published(
    environment: Environment, installed: Installed, record: bytes, *, note: Note
) -> tuple[Oddity, ...]:
    """How the files of `installed` differ from those that `record`, RECORD of the published wheel, promises.

    Every file that it lists is digested where an installer puts it (PEP 427: ``NAME-VERSION.data`` is spread over the
    environment), and what the installed RECORD lists beyond it is told, too, unless installers write it: marks,
    compiled files, and commands made of entry points. RECORD on the disk is not asked about bytes: whoever changed a
    file may have changed that as well. What can't be read is a sentence to `note`; nothing is raised.
    """
    here = _Place(environment, installed)
    rows = parsed(record, installed.site)
    if isinstance(rows, str):
        note(f"{installed.name} {installed.version} was not compared with what was published: {rows}.")
        return ()
    found: list[Oddity] = []
    published = set()
    for row in rows:
        path, rewritten = here.of(row.path)
        published.add(path)
        if not path or here.is_installers(path):
            continue
        if why := _differs(row._replace(path=path), note, rewritten=rewritten):
            found.append(here.told(path, why))
    beyond = (path for path in _listed(installed, note) if path not in published and not here.is_made(path))
    found += [here.told(path, "the published wheel does not hold it") for path in beyond]
    if len(found) > limits.MAX_SENTENCES:
        note(
            f"{len(found) - limits.MAX_SENTENCES:,} more files of {installed.name} differ from what was published."
        )
    return tuple(found[: limits.MAX_SENTENCES])


class _Place:
    """Where an installer puts the files of one wheel."""

    def __init__(self, environment: Environment, installed: Installed) -> None:
        self._environment = environment
        self._installed = installed
        self._info = os.path.basename(installed.folder)
        self._data = f"{installed.site}/{self._info.removesuffix('.dist-info')}.data/"
        self._commands = _command_names(installed)

    def of(self, path: str) -> tuple[str, bool]:
        """The path of a file of the wheel in the environment, and whether it may be rewritten; "" where it has none."""
        if not path.startswith(self._data):
            return path, False
        scheme, _, rest = path.removeprefix(self._data).partition("/")
        if scheme in ("purelib", "platlib"):
            return f"{self._installed.site}/{rest}", False
        if scheme == "data":
            return f"{self._environment.root}/{rest}", False
        if scheme == "scripts":
            for folder in self._environment.scripts:
                if os.path.lexists(f"{folder}/{rest}"):
                    return f"{folder}/{rest}", True
            return (
                (f"{self._environment.scripts[0]}/{rest}", True) if self._environment.scripts else ("", True)
            )
        return "", False  # headers lie where only the interpreter knows

    def is_installers(self, path: str) -> bool:
        """Whether an installer writes that file by itself."""
        return os.path.dirname(path) == self._installed.folder and os.path.basename(path) in _INSTALLERS

    def is_made(self, path: str) -> bool:
        """The same for files that only an installed RECORD lists."""
        folder, name = os.path.split(path)
        if path.endswith((".pyc", ".pyo")) and folder.endswith("/__pycache__"):
            return True
        plain = name.removesuffix(".exe").removesuffix("-script.py")
        made = folder in self._environment.scripts and plain.rstrip(".0123456789-") in self._commands
        headers = folder.startswith(os.path.join(self._environment.root, "include") + "/")
        return made or headers or self.is_installers(path)

    def told(self, path: str, why: str) -> Oddity:
        """The oddity."""
        return Oddity(kind=Oddness.NOT_AS_PUBLISHED, path=path, project=self._installed.name, detail=why)


def _differs(row: Row, note: Note, *, rewritten: bool) -> str:
    if not row.digest:
        return ""
    asked = wanted(row.digest)
    if asked is None:
        note(f"{row.path} was not compared: {row.digest[:60]!r} is no digest that can be checked.")
        return ""
    try:
        if rewritten and _is_rewritten(read(row.path, limits.MAX_MEMBER), *asked):
            return ""
        value, _ = digest(row.path, asked[0])
    except (FileNotFoundError, NotADirectoryError):
        return "the published wheel holds it, and it isn't there"
    except OSError as why:
        note(f"{row.path} cannot be read: {reason(why)}.")
        return ""
    return (
        "" if value == asked[1] else f"its digest is {written(asked[0], value)}, {row.digest} was published"
    )


def _is_rewritten(script: bytes, algorithm: str, value: bytes) -> bool:
    """Whether a script is the published one but for the line that names the environment's interpreter (PEP 427)."""
    lines = script.split(b"\n", 3)
    # A path that is too long for the kernel is put behind a shell's, on three lines.
    long = len(lines) == 4 and lines[0] == b"#!/bin/sh" and lines[1].startswith(b"'''exec' ")
    rest = lines[3] if long else script.partition(b"\n")[2]
    tried = (first + end + rest for first in _FIRST_LINES for end in (b"\n", b"\r\n"))
    return any(hashlib.new(algorithm, one, usedforsecurity=False).digest() == value for one in tried)


def _listed(installed: Installed, note: Note) -> list[str]:
    try:
        rows = parsed(read(os.path.join(installed.folder, "RECORD"), limits.MAX_RECORD), installed.site)
    except OSError as why:
        note(f"RECORD of {installed.folder} cannot be read: {reason(why)}.")
        return []
    return [] if isinstance(rows, str) else [row.path for row in rows]


def _command_names(installed: Installed) -> frozenset[str]:
    return frozenset(
        name.rstrip(".0123456789-") for name in commands(installed.folder, lambda sentence: None)
    )
