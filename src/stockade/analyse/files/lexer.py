"""Where a Python source's strings, comments and names are: a rough, linear, never failing lexer.

For questions of the kind "does this offset lie in a string"; not for meaning. Works on files that do not parse.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from enum import Enum

# Possessive repeats keep this linear, and from remembering a way back for each character of a long string.
_TOKEN = re.compile(
    r"""
    (?P<comment>\#[^\n]*+)
    | (?P<string>(?:\b[rRbBuUfFtT]{1,2})?
        (?: \"\"\"(?:[^"\\]++|\\.?|"(?!""))*+(?:\"\"\"|\Z)
          | '''(?:[^'\\]++|\\.?|'(?!''))*+(?:'''|\Z)
          | "(?:[^"\\\n]++|\\.?)*+(?:"|\n|\Z)
          | '(?:[^'\\\n]++|\\.?)*+(?:'|\n|\Z)
        )
      )
    """,
    re.VERBOSE | re.DOTALL,
)


class Where(Enum):
    """What an offset lies in."""

    CODE = 1
    STRING = 2
    COMMENT = 3


@dataclass(frozen=True, slots=True)
class Span:
    """A token from `start` to before `stop`."""

    where: Where
    start: int
    stop: int


class Lexed:
    """The strings and comments of `text`, in order."""

    def __init__(self, text: str) -> None:
        self._length = len(text)
        self.spans = [
            Span(Where.COMMENT if match.lastgroup == "comment" else Where.STRING, match.start(), match.end())
            for match in _TOKEN.finditer(text)
        ]
        self._starts = [span.start for span in self.spans]

    def at(self, offset: int) -> Span:
        """The token that holds `offset`, or the stretch of code around it."""
        number = bisect_right(self._starts, offset) - 1
        if number >= 0 and offset < self.spans[number].stop:
            return self.spans[number]
        start = self.spans[number].stop if number >= 0 else 0
        stop = self._starts[number + 1] if number + 1 < len(self.spans) else self._length
        return Span(Where.CODE, start, stop)
