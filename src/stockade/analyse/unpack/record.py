"""RECORD against what a wheel holds (PEP 376, PEP 427, PEP 491)."""

from __future__ import annotations

import base64
import binascii
import csv

from stockade import limits
from stockade.analyse.unpack.facts import Odd
from stockade.analyse.unpack.notes import Notes
from stockade.analyse.unpack.tree import ArchiveTree

#: SHA-256 and size of each member of a path, in the archive's order.
Digests = dict[str, list[tuple[bytes, int]]]

#: Files in dist-info that RECORD need not list, or lists without a digest.
_EXEMPT = ("RECORD", "RECORD.jws", "RECORD.p7s")


def check_record(tree: ArchiveTree, dist_info: str, digests: Digests, notes: Notes) -> None:
    """Note what RECORD lists and the wheel lacks, holds otherwise, or holds unlisted.

    `dist_info` is the folder that counts ("" for none, which is noted elsewhere).
    """
    if not dist_info:
        return
    member = tree.find(f"{dist_info}/RECORD")
    if member is None:
        notes.odd(Odd.RECORD_MISSING, f"{dist_info}/RECORD", "the wheel has no RECORD")
        return
    if member.size > limits.MAX_RECORD:
        notes.limit(member.path, f"RECORD is larger than {limits.MAX_RECORD >> 20} MiB")
        return
    listed = _rows(tree.read(member, limits.MAX_RECORD), member.path, notes)
    exempt = {f"{dist_info}/{name}" for name in _EXEMPT}
    for path, (digest, size) in listed.items():
        if path in exempt:
            continue
        if path not in digests:
            notes.odd(Odd.RECORD_MISSING, path, "RECORD lists it, the wheel does not hold it")
        else:
            _compare(path, digest, size, digests[path], notes)
    for path in digests:
        if path not in listed and path not in exempt:
            notes.odd(Odd.RECORD_UNLISTED, path, "RECORD does not list it")


def _rows(raw: bytes, source: str, notes: Notes) -> dict[str, tuple[str, str]]:
    listed: dict[str, tuple[str, str]] = {}
    lines = raw.decode("utf-8", "backslashreplace").splitlines()
    try:
        for row in csv.reader(lines):
            if not row:
                continue
            path, digest, size = (*row, "", "")[:3]
            value = (digest.strip(), size.strip())
            if listed.setdefault(path.replace("\\", "/"), value) != value:
                notes.odd(Odd.RECORD_MISMATCH, path, "RECORD lists it twice, with different digests")
    except csv.Error:
        notes.odd(Odd.RECORD_MISMATCH, source, "RECORD is not valid CSV")
    return listed


def _compare(path: str, digest: str, size: str, held: list[tuple[bytes, int]], notes: Notes) -> None:
    if not digest:
        notes.odd(Odd.RECORD_MISMATCH, path, "RECORD gives no digest for it")
        return
    algorithm, _, encoded = digest.partition("=")
    if algorithm.lower() != "sha256":
        notes.odd(Odd.RECORD_MISMATCH, path, f"RECORD gives a digest that is not checked ({algorithm})")
        return
    try:
        wanted = base64.urlsafe_b64decode(encoded.rstrip("=") + "=" * (-len(encoded.rstrip("=")) % 4))
    except (binascii.Error, ValueError):
        wanted = b""
    for true, length in held:
        if true != wanted:
            notes.odd(Odd.RECORD_MISMATCH, path, "its digest is not the one in RECORD")
        elif size.isascii() and size.isdigit() and size != str(length):
            notes.odd(Odd.RECORD_MISMATCH, path, f"RECORD gives its size as {size[:20]}, it is {length}")
