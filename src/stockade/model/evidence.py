"""What was observed, where, and when it would run; and what was not looked at."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Phase(StrEnum):
    """When a line would run. Ordered from what nobody can avoid to what somebody must ask for."""

    INSTALL = "install"  #: setup.py, build backends, cmdclass
    STARTUP = "startup"  #: .pth, .start, sitecustomize, usercustomize: at each interpreter start
    IMPORT = "import"  #: module level of an installed module, and what it calls
    ENTRY = "entry"  #: console scripts, __main__, plugin groups that load on their own
    CALL = "call"  #: only when somebody calls it

    @property
    def rank(self) -> int:
        """0 for INSTALL … 4 for CALL; the earlier one wins where a line runs in several phases."""
        return _RANK[self]


_RANK = {phase: number for number, phase in enumerate(Phase)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A place in an artifact. `line` starts at 1; `layer` is 0 in the file, 1 in code that it decodes…"""

    file: str
    line: int | None = None
    layer: int = 0

    def __str__(self) -> str:
        line = f":{self.line}" if self.line is not None else ""
        layer = f" (decoded layer {self.layer})" if self.layer else ""
        return f"{self.file}{line}{layer}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the way that a value takes. `artifact` is the file name of the archive that `where` is in, "" for
    the one that the evidence belongs to; `what` completes "there it …" ("is kept in the field `_key`")."""

    where: Location
    what: str
    artifact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One observation of one detector; it states what is there, not what to do about it.

    `message` completes the sentence "this artifact …" ("downloads and runs a program while it is
    installed"). `excerpt` is the attacker's text, unescaped, at most limits.MAX_EXCERPT characters;
    whoever prints it escapes it. `phase` is None where nothing runs (a name, a file's form). `path` is the way of
    a value from where it comes from to what it ends in, over functions, files and archives; at most
    limits.MAX_STEPS long.
    """

    detector: str
    message: str
    where: Location
    phase: Phase | None = None
    excerpt: str = ""
    path: tuple[Step, ...] = ()


class GapKind(StrEnum):
    """Why something was not looked at."""

    LIMIT = "limit"  #: a bound, time, a crash, encrypted, malformed: undetermined unless policy accepts it
    SCOPE = "scope"  #: not analysed by design yet, or not given: shown, not held against the package


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Something that was not looked at: `what` (a member, a file, a dependency) and `why`, one sentence."""

    kind: GapKind
    what: str
    why: str
