"""The one helper through which everything of an artifact reaches a screen.

What an attacker writes must not move the cursor, change colours, reorder the line (UTS #55, "Trojan
Source"), hide, or flood. Escapes are Python's own (``\\x1b``, ``\\u202e``), so that a reader knows them.
"""

from __future__ import annotations

import unicodedata

#: Letters and marks that draw nothing, though their category does not say so.
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
#: Control, format (bidi, zero width, tags), surrogates, private use, unassigned, odd separators.
_ESCAPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"})
_MARKS = frozenset({"Mn", "Me", "Mc"})
#: Combining marks in a row that any living script needs.
_MAX_MARKS = 2


def shown(text: str, *, limit: int = 240, ascii_only: bool = False) -> str:
    """`text` on one line, safe to print, at most `limit` columns wide (an ellipsis marks the cut).

    Line breaks become spaces where the text goes on; all else that has no plain shape of its own is
    escaped. With `ascii_only` everything beyond ASCII is.
    """
    out: list[str] = []
    width = marks = 0
    dots = "..." if ascii_only else "…"
    for char in " ".join(text[: 4 * limit + 4].splitlines()):
        marks = marks + 1 if not char.isascii() and unicodedata.category(char) in _MARKS else 0
        piece = _piece(char, marks, ascii_only)
        width += _columns(piece)
        if width > limit:
            return _cut(out, limit - len(dots)) + dots
        out.append(piece)
    return "".join(out) + (dots if len(text) > 4 * limit + 4 else "")


def columns(text: str) -> int:
    """How many columns a terminal gives to text that `shown` has let through."""
    return sum(_columns(char) for char in text)


def _piece(char: str, marks: int, ascii_only: bool) -> str:
    if " " <= char <= "~":
        return char
    if char == "\t":
        return " "
    if ascii_only or char in _INVISIBLE or marks > _MAX_MARKS or _variation(char):
        return _escape(char)
    return _escape(char) if unicodedata.category(char) in _ESCAPED else char


def _variation(char: str) -> bool:
    """Variation selectors: they draw nothing, and carry hidden bytes in known attacks."""
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


def _escape(char: str) -> str:
    code = ord(char)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _columns(piece: str) -> int:
    if piece.isascii():
        return len(piece)
    if unicodedata.category(piece) in _MARKS:
        return 0
    return 2 if unicodedata.east_asian_width(piece) in "WF" else 1


def _cut(pieces: list[str], room: int) -> str:
    """As many whole pieces as fit into `room` columns: an escape is never cut in two."""
    width = 0
    for number, piece in enumerate(pieces):
        width += _columns(piece)
        if width > room:
            return "".join(pieces[:number])
    return "".join(pieces)
