"""uv's user-level uv.toml, pointed at a gate: an ``[[index]]`` that is the default, before every other.

Of several default indexes uv takes the first one, and a listed one wins over ``index-url`` wherever that stands; so
nothing that a person wrote is changed, and lines are only added. The result is read again: where it is not exactly
what was meant, nothing is changed.
"""

from __future__ import annotations

import re
import tomllib
from typing import Any

from stockade.act.gate.address import same
from stockade.act.gate.edits import Edit, ended, lines_of, newline
from stockade.errors import BadSettings

_TABLE = re.compile(r"\s*\[\[\s*(?:index|\"index\"|'index')\s*\]\]")
_ABOUT = "# Written by `stockade enable`; `stockade disable` takes it away."


def pointed(text: str, gate: str, where: str) -> tuple[str, list[Edit]]:
    """`text` with the gate as its default index, and the edits that make it so; none where it is that already.

    Raises BadSettings, which names the file as `where`, for what cannot be changed with certainty.
    """
    before = _read(text, where)
    listed = before.get("index", [])
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise BadSettings(f"{where} has an index that is no table, so it is left alone")
    defaults = [str(one.get("url", "")) for one in listed if one.get("default") is True]
    if defaults and same(defaults[0], gate):
        return text, []
    end = newline(text)
    block = end.join((_ABOUT, "[[index]]", f'url = "{gate}"', "default = true", ""))
    at = _before_the_first(text)
    now = block + end if at < len(text) else ended(text) + (end if text else "") + block
    made = text[:at] + now + text[at:]
    after = {**before, "index": [{"url": gate, "default": True}, *listed]}
    if _read(made, where) != after:
        raise BadSettings(
            f"{where} is written in a way that cannot be changed safely; add the index {gate} as default by hand"
        )
    return made, [Edit(now=now, before="")]


def _before_the_first(text: str) -> int:
    """Where a new index goes: before the first one and the comment on it, or at the end."""
    at = 0
    comment: int | None = None
    for line in lines_of(text):
        if _TABLE.match(line):
            return at if comment is None else comment
        comment = (at if comment is None else comment) if line.startswith("#") else None
        at += len(line)
    return len(text)


def _read(text: str, where: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):
        # The parser's own message quotes what it stumbled over.
        raise BadSettings(f"{where} cannot be read as TOML, so it is left alone") from None
