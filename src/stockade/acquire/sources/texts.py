"""Small files of a person's that may be there or not, read for what they say and never held against anybody."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any


def text_of(path: Path, limit: int) -> str:
    """At most `limit` characters of a plain file; "" where there is none that can be read."""
    try:
        if not path.is_file():
            return ""
        with path.open(encoding="utf-8", errors="replace") as file:
            return file.read(limit)
    except OSError:
        return ""


def toml_of(text: str) -> Mapping[str, Any]:
    """`text` as TOML; nothing where it is none: whoever it is meant for can't read it either."""
    import tomllib

    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):
        return {}
