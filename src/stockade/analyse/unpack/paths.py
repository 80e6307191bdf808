"""Paths of members: where they would lead, and where they would lie once installed."""

from __future__ import annotations

import re
from collections.abc import Iterable

from stockade.analyse.unpack.facts import Odd
from stockade.analyse.unpack.notes import Notes
from stockade.model.artifact import Kind, Member, MemberKind

_SUSPECT = re.compile(r"(?:^|/)\.\.(?:/|$)|^/|^[A-Za-z]:")
_UP = re.compile(r"(?:^|/)\.\.(?:/|$)")
_DATA = re.compile(r"[^/]+\.data/([^/]+)/(.+)", re.DOTALL)
_SITE = re.compile(r"(?:lib|lib64|Lib)/(?:python[0-9.]+/)?site-packages/(.+)", re.DOTALL)
#: Files that make a folder the root of a project.
_PROJECT = frozenset({"setup.py", "pyproject.toml", "setup.cfg", "PKG-INFO"})


def check(member: Member, notes: Notes) -> None:
    """Note where `member` would be written outside of the folder that it is unpacked into."""
    path = member.path
    if _SUSPECT.search(path):
        if path.startswith("/"):
            notes.odd(Odd.ABSOLUTE, member.path, "its path is absolute")
        elif not path.startswith("../") and path[1:2] == ":":
            notes.odd(Odd.DRIVE, member.path, "its path names a drive")
        if _UP.search(path):
            notes.odd(Odd.TRAVERSAL, member.path, "its path climbs with ..")
    if member.kind is MemberKind.DEVICE:
        notes.odd(Odd.DEVICE, member.path, "it is a device, pipe or socket")
    elif member.target and _outside(member):
        notes.odd(Odd.LINK_OUTSIDE, member.path, f"it links to {member.target}")


def _outside(member: Member) -> bool:
    target = member.target.replace("\\", "/")
    if target.startswith("/") or target[1:2] == ":":
        return True
    return any(path is None for path in targets(member))


def targets(member: Member) -> tuple[str | None, ...]:
    """The paths that a link may mean, None for one outside: relative to its folder, or to the archive's root.

    A tar's hard link counts from the root, a symbolic one from its folder; which it is, the member does not
    say, and readers differ.
    """
    folder = member.path.rpartition("/")[0]
    beside = resolved(f"{folder}/{member.target}" if folder else member.target)
    root = resolved(member.target)
    return (beside,) if beside == root or root is None else (beside, root)


def resolved(path: str) -> str | None:
    """`path` without ``.`` and ``..``; None where it leaves the root."""
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def root_of(members: Iterable[Member], kind: Kind) -> str:
    """The one folder that holds everything, as installers strip it; "" if there is none.

    An ARCHIVE's must also hold a project's files. A wheel and a FOLDER have none.
    """
    if kind in (Kind.WHEEL, Kind.FOLDER):
        return ""
    roots: set[str] = set()
    project = kind is Kind.SDIST
    for member in members:
        if member.nested or member.kind is MemberKind.FOLDER:
            continue
        first, slash, rest = plain(member.path).partition("/")
        roots.add(first if slash else "")
        project = project or rest in _PROJECT
        if len(roots) > 1:
            return ""
    return roots.pop() if project and roots else ""


def plain(path: str) -> str:
    """`path` without leading ``./`` and slashes."""
    while path.startswith(("./", "/")):
        path = path[2:] if path.startswith("./") else path[1:]
    return path


def logical(member_path: str, kind: Kind, root: str | None = None) -> str:
    """Where `member_path` lies: for a wheel relative to site-packages, else to the project's root.

    A wheel's ``NAME.data/purelib`` and ``platlib`` are site-packages too, as is what its ``data`` puts there;
    other schemes (scripts, headers, data) keep their path (PEP 427). An sdist's leading folder is stripped:
    `root` if given (see `root_of`), else the first folder of an sdist and nothing of an ARCHIVE or FOLDER.
    """
    path = plain(member_path)
    if kind is Kind.WHEEL:
        return _in_wheel(path)
    if root is None:
        _, slash, rest = path.partition("/")
        return rest if slash and kind is Kind.SDIST else path
    return path.removeprefix(f"{root}/") if root else path


def _in_wheel(path: str) -> str:
    match = _DATA.fullmatch(path)
    if match is None:
        return path
    if match[1] in ("purelib", "platlib"):
        return match[2]
    site = _SITE.fullmatch(match[2]) if match[1] == "data" else None
    return site[1] if site else path
