"""Changes of a text that a person wrote, small enough to be taken back when other lines have changed since."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Edit:
    """`now` stands where `before` stood ("" for nothing): whole lines, the first of which may be the end of one.

    `under` is the header of the section that it stands in, "" where that tells nothing.
    """

    now: str
    before: str
    under: str = ""


def ended(text: str) -> str:
    """What must come before a line that is put behind `text`: nothing, or the end of its last line."""
    if not text or text.endswith("\n"):
        return ""
    return newline(text)


def lines_of(text: str) -> list[str]:
    """Its lines with their ends; only a line feed ends one."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def newline(text: str) -> str:
    """The line break that `text` is written with."""
    return "\r\n" if "\r\n" in text else "\n"


def undone(text: str, edits: Sequence[Edit]) -> tuple[str, tuple[Edit, ...]]:
    """`text` with every edit taken back that is still found in it, the last one first, and those that are not."""
    lost = []
    for edit in reversed(edits):
        at = _place(text, edit)
        if at < 0:
            lost.append(edit)
            continue
        rest = text[at + len(edit.now) :]
        kept = text[:at] + edit.before
        # What was added behind a last line that had no end of its own would run into it.
        text = kept + (ended(kept) if rest else "") + rest
    return text, tuple(reversed(lost))


def _place(text: str, edit: Edit) -> int:
    """Where `edit.now` stands as whole lines, in its section; -1 where it doesn't."""
    now = edit.now
    at = text.find(now)
    while at >= 0:
        starts = at == 0 or text[at - 1] == "\n" or now[0] in "\r\n"
        ends = now.endswith("\n") or at + len(now) == len(text) or text[at + len(now)] in "\r\n"
        if starts and ends and (not edit.under or _header(text[:at]) == edit.under):
            return at
        at = text.find(now, at + 1)
    return -1


def _header(text: str) -> str:
    """The last header of a section in `text`."""
    return next((line.strip() for line in reversed(text.split("\n")) if line.startswith("[")), "")
