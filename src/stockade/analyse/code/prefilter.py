"""Which Python files are worth a parse: literals over every byte, combined."""

from __future__ import annotations

from stockade.analyse.code.layout import Place


def wanted(data: bytes, place: Place) -> bool:
    """Whether a file holds what may matter."""
    return bool(data.strip())
