"""Lock files: every release that a tool has already chosen, with the digests that it will accept.

A lock's own URLs are not used, except for packages that are a URL: the index is the one that is configured.
Groups, extras and markers are not followed: whatever is in the lock is judged.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.pylock import is_valid_pylock_path

from stockade import limits
from stockade.acquire.sources.lock_formats import (
    ANY_FILE,
    Read,
    read_pdm,
    read_pipfile,
    read_poetry,
    read_pylock,
    read_uv,
)
from stockade.acquire.sources.requirements import asked_for, bounded
from stockade.errors import BadLock, BadRequirement
from stockade.model.evidence import Gap, GapKind
from stockade.model.project import Requirement

_CONFLICT = re.compile(r"^(?:<{7}|>{7}|\|{7})(?: |$)", re.MULTILINE)
#: Only a requirements file has such a line.
_PINNED_LINE = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*(?:\[[^\]]*\])?==[^=\s]", re.MULTILINE)
_READERS: Mapping[str, Callable[[Any, Path], Read]] = {
    "uv.lock": read_uv,
    "poetry.lock": read_poetry,
    "pdm.lock": read_pdm,
    "pylock.toml": read_pylock,
    "Pipfile.lock": read_pipfile,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """A lock file. Each of `pins` has a ``==`` or a URL, and the digests that the lock allows, if it has any.

    `kind` is the format's usual file name (``uv.lock``, … or ``requirements.txt``); `path` is as given.
    """

    kind: str
    path: str
    pins: tuple[Requirement, ...]
    gaps: tuple[Gap, ...] = ()


def read_lock(path: Path, *, env: Mapping[str, str]) -> Lock:
    """Read a lock file of any format we know, told by its name or else by what it holds.

    `env` fills in ``${NAME}`` in a requirements file. Raises BadLock with the line or the key, NotFound.
    """
    shown = str(path)
    try:
        data = bounded(path, shown, limits.MAX_LOCK)
        text = data.decode("utf-8-sig")
    except BadRequirement as why:
        raise BadLock(str(why)) from None
    except UnicodeDecodeError as why:
        line = data[: why.start].count(b"\n") + 1
        raise BadLock(f"{shown}, line {line}: not UTF-8 text") from None
    conflict = _CONFLICT.search(text)
    if conflict:
        line = text.count("\n", 0, conflict.start()) + 1
        raise BadLock(f"{shown} holds an unresolved merge conflict at line {line}")
    kind = _kind_by_name(path) or ("requirements.txt" if _PINNED_LINE.search(text) else "")
    if kind == "requirements.txt":
        return _requirements(path, env)
    as_json = kind == "Pipfile.lock" or (not kind and text.lstrip().startswith("{"))
    try:
        parsed = _parsed(text, shown, as_json=as_json)
    except BadLock as why:
        raise why if kind else _unknown(shown) from None
    kind = kind or _kind_by_content(parsed)
    if not kind:
        raise _unknown(shown)
    try:
        read = _READERS[kind](parsed, path.parent)
    except (BadLock, BadRequirement) as why:
        raise BadLock(f"{shown}: {why}") from None
    return Lock(kind=kind, path=shown, pins=read.pins, gaps=read.gaps)


def _unknown(shown: str) -> BadLock:
    known = ", ".join(_READERS)
    return BadLock(f"{shown} is no lock file that we know ({known}, or a requirements file with hashes)")


def _kind_by_name(path: Path) -> str:
    if path.name in _READERS:
        return path.name
    if is_valid_pylock_path(path):
        return "pylock.toml"
    return "requirements.txt" if path.suffix in {".txt", ".in"} else ""


def _kind_by_content(parsed: Mapping[str, Any]) -> str:
    metadata = parsed.get("metadata")
    inner = metadata if isinstance(metadata, dict) else {}
    if "_meta" in parsed:
        return "Pipfile.lock"
    if "lock-version" in parsed:
        return "pylock.toml"
    if "lock-version" in inner:
        return "poetry.lock"
    if "lock_version" in inner:
        return "pdm.lock"
    return "uv.lock" if "version" in parsed and "package" in parsed else ""


def _parsed(text: str, shown: str, *, as_json: bool) -> dict[str, Any]:
    try:
        found = json.loads(text) if as_json else tomllib.loads(text)
    except json.JSONDecodeError as why:
        raise BadLock(f"{shown}, line {why.lineno}: not JSON ({why.msg})") from None
    except tomllib.TOMLDecodeError as why:
        raise BadLock(f"{shown} is not TOML: {why}") from None
    except ValueError as why:  # a number of thousands of digits
        raise BadLock(f"{shown} cannot be read: {why}") from None
    except RecursionError:
        raise BadLock(f"{shown} is nested too deeply") from None
    if not isinstance(found, dict):
        raise BadLock(f"{shown} holds no table")
    return found


def _requirements(path: Path, env: Mapping[str, str]) -> Lock:
    try:
        asked = asked_for(files=[path], env=env, folder=Path())
    except BadRequirement as why:
        raise BadLock(str(why)) from None
    gaps = list(asked.gaps)
    for one in asked.requirements:
        if not one.pin and not one.url:
            raise BadLock(f"{one.origin}: {one.name} is not pinned with ==; `stockade check -r` resolves it")
        if not one.hashes:
            gaps.append(Gap(kind=GapKind.SCOPE, what=str(one), why=ANY_FILE))
    return Lock(kind="requirements.txt", path=str(path), pins=asked.requirements, gaps=tuple(gaps))
