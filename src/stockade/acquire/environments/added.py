"""Folders that .pth files put on the path of an interpreter (the rules of the standard library's ``site``)."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from stockade import limits
from stockade.acquire.environments.files import is_folder, names, read, reason
from stockade.acquire.environments.layout import Note


@dataclass(frozen=True, slots=True)
class PthFile:
    """What a .pth file makes an interpreter do when it starts: run `code`, look into `folders` as they are written."""

    path: str
    code: tuple[str, ...]
    folders: tuple[str, ...]


def pth_file(path: str) -> PthFile:
    """The .pth file at `path`, be it a link; raises OSError."""
    raw = read(path, limits.MAX_PTH)
    lines = raw.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape").splitlines()
    code, folders = [], []
    for line in lines[: limits.MAX_STARTUP_LINES]:
        if line.startswith(("import ", "import\t")):
            code.append(line)
        elif line.strip() and not line.startswith("#"):
            folders.append(line.rstrip())
    return PthFile(path, tuple(code), tuple(folders))


def pth_files(site: str, note: Note) -> Iterator[PthFile]:
    """Those of one site folder; nothing below it is looked at, as by the interpreter."""
    try:
        held = names(site)
    except OSError as why:
        note(f"{site} cannot be read: {reason(why)}.")
        return
    for one in held:
        if one.name.endswith(".pth"):
            try:
                yield pth_file(one.path)
            except OSError as why:
                note(f"{one.path} cannot be read: {reason(why)}.")


def added_folders(sites: Iterable[str], note: Note) -> list[str]:
    """The folders outside of `sites` that their .pth files add, as far as they are there; each once."""
    sites = tuple(sites)
    found: dict[str, None] = {}
    for site in sites:
        for file in pth_files(site, note):
            for line in file.folders:
                folder = os.path.normpath(os.path.join(site, line)) if "\0" not in line else site
                if folder not in sites and is_folder(folder):
                    found[folder] = None
                if len(found) >= limits.MAX_ADDED:
                    note(
                        f"{site} adds more than {limits.MAX_ADDED:,} folders to its path; the rest was left out."
                    )
                    return list(found)
    return list(found)
