"""What the interpreter would run at each start because of .pth and .start files: as modules, and as code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from stockade import limits
from stockade.analyse.code.layout import ASIDE, startup_place
from stockade.analyse.code.parse import Source, parse
from stockade.analyse.code.walked import Walked, walk
from stockade.analyse.files.facts import StartupLine
from stockade.analyse.files.startup import bounded_lines, is_startup, started
from stockade.analyse.unpack.opening import Opened
from stockade.model.artifact import Kind, Member
from stockade.model.evidence import Gap, GapKind


@dataclass(slots=True)
class StartupCode:
    """One file's lines, those that run as parsed code, and what could not be read; `parsed` in bytes."""

    lines: list[StartupLine]
    walked: list[Walked] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    parsed: int = 0

    def take(self, member: Member, text: str) -> bool:
        """Read `text` as code; False if it could not be parsed."""
        self.parsed += len(text)
        source = parse(text.encode("utf-8", "replace"), member.shown)
        if not isinstance(source, Source) or source.gap is not None:
            return False
        self.walked.append(walk(source, member.shown, startup_place(member.path), len(text)))
        return True


def startup_modules(opened: Opened, kind: Kind) -> Iterator[str]:
    """The modules that lines of .pth and .start files import, and the functions that they call."""
    for member in opened.tree.members:
        if not member.nested and is_startup(member.path, kind, opened.root):
            for line in bounded_lines(member.shown, opened.tree.read(member, limits.MAX_METADATA))[0]:
                yield from started(line)


def is_test_data(member: Member) -> bool:
    """Whether a member lies in an archive among the tests, which nobody installs: an installer's own test data."""
    outer, inner, _ = member.shown.lower().partition("!")
    return bool(inner) and not ASIDE.isdisjoint(outer.split("/")[1:-1])


def startup_code(member: Member, data: bytes) -> StartupCode:
    """The start-up file `member`. Of a .pth, each line that runs is code; it is numbered as in the file."""
    lines, more = bounded_lines(member.shown, data)
    found = StartupCode(lines)
    if more:
        why = f"it has more than {limits.MAX_STARTUP_LINES} lines"
        found.gaps.append(Gap(kind=GapKind.LIMIT, what=member.shown, why=why))
    texts: list[str] = []
    for line in lines:
        if line.executes and line.where.line is not None and member.path.lower().endswith(".pth"):
            texts += [""] * (line.where.line - 1 - len(texts))
            texts.append(line.text)
    if not texts or found.take(member, "\n".join(texts)):
        return found
    # Each line is run by itself, so one that does not compile must not hide the others.
    whole = True
    for number, text in enumerate(texts):
        whole &= not text or found.take(member, "\n" * number + text)
    if not whole:
        why = "not all lines that Python would run could be parsed"
        found.gaps.append(Gap(kind=GapKind.LIMIT, what=member.shown, why=why))
    return found
