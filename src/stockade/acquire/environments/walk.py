"""Environments anywhere below a folder: one pass over names, without a look into files or through links."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from stockade import limits
from stockade.acquire.environments.files import reason
from stockade.acquire.environments.layout import Note

#: Stores that hold no environment that an interpreter runs in, by names that nobody gives to anything else.
_SKIPPED = frozenset(
    {".git", ".hg", ".svn", ".bzr", "node_modules", "__pycache__", ".mypy_cache", ".ruff_cache"}
)
#: The inside of an environment; what else lies in one (a project whose root is one) is walked on.
_INSIDE = frozenset(
    {
        "lib",
        "lib64",
        "lib32",
        "Lib",
        "bin",
        "Scripts",
        "include",
        "Include",
        "share",
        "etc",
        "man",
        "doc",
        "ssl",
    }
    | {"conda-meta", "pkgs", "compiler_compat", "shell"}
)
_SITES = frozenset({"site-packages", "dist-packages"})
_ZIPAPPS = (".pyz", ".pyzw", ".pex", ".shiv")
#: What the kernel makes up, by the type of its mount: nothing there is a file, and much of it has no end.
_MADE_UP = frozenset(
    {
        "proc",
        "sysfs",
        "devtmpfs",
        "devpts",
        "cgroup",
        "cgroup2",
        "debugfs",
        "tracefs",
        "securityfs",
        "configfs",
    }
    | {"bpf", "pstore", "mqueue", "hugetlbfs"}
)


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that lies at `path`: ``environment``, ``site`` (a site-packages outside of any) or ``zipapp``."""

    path: str
    what: str


def walk(
    top: str, note: Note, *, made_up: frozenset[str] = frozenset({"/proc", "/sys", "/dev"})
) -> Iterator[Hit]:
    """What lies below `top`, the nearest first, so that no deep heap of files hides what lies beside it.

    Links are not followed, `made_up` folders not entered. A folder that can't be read, and each bound that is hit, is
    a sentence to `note`.
    """
    pending = deque([top])
    seen = 0
    refused = _Refused(top, note)
    while pending:
        folder = pending.popleft()
        found = refused.listed(folder)
        if found is None:
            continue
        seen += found.seen
        if found.cut:
            note(
                f"{folder} holds more than {limits.MAX_WALKED_FOLDER:,} files; the rest of it was not looked at."
            )
        yield from found.hits(folder)
        if seen > limits.MAX_WALKED:
            note(f"{top} holds more than {limits.MAX_WALKED:,} files; the rest of it was not looked at.")
            break
        inner = [path for name in found.inner() if (path := os.path.join(folder, name)) not in made_up]
        room = limits.MAX_WALKED_FOLDERS - len(pending)
        pending.extend(inner[:room])
        if len(inner) > room:
            note(f"{folder} is one of too many folders below {top}; not all of it was looked into.")
    refused.end()


class _Refused:
    """Lists folders; says of the first that can't be how it is, and of the others how many there are."""

    def __init__(self, top: str, note: Note) -> None:
        self._top = top
        self._note = note
        self._count = 0

    def listed(self, folder: str) -> _Folder | None:
        try:
            with os.scandir(folder) as listing:
                return _Folder(listing)
        except FileNotFoundError:
            return None  # it went while we looked
        except OSError as why:
            # A home of somebody else has thousands of them, which say nothing more than the first.
            self._count += 1
            if self._count <= limits.MAX_SENTENCES:
                self._note(f"{folder} cannot be read: {reason(why)}.")
            return None

    def end(self) -> None:
        if self._count > limits.MAX_SENTENCES:
            self._note(
                f"{self._count - limits.MAX_SENTENCES:,} more folders below {self._top} cannot be read."
            )


def made_up_folders(mounts: str) -> frozenset[str]:
    """Where the kernel's own file systems are, by the text of /proc/mounts."""
    rows = (line.split() for line in mounts.splitlines())
    known = {row[1] for row in rows if len(row) > 2 and row[2] in _MADE_UP}
    return frozenset({"/proc", "/sys", "/dev", *known})


class _Folder:
    """What one folder holds, as far as it matters here."""

    __slots__ = ("conda", "cut", "folders", "packages", "seen", "virtual", "zipapps")

    def __init__(self, listing: Iterator[os.DirEntry[str]]) -> None:
        self.folders: list[str] = []
        self.zipapps: list[str] = []
        self.virtual = self.conda = self.cut = self.packages = False
        self.seen = 0
        for entry in listing:
            self.seen += 1
            if self.seen > limits.MAX_WALKED_FOLDER:
                self.cut = True
                break
            name = entry.name
            # By the type in the listing itself; asking the file would double the time.
            if entry.is_dir(follow_symlinks=False):
                self.folders.append(name)
                if name == "conda-meta":
                    self.conda = True
                elif name.endswith(".dist-info"):
                    self.packages = True
            elif name == "pyvenv.cfg":
                self.virtual = True
            elif name.endswith(_ZIPAPPS):
                self.zipapps.append(name)

    def hits(self, folder: str) -> Iterator[Hit]:
        """What of it is told."""
        if self.virtual or self.conda:
            yield Hit(folder, "environment")
        elif self.packages:
            yield Hit(folder, "site")  # what `pip install --target` fills
        for name in self.folders:
            # That of an environment is not reached, since its inside is not walked.
            if name in _SITES and not self.conda and not self.virtual:
                yield Hit(os.path.join(folder, name), "site")
            elif name == "__pypackages__":
                yield Hit(os.path.join(folder, name), "pypackages")
        for name in self.zipapps:
            yield Hit(os.path.join(folder, name), "zipapp")

    def inner(self) -> Iterator[str]:
        """The folders that are walked on."""
        skipped = _SKIPPED | _SITES | {"__pypackages__"}
        if self.virtual or self.conda:
            skipped |= _INSIDE
        return (name for name in self.folders if name not in skipped)
