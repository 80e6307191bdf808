"""RECORD of an installed distribution: which files are its own, and with which digests (PEP 376, 427, 627)."""

from __future__ import annotations

import base64
import binascii
import csv
import hashlib
import os
from collections.abc import Callable
from typing import NamedTuple

from stockade import limits
from stockade.acquire.environments.files import read, reason
from stockade.model.environment import Oddity, Oddness

#: What PEP 376 allows, less those whose digests have no length of their own.
_ALGORITHMS = frozenset(
    name
    for name in hashlib.algorithms_guaranteed
    if not name.startswith("shake")  # "shake_128" gives any length
)


#: A path with any of these may not be as it would be written plainly; in a RECORD they begin a line, too.
_ODD_FIRST = ("", "/", ".")
_ODD_INSIDE = ("//", "/.", "\0")
_NOT_PLAIN = (*_ODD_INSIDE, "\n/", "\n.", "\r", "\n,", '\n"')


class Row(NamedTuple):
    """One file of a RECORD: its full path without ``..``, its digest and size as they are written there."""

    path: str
    digest: str
    size: str


def rows(
    site: str, record: str, note: Callable[[str], None], oddities: list[Oddity], project: str
) -> list[Row] | None:
    """The files that `record` lists, None where there is no RECORD; what is wrong with it is added to `oddities`."""
    try:
        raw = read(record, limits.MAX_RECORD)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as why:
        note(f"{record} cannot be read: {reason(why)}.")
        return None
    found = parsed(raw, site)
    if isinstance(found, str):
        oddities.append(Oddity(kind=Oddness.BAD_METADATA, path=record, project=project, detail=found))
        return []
    return found


def parsed(raw: bytes, site: str) -> list[Row] | str:
    """The rows of a RECORD whose paths are relative to `site`, or what is wrong with it; each path once."""
    listed: dict[str, Row] = {}
    prefix = site.rstrip("/") + "/"
    text = raw.decode("utf-8", "surrogateescape")
    lines = text.splitlines()
    if len(lines) > limits.MAX_MEMBERS:
        return f"RECORD lists more than {limits.MAX_MEMBERS:,} files"
    # Asked once of the whole, since nearly all are plain; else each path is put right, so that a file has one.
    # Where lines end by more than line feeds (splitlines knows ten signs), their beginnings were not seen.
    fed = len(lines) == text.count("\n") + (text[-1:] not in ("", "\n"))
    plain = fed and not any(sign in text for sign in _NOT_PLAIN) and not text.startswith(("/", ".", '"'))
    try:
        for line in csv.reader(lines, strict=True):
            if not line:
                continue
            path, digest, size = line if len(line) == 3 else (*line, "", "")[:3]
            whole = prefix + path
            if not plain and (path[:1] in _ODD_FIRST or any(sign in path for sign in _ODD_INSIDE)):
                if "\0" in path or not path.rstrip("/"):
                    return "RECORD lists a file without a name"
                whole = os.path.normpath(os.path.join(prefix, path))
            row = Row(whole, digest, size)
            if listed.setdefault(whole, row) != row:
                return f"RECORD lists {path} twice, with different digests"
    except csv.Error:
        return "RECORD is not valid CSV"
    return list(listed.values())


def wanted(digest: str) -> tuple[str, bytes] | None:
    """The algorithm and the digest that an entry of RECORD promises, None where it can't be checked."""
    algorithm, sign, encoded = digest.partition("=")
    algorithm = algorithm.lower()
    if not sign or algorithm not in _ALGORITHMS:
        return None
    encoded = encoded.rstrip("=")
    try:
        value = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))
    except (binascii.Error, ValueError):
        return None
    return (
        (algorithm, value)
        if len(value) == hashlib.new(algorithm, usedforsecurity=False).digest_size
        else None
    )


def written(algorithm: str, value: bytes) -> str:
    """The same the other way round."""
    return f"{algorithm}={base64.urlsafe_b64encode(value).rstrip(b'=').decode('ascii')}"
