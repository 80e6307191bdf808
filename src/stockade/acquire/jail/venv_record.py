"""What an environment was when it was made, kept outside of it; what has become of it; and what is put back."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from stockade import limits
from stockade.acquire.jail.venv import Made, guarded, startup_files
from stockade.errors import BadEnvironment

_FORMAT = "stockade-env-1"
_FOLDER = "environments"
_HEAD = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """An environment as it was made, and the start-up files that may be in it, by name."""

    folder: Path
    files: dict[str, str]
    startup: dict[str, str]
    permitted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something that is not as it was: `what` completes "PATH …". `told` where that happens honestly."""

    path: str
    what: str
    told: bool = False


def path_of(folder: Path, kept: Path) -> Path:
    """Where the record of an environment lies, below the folder that Stockade keeps things in."""
    name = hashlib.sha256(os.fsencode(os.path.realpath(folder))).hexdigest()[:32]
    return kept / _FOLDER / f"{name}.json"


def document(made: Made, permitted: Sequence[str]) -> str:
    """A record to keep."""
    digests = {name: _sha256(text) for name, text in made.files.items()}
    told = {
        "format": _FORMAT,
        "folder": str(made.folder),
        "python": made.real,
        "sha256": digests,
        "files": dict(made.files),
        "startup": dict(made.startup),
        "permitted": list(permitted),
    }
    return json.dumps(told, indent=1)


def read(folder: Path, kept: Path) -> Record:
    """The record of an environment; raises BadEnvironment where there is none, or it is damaged."""
    folder = Path(os.path.realpath(folder))
    place = path_of(folder, kept)
    try:
        found = json.loads(place.read_text("utf-8"))
        files = {str(name): str(text) for name, text in found["files"].items()}
        sound = found["format"] == _FORMAT and found["folder"] == str(folder)
        sound = sound and all(_sha256(text) == found["sha256"][name] for name, text in files.items())
        permitted = tuple(str(one) for one in found["permitted"])
        startup = {str(name): str(digest) for name, digest in found["startup"].items()}
    except FileNotFoundError:
        raise BadEnvironment(f"{folder} was not made by `stockade env create`, or not by you") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        sound, files, startup, permitted = False, {}, {}, ()
    if not sound:
        raise BadEnvironment(f"what was written down of {folder} is damaged ({place})")
    return Record(folder=folder, files=files, startup=startup, permitted=permitted)


def changes(record: Record) -> Iterator[Change]:
    """Everything that is not as it was; nothing of the environment is run for it."""
    for name, text in record.files.items():
        found = _text(record.folder / name)
        if found is None:
            yield Change(path=name, what="is gone, or no plain file")
        elif found != text:
            yield Change(path=name, what="is not what it was made as")
    for name in guarded(record.folder):
        if name not in record.files:
            yield Change(
                path=name, what="was not there when it was made, and starts or is read outside of the jail"
            )
    yield from _scripts(record)
    yield from _startup(record)


def restore(record: Record) -> list[Change]:
    """Put back what guards the environment; gives what was put back."""
    done = []
    for one in list(changes(record)):
        path = record.folder / one.path
        if one.path not in record.files:
            if one.path not in guarded(record.folder):
                continue
            _away(path)
        else:
            if path.parent.is_symlink() or not path.parent.is_dir():
                raise BadEnvironment(f"{path.parent} is no folder any more: make the environment anew")
            _away(path)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
            with open(handle, "wb") as file:
                file.write(record.files[one.path].encode("utf-8", "surrogateescape"))
            path.chmod(0o755 if path.name.startswith("python") else 0o644)
        done.append(one)
    return done


def _away(path: Path) -> None:
    """Remove whatever is in a guarded file's place; what is a folder is moved aside."""
    if not os.path.lexists(path):
        return
    if path.is_dir() and not path.is_symlink():
        path.rename(path.with_name(f".{path.name}.put-aside"))
    else:
        path.unlink()


def _text(path: Path) -> str | None:
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return None
        return path.read_bytes()[: limits.MAX_CONFIG].decode("utf-8", "surrogateescape")
    except OSError:
        return None


def _scripts(record: Record) -> Iterator[Change]:
    """Programs that start otherwise than by the environment's own python."""
    pythons = [os.fsencode(record.folder / name) for name in record.files if name.startswith("bin/python")]
    for path in sorted((record.folder / "bin").iterdir()):
        name = f"bin/{path.name}"
        if name in record.files or name in guarded(record.folder):
            continue
        if path.is_symlink():
            yield Change(path=name, what="leads elsewhere, and starts without walls", told=True)
            continue
        head = _head(path)
        first, _, second = head.partition(b"\n")
        by = first[2:].strip() if first.startswith(b"#!") else b""
        # Where the path is too long for a first line, installers write it into the second (for a shell).
        jailed = any(by == one or (by == b"/bin/sh" and b"'exec' " + one in second) for one in pythons)
        if head and not jailed and os.access(path, os.X_OK):
            yield Change(path=name, what="is a program that starts without walls", told=not by)


def _startup(record: Record) -> Iterator[Change]:
    """What runs each time the interpreter starts, and nobody permitted."""
    for name in startup_files(record.folder):
        path = record.folder / name
        as_made = record.startup.get(name)
        if path.name in record.permitted or (as_made and as_made == _digest(path)):
            continue
        yield Change(path=name, what="runs each time Python starts, and is not among the permitted")


def _digest(path: Path) -> str:
    text = _text(path)
    return "" if text is None else _sha256(text)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_HEAD)
    except OSError:
        return b""
