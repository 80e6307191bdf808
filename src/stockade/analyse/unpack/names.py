"""File names of wheels and sdists (PEP 427, PEP 625, PEP 440), read tolerantly."""

from __future__ import annotations

import re

from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    canonicalize_name,
    parse_sdist_filename,
    parse_wheel_filename,
)

from stockade import limits

#: Endings of sdists; longest first, so that ``.tar.gz`` wins over ``.gz``.
SDIST_ENDINGS = (".tar.bz2", ".tar.gz", ".tar.xz", ".tar.lzma", ".tgz", ".tbz2", ".txz", ".tar", ".zip")
_LOOSE = re.compile(r"(.+?)-(\d[^-]*(?:-\d+)?(?:[-.+!_][0-9A-Za-z.+!_-]*)?)")


def claimed(filename: str) -> tuple[str, str]:
    """(name, version) that `filename` claims, the name normalised (PEP 503); ("", "") where it claims none."""
    base = filename.rpartition("/")[2][: limits.MAX_FILENAME]
    if base.lower().endswith(".whl"):
        return _wheel(base)
    stem = without_ending(base)
    return _sdist(stem) if stem != base else ("", "")


def without_ending(filename: str) -> str:
    """`filename` without the ending of an sdist, or as it is."""
    lower = filename.lower()
    for ending in SDIST_ENDINGS:
        if lower.endswith(ending):
            return filename[: -len(ending)]
    return filename


def _wheel(base: str) -> tuple[str, str]:
    try:
        name, version, _, _ = parse_wheel_filename(base)
    except InvalidWheelFilename:
        parts = base[: -len(".whl")].split("-")
        return (canonicalize_name(parts[0]), parts[1]) if len(parts) in (5, 6) and all(parts) else ("", "")
    return name, str(version)


def _sdist(stem: str) -> tuple[str, str]:
    try:
        name, version = parse_sdist_filename(f"{stem}.tar.gz")
    except InvalidSdistFilename:
        match = _LOOSE.fullmatch(stem)
        return (canonicalize_name(match[1]), match[2]) if match else ("", "")
    return name, str(version)
