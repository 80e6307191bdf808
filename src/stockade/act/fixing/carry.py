"""Carries a plan out: first a copy of everything that goes or changes, in one archive that only its owner reads."""

from __future__ import annotations

import contextlib
import os
import tarfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import assert_never

from stockade import limits
from stockade.act.fixing import held
from stockade.act.fixing.plan import Left, PutBack, Step, TakeOut
from stockade.act.report.shown import shown
from stockade.errors import FixFailed
from stockade.remember.files import PRIVATE


def carry_out(steps: Sequence[Step], root: str, folder: Path, now: datetime) -> Path | None:
    """Do `steps` in the environment at `root`; the archive with what was there before, None where nothing was done.

    `folder` is made. The archive holds paths relative to `root`, so that unpacking it there undoes the steps. It is
    whole and on the disk before the first file goes. Raises FixFailed; what was done until then is in the archive.
    """
    root = os.path.realpath(root)
    doing = [one for one in steps if not isinstance(one, Left)]
    if not doing:
        return None
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        archive = _free(folder, now)
        _copy([path for one in doing for path in _touched(one)], root, archive)
    except OSError as why:
        about = f"{why.filename}: " if why.filename and why.filename != str(folder) else ""
        raise FixFailed(
            f"nothing was changed: no copy could be made in {folder}: {about}{why.strerror or why}"
        ) from None
    try:
        for one in doing:
            if isinstance(one, PutBack):
                held.put(one.path, one.data, root)
            else:
                _remove(one.paths, root)
    except OSError as why:
        raise FixFailed(f"{why.filename} stays: {why.strerror}; what went is in {archive}") from None
    return archive


def step_lines(steps: Iterable[Step], *, dry: bool) -> Iterator[str]:
    """The steps for people, before they are done (or would be, `dry`)."""
    for one in steps:
        what, why = shown(one.what, limit=200), shown(one.why, limit=300)
        match one:
            case TakeOut(paths=paths):
                files = f"{len(paths):,} file{'s'[: len(paths) != 1]}"
                yield f"{'would take' if dry else 'takes'} out {what} ({files}): {why}"
            case PutBack():
                yield f"{'would put' if dry else 'puts'} back {what}: {why}"
            case Left():
                yield f"leaves {what}: {why}"
            case _:  # pragma: no cover
                assert_never(one)


def _touched(one: Step) -> tuple[str, ...]:
    match one:
        case TakeOut():
            return one.paths
        case PutBack():
            return (one.path,)
    return ()


def _free(folder: Path, now: datetime) -> Path:
    for number in range(1000):
        path = folder / f"{now:%Y%m%dT%H%M%S}{f'-{number}' if number else ''}.tar"
        with contextlib.suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE))
            return path
    raise OSError(0, "too many of this second")


def _copy(paths: Iterable[str], root: str, archive: Path) -> None:
    """Fill `archive`; where that fails, it is taken away again: half a copy would undo nothing."""
    left = limits.MAX_BACKUP
    try:
        with archive.open("wb") as file:
            with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
                for path in sorted(set(paths)):
                    left -= held.copy(path, root, tar, left)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        archive.unlink(missing_ok=True)
        raise


def _remove(paths: Iterable[str], root: str) -> None:
    """Take the files out, and the folders that hold nothing any more."""
    folders = set()
    for path in paths:
        held.unlink(path, root)
        folders.add(os.path.dirname(path))
    for folder in sorted(folders, key=len, reverse=True):
        while folder.startswith(root.rstrip("/") + "/") and os.path.basename(folder) not in _STAY:
            try:
                held.rmdir(folder, root)
            except OSError:
                break
            folder = os.path.dirname(folder)


#: Folders of an environment that stay though they be empty.
_STAY = frozenset({"site-packages", "dist-packages", "bin", "Scripts", "lib", "Lib"})
