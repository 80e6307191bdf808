"""One thing that a person asks for, as pip takes it: a requirement, a URL, or a path."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    parse_sdist_filename,
    parse_wheel_filename,
)

from stockade.errors import BadRequirement
from stockade.model.evidence import Gap, GapKind
from stockade.model.project import Digest, Requirement, requirement

_ARCHIVES = (
    ".whl",
    ".zip",
    ".tar.gz",
    ".tgz",
    ".tar.bz2",
    ".tbz",
    ".tar.xz",
    ".txz",
    ".tlz",
    ".tar.lz",
    ".tar",
)
_URL = re.compile(r"(?:https?|file|ftp|(?:git|hg|svn|bzr)\+?[a-z+]*):", re.IGNORECASE)
_NAMED_URL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\s*(?:\[[^\]]*\])?\s*@")
_EXTRAS = re.compile(r"(.+)\[([^\]]*)\]")
_VCS = "it comes from a version-control repository, which is not judged; give an archive or a release"
_EDITABLE = "a local project would be built, which is not judged here; `stockade scan` looks at its folder"
_UNNAMED = "the URL doesn't say which project it holds; write it as NAME @ URL"
_PASSWORD = "the URL holds a login, which is not passed on; put it into the netrc file instead"  # noqa: S105


def target(
    text: str,
    *,
    folder: Path,
    origin: str = "command line",
    hashes: Sequence[Digest] = (),
    editable: bool = False,
) -> Requirement | Gap:
    """What `text` asks for; paths are relative to `folder`. What can't be judged is a Gap of kind *limit*.

    Raises BadRequirement where pip would not take it either.
    """
    try:
        return _target(text.strip(), folder, origin, hashes, editable=editable)
    except RecursionError:
        raise BadRequirement(f"a requirement of {origin} is nested too deeply") from None
    except ValueError as why:  # urllib's, for URLs that are none; the path functions', for a NUL
        raise BadRequirement(f"{text.strip()!r} ({origin}) is not a requirement: {why}") from None


def _target(
    text: str, folder: Path, origin: str, hashes: Sequence[Digest], *, editable: bool
) -> Requirement | Gap:
    if editable or (_URL.match(text) and _is_vcs(text)):
        return _gap(text, _VCS if _is_vcs(text) else _EDITABLE)
    if _URL.match(text):
        return _from_url(text, origin, hashes)
    path = _path(text, folder)
    if path:
        return _from_path(*path, text, origin, hashes)
    found = replace(requirement(text, origin=origin), hashes=tuple(hashes))
    if not found.url:
        return found
    why = _VCS if _is_vcs(found.url) else _PASSWORD if urlsplit(found.url).password else ""
    if why:
        return _gap(text, why)
    if urlsplit(found.url).scheme == "file" and not _file(found.url).is_file():
        return _gap(text, _EDITABLE)
    return found


def _from_url(text: str, origin: str, hashes: Sequence[Digest]) -> Requirement | Gap:
    url, _, marker = text.partition("; ")
    parts = urlsplit(url)
    if parts.password:
        return _gap(text, _PASSWORD)
    if parts.scheme.lower() == "file" and _file(url).is_dir():
        return _gap(text, _EDITABLE)
    egg = parse_qs(parts.fragment).get("egg", [""])[0]
    name = _name_of(unquote(parts.path.rsplit("/", 1)[-1])) or egg
    if not name:
        return _gap(text, _UNNAMED)
    return _built(name, url, marker, origin, hashes)


def _path(text: str, folder: Path) -> tuple[Path, str, str] | None:
    """The path, extras and marker in `text`, where pip would take it for a path."""
    if _NAMED_URL.match(text):
        return None
    plain, _, marker = text.partition(";")
    plain = plain.strip()
    with_extras = _EXTRAS.fullmatch(plain)
    place, extras = with_extras.groups() if with_extras else (plain, "")
    looks = "/" in place or "\\" in place or place.startswith(".")
    if looks or place.lower().endswith(_ARCHIVES):
        return folder / place, extras, marker
    return None


def _from_path(
    path: Path, extras: str, marker: str, text: str, origin: str, hashes: Sequence[Digest]
) -> Requirement | Gap:
    try:
        if path.is_dir():
            return _gap(text, _EDITABLE)
        there = path.is_file()
    except (OSError, ValueError):
        there = False
    if not there:
        raise BadRequirement(f"{text!r} ({origin}) looks like a path, and there is no such file")
    name = _name_of(path.name)
    if not name:
        return _gap(
            text, "the file's name doesn't say which project it holds; `stockade scan` judges it by itself"
        )
    named = f"{name}[{extras}]" if extras else name
    return _built(named, path.resolve().as_uri(), marker, origin, hashes)


def _built(name: str, url: str, marker: str, origin: str, hashes: Sequence[Digest]) -> Requirement:
    condition = f" ; {marker.strip()}" if marker.strip() else ""
    return replace(requirement(f"{name} @ {url}{condition}", origin=origin), hashes=tuple(hashes))


def _name_of(filename: str) -> str:
    """The project that a file name claims (PEP 427, PEP 625); "" where it claims none."""
    try:
        if filename.lower().endswith(".whl"):
            return parse_wheel_filename(filename)[0]
        return parse_sdist_filename(filename)[0]
    except (InvalidWheelFilename, InvalidSdistFilename):
        return ""


def _is_vcs(url: str) -> bool:
    scheme = urlsplit(url).scheme.lower()
    return "+" in scheme or scheme in {"git", "hg", "svn", "bzr", "ssh"}


def _file(url: str) -> Path:
    from urllib.request import url2pathname  # with all of the standard library's HTTP client

    return Path(url2pathname(unquote(urlsplit(url).path)))


def _gap(text: str, why: str) -> Gap:
    return Gap(kind=GapKind.LIMIT, what=_without_login(text), why=why)


def _without_login(text: str) -> str:
    return re.sub(r"(://)[^/@\s]*@", r"\1", text)
