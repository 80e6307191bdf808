"""Texts that rows are found again by: bounded in bytes, since PostgreSQL's indexes take some 2,700 a row."""

from __future__ import annotations

import hashlib

from stockade import limits
from stockade.model.record import kept


def name_key(text: str) -> str:
    """A project's name or version."""
    return _bounded(text, limits.MAX_LEDGER_NAME)


def path_key(text: str) -> str:
    """A path, or another long text."""
    return _bounded(text, limits.MAX_LEDGER_PATH)


def _bounded(text: str, most: int) -> str:
    """`text` as it is kept; of one that is too long the beginning and a digest. Done twice it is the same."""
    begun = kept(text, most)
    raw = begun.encode("utf-8")
    # What `kept` cuts ends in an ellipsis, which takes it beyond this.
    if len(raw) <= most:
        return begun
    digest = hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:16]
    return f"{raw[: most - 20].decode('utf-8', 'ignore')}…{digest}"
