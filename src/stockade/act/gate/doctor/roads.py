"""What the doctor tells: one line a road, with the one command that closes it."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Of one road; the hardest first."""

    OPEN = "open"  #: files come in by it that nobody judged
    UNKNOWN = "unknown"  #: it could not be looked at, which is no better
    ADVICE = "advice"  #: nothing comes in by it, but something should be done
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Road:
    """One road: a name for programs, what is the matter in a sentence, and the command that closes it ("" for none)."""

    id: str
    state: State
    what: str
    close: str = ""


def unset_line(key: str, path: str) -> str:
    """The command that takes a key out of a file that no tool of its own edits."""
    return f"sed -i.bak '/^ *{key} *[=:]/d' {shlex.quote(path)}"
