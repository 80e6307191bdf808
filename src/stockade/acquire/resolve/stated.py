"""What a release says that it depends on, whoever said it and however it was read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from packaging.requirements import Requirement as Pep508
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name, is_normalized_name
from packaging.version import InvalidVersion, Version

from stockade import limits
from stockade.model.project import read_requirement


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What a file says of itself, as far as it says it.

    `requires` are Requires-Dist lines as given; `note` says why they may be wrong, "" where they are firm.
    `name` and `version` are "" where they aren't said, or aren't ones.
    """

    name: str = ""
    version: str = ""
    requires: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()
    requires_python: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """`plain` lines can go to the resolver (`parsed` are those of them that the standard allows).

    `urls` name a file outside every index; `broken` are neither.
    """

    plain: tuple[str, ...]
    parsed: tuple[Pep508, ...]
    urls: tuple[Pep508, ...]
    broken: tuple[str, ...]


def stated(raw: bytes, *, note: str = "") -> Stated:
    """Read core metadata (a METADATA or PKG-INFO file); what it lacks is empty."""
    from packaging.metadata import parse_email  # with all of the standard library's email

    fields, _ = parse_email(raw)
    return Stated(
        name=_name(fields.get("name", "")),
        version=_version(fields.get("version", "")),
        requires=tuple(fields.get("requires_dist", ())),
        extras=tuple(fields.get("provides_extra", ())),
        requires_python=fields.get("requires_python"),
        note=note,
    )


def sort_lines(lines: Iterable[str]) -> Sorted:
    """Sort Requires-Dist lines by what can be done with them."""
    plain: list[str] = []
    parsed: list[Pep508] = []
    urls: list[Pep508] = []
    broken: list[str] = []
    for line in list(lines)[: limits.MAX_REQUIRES]:
        one = read_requirement(line)
        if one is None:
            (plain if _is_forgiven(line) else broken).append(line)
            continue
        if one.url:
            urls.append(one)
        else:
            plain.append(str(one))
            parsed.append(one)
    return Sorted(plain=tuple(plain), parsed=tuple(parsed), urls=tuple(urls), broken=tuple(broken))


def _is_forgiven(line: str) -> bool:
    """Installers forgive more than the standard does ("foo (>=1.0.*)"); what could hide a URL is not left to that."""
    short = len(line) <= limits.MAX_EXCERPT and line.count("(") <= 1
    return short and "@" not in line and ":" not in line and line.isprintable()


def render(name: str, version: str, plain: Iterable[str], said: Stated) -> bytes:
    """Core metadata for the resolver, holding nothing but what it needs, each line checked."""
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    if said.requires_python and valid_specifier(said.requires_python):
        lines.append(f"Requires-Python: {SpecifierSet(said.requires_python)}")
    lines += [
        f"Provides-Extra: {extra}" for extra in said.extras if is_normalized_name(canonicalize_name(extra))
    ]
    lines += [f"Requires-Dist: {one}" for one in plain]
    return ("\n".join(lines) + "\n").encode()


@cache
def valid_specifier(text: str) -> bool:
    """Whether `text` is a set of version specifiers (PEP 440)."""
    try:
        SpecifierSet(text)
    except InvalidSpecifier:
        return False
    return True


def _name(raw: str) -> str:
    name = canonicalize_name(raw)
    return name if is_normalized_name(name) else ""


def _version(raw: str) -> str:
    try:
        return str(Version(raw))
    except InvalidVersion:
        return ""
