"""A person's home folder, as the inventory reads it: regular files, bounded, each at most once.

Dotfiles are often links into a folder of their own; they are followed, and what they lead to is read once, under the
name that was asked for. Pipes and devices are not opened.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path

from stockade import limits
from stockade.model.credential import Place

_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOCTTY", 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """`root` is the folder, `environ` the variables that may name further files, `say` hears what could not be
    read, as a sentence and where that is."""

    root: Path
    environ: Mapping[str, str] = field(default_factory=dict)
    say: Callable[[str, str], object] = lambda sentence, where: None
    #: Files that are not opened: decoys, which would tell of us.
    skipped: frozenset[str] = frozenset()

    def shown(self, path: Path) -> str:
        """As people write it: ``~/.aws/credentials``."""
        return f"~/{path.relative_to(self.root).as_posix()}" if path.is_relative_to(self.root) else str(path)

    def matching(self, pattern: str) -> Iterator[Path]:
        """What lies at `pattern`, whose parts may have ``*``; at most limits.MAX_CREDENTIAL_FILES of it."""
        found = [self.root]
        for part in pattern.split("/"):
            found = [path for folder in found for path in _below(folder, part)][: limits.MAX_CREDENTIAL_FILES]
        yield from found

    def read(self, path: Path) -> bytes | None:
        """A regular file's bytes; None where there is none, or none that may be read (which is said)."""
        if str(path) in self.skipped:
            return None
        try:
            number = os.open(path, _FLAGS)
        except OSError as why:
            if why.errno not in {errno.ENOENT, errno.ENOTDIR, errno.ELOOP}:
                self.unread(path, why.strerror or "the system refused")
            return None
        if not stat.S_ISREG(os.fstat(number).st_mode):
            os.close(number)
            return None
        with os.fdopen(number, "rb") as file:
            data = file.read(limits.MAX_CREDENTIAL_FILE + 1)
        if len(data) > limits.MAX_CREDENTIAL_FILE:
            self.unread(path, f"it has more than {limits.MAX_CREDENTIAL_FILE >> 20} MiB")
            return None
        return data

    def unread(self, path: Path, why: str) -> None:
        """Say that a file was not read."""
        self.say(f"{self.shown(path)} was not read: {why}", self.shown(path))

    def place(self, path: Path, item: str = "") -> Place:
        """Where something was found."""
        try:
            found = path.stat()
        except OSError:
            return Place(where=self.shown(path), item=item)
        return Place(
            where=self.shown(path),
            item=item,
            changed=datetime.fromtimestamp(found.st_mtime, UTC),
            readable=self._readable(path, found),
            repository=self._repository(path),
        )

    def _readable(self, path: Path, found: os.stat_result) -> str:
        """Who else may read it: the file's mode, and that of every folder on its way."""
        who = (
            "everybody"
            if found.st_mode & stat.S_IROTH
            else "its group"
            if found.st_mode & stat.S_IRGRP
            else ""
        )
        for folder in path.resolve().parents if who else ():
            try:
                mode = folder.stat().st_mode
            except OSError:
                break
            if not mode & stat.S_IXOTH:
                who = "its group" if mode & stat.S_IXGRP and found.st_mode & stat.S_IRGRP else ""
                if not who:
                    break
        return who

    def _repository(self, path: Path) -> str:
        """The working tree that it lies in, if that is below the home and not the home itself."""
        for folder in path.parents:
            if folder == self.root or not folder.is_relative_to(self.root):
                return ""
            if (folder / ".git").exists():
                return self.shown(folder)
        return ""


def _below(folder: Path, part: str) -> Iterator[Path]:
    if "*" not in part:
        path = folder / part
        if os.path.lexists(path):
            yield path
        return
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return
    for name in names:
        if fnmatchcase(name, part):
            yield folder / name
