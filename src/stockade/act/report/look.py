"""How a terminal wants to be written to: colours, characters, width. No library is loaded for it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from stockade.act.report.shown import columns, shown

_PIPED_WIDTH = 100
_MIN_WIDTH, _MAX_WIDTH = 50, 120

_CODES = {
    "bold": "1",
    "dim": "2",
    "red": "1;31",
    "green": "32",
    "yellow": "1;33",
    "magenta": "1;35",
    "cyan": "36",
}
_GLYPHS = {
    "allow": ("✓", "+"),
    "ask": ("?", "?"),
    "undetermined": ("!", "!"),
    "block": ("✗", "x"),
    "bar": ("│", "|"),
    "dot": ("·", "-"),
    "step": ("→", ">"),
}
_COLOURS = {"allow": "green", "ask": "yellow", "undetermined": "magenta", "block": "red"}


class Stream(Protocol):
    """The part of a text stream that a report needs."""

    @property
    def encoding(self) -> str: ...
    def isatty(self) -> bool: ...
    def fileno(self) -> int: ...
    def write(self, text: str, /) -> int: ...
    def flush(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What may be written: ANSI colours, characters beyond ASCII, and into how many columns."""

    colour: bool = False
    unicode: bool = True
    width: int = _PIPED_WIDTH

    def paint(self, text: str, style: str) -> str:
        """`text` (ours, or shown) in a colour, where colours are wanted."""
        return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if self.colour and text else text

    def glyph(self, name: str) -> str:
        """A sign, or its ASCII twin."""
        return _GLYPHS[name][0 if self.unicode else 1]

    def action(self, action: str, text: str) -> str:
        """`text` in the colour of an action."""
        return self.paint(text, _COLOURS[action])

    def shown(self, text: str, limit: int = 240) -> str:
        """Attacker text, safe for this terminal, in at most `limit` columns."""
        return shown(text, limit=max(8, limit), ascii_only=not self.unicode)

    def path(self, text: str, limit: int) -> str:
        """A path, likewise; where it is too long its end is kept, since that is the file's name."""
        clean = self.shown(text, 4096)
        if columns(clean) <= limit:
            return clean
        dots = "…" if self.unicode else "..."
        while columns(clean) > limit - len(dots):
            clean = clean[1:]
        return dots + clean


def look_of(stream: Stream, environ: Mapping[str, str]) -> Look:
    """The look for `stream`: NO_COLOR and TERM=dumb forbid colour, FORCE_COLOR asks for it in a pipe."""
    terminal = stream.isatty()
    wanted = terminal or bool(environ.get("FORCE_COLOR"))
    forbidden = bool(environ.get("NO_COLOR")) or environ.get("TERM") == "dumb"
    return Look(
        colour=wanted and not forbidden,
        unicode=(stream.encoding or "ascii").lower().replace("-", "").startswith("utf"),
        width=min(max(_columns(stream, environ), _MIN_WIDTH), _MAX_WIDTH) if terminal else _PIPED_WIDTH,
    )


def _columns(stream: Stream, environ: Mapping[str, str]) -> int:
    """COLUMNS, else what the terminal says, else a usual width."""
    said = environ.get("COLUMNS", "")
    if said.isdecimal() and int(said):
        return int(said)
    try:
        return os.get_terminal_size(stream.fileno()).columns
    except (OSError, ValueError):
        return _PIPED_WIDTH


def wrapped(text: str, width: int, indent: str) -> list[str]:
    """`text` (shown) broken at spaces into lines of at most `width` columns; `indent` before each."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if line and columns(indent) + columns(longer) > width:
            lines.append(indent + line)
            line = word
        else:
            line = longer
    return [*lines, indent + line]
