"""The report for people: one line for a clean package, a short story for any other.

A story tells what it would do, when, and where in which file, with the decoded text; then why that leads to
this decision, and what can be done next. Each function gives lines; `TextReport` writes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from stockade.act.report.explained import explanation_lines
from stockade.act.report.look import Look, Stream, look_of, wrapped
from stockade.act.report.shown import columns
from stockade.act.report.types import ArtifactReport, CheckReport, ReleaseReport, hardest
from stockade.act.report.way import Ways, row
from stockade.decide.decide import CLEAN_SCORE, NO_WAIVERS
from stockade.model.evidence import Evidence, Gap, GapKind, Phase

#: Observations told of one file, places of one observation, gaps of one file; the rest is counted.
_TOLD, _PLACES, _GAPS = 10, 3, 4
#: Rows of an excerpt; blanks that are wide.
_ROWS, _BLANKS = 3, re.compile(r"\s{8,}")
#: Columns of a release's name.
_NAME = 34

#: The headings of a story. A message that ends in its heading's words is told without them.
_WHEN: Mapping[Phase | None, str] = {
    Phase.INSTALL: "while it is installed",
    Phase.STARTUP: "each time Python starts",
    Phase.IMPORT: "when it is imported",
    Phase.ENTRY: "when its command is run",
    Phase.CALL: "when its code is called",
    None: "in its form",
}
_NEXT: Mapping[str, str] = {
    "block": "Do not install it. If it is already installed somewhere, treat that machine's secrets as read.",
    "undetermined": "It could not be judged, which is not the same as harmless. Look at what was left out.",
    "ask": "A person must decide: read what it does, and where, before you install it.",
}
#: For what is blocked for another reason than what it does: its age, its index, what its project says of itself.
_BY_POLICY = "The policy does not let it in, for the reason above."


class TextReport:
    """Writes reports to a stream as they come."""

    def __init__(self, stream: Stream, environ: Mapping[str, str], *, look: Look | None = None) -> None:
        self._stream = stream
        self._look = look or look_of(stream, environ)
        self._ways = Ways()
        self._blank = True  # stories are set apart by one blank line, and nothing begins with one

    def artifact(self, report: ArtifactReport) -> None:
        """One file of a scan."""
        self._write(artifact_lines(report, self._look, self._ways))

    def check(self, report: CheckReport) -> None:
        """A whole check, with its summary."""
        self._write(check_lines(report, self._look))

    def summary(self, reports: Iterable[ArtifactReport], *, mode: str = "enforce") -> None:
        """The closing lines of a scan."""
        self._write(["", summary_line([one.action for one in reports], "file", mode, self._look)])

    def notes(self, notes: Iterable[str]) -> None:
        """Remarks on the whole run."""
        for note in notes:
            self._write(wrapped(self._look.shown(note, 400), self._look.width, "  "))

    def _write(self, lines: Iterable[str]) -> None:
        for line in lines:
            if line or not self._blank:
                self._stream.write(line + "\n")
            self._blank = not line
        self._stream.flush()


def artifact_lines(report: ArtifactReport, look: Look, ways: Ways | None = None) -> list[str]:
    """One file: a line if it is allowed, else its story and the way out; `ways` are those told before."""
    if not report.refused:
        told = [_headline(report, look, report.artifact), *_asides(report, look)]
        return [*told, *_explained(report, look, "    ")]
    lines = ["", _headline(report, look, report.artifact), *_story(report, look, "  ", ways or Ways())]
    return [*lines, *_way_out([report], report.action, look), ""]


def check_lines(report: CheckReport, look: Look) -> list[str]:
    """A whole check: refusals last, since that is where a reader looks; of these first what was asked for."""
    lines: list[str] = []
    ways = Ways()
    for release in sorted(report.releases, key=_place):
        lines += release_lines(release, look, ways)
    for gap in report.gaps:
        limit = gap.kind is GapKind.LIMIT
        sign = look.action("undetermined", look.glyph("undetermined")) if limit else look.glyph("dot")
        first, *rest = _gap_lines(gap, look, "  ")
        lines += [f"{sign} {first.lstrip()}", *rest]
    for note in report.notes:
        lines += wrapped(look.shown(note, 400), look.width, "  ")
    actions = [one.action for one in report.releases]
    return [*lines, "", summary_line(actions, "release", report.mode, look), *_circumstances(report, look)]


def _place(one: ReleaseReport) -> tuple[object, ...]:
    return (one.refused, one.refused and not one.direct, one.project, one.version)


def release_lines(release: ReleaseReport, look: Look, ways: Ways | None = None) -> list[str]:
    """One release: a line if it is allowed, else the story of each file that is not."""
    ways = ways or Ways()
    if not release.refused:
        worst = max((one.score for one in release.artifacts), default=0.0)
        files = _count(len(release.artifacts), "file")
        tail = f"{files}, score {worst:.2f}" + ("" if release.direct else "  (brought in)")
        lines = [_line(look, "allow", f"{release.project} {release.version}", look.paint(tail, "dim"))]
        for one in release.artifacts:
            lines += _asides(one, look)
            if one.explanation:
                lines += [f"    {look.path(one.artifact, look.width - 6)}", *_explained(one, look, "    ")]
        return lines
    refused = sorted((one for one in release.artifacts if one.refused), key=lambda one: -one.score)
    worst = refused[0].score if refused else 0.0
    tail = f"{look.action(release.action, release.action.upper())}  score {worst:.2f}"
    if not release.direct:
        tail += "  (brought in by another)"
    lines = ["", _line(look, release.action, f"{release.project} {release.version}", tail)]
    told: dict[tuple[object, ...], str] = {}
    for one in refused:
        lines.append("  " + look.paint(look.path(one.artifact, look.width - 4), "bold"))
        first = told.setdefault(_gist(one), one.artifact)
        if first is one.artifact:
            lines += _story(one, look, "    ", ways)
        else:
            lines.append(f"    score {one.score:.2f}, the same as in {look.path(first, look.width - 32)}")
    return [*lines, *_way_out(refused, release.action, look), ""]


def _gist(report: ArtifactReport) -> tuple[object, ...]:
    """What two files of a release must have in common for one story to serve both; places may differ."""
    evidence = tuple((one.detector, one.message, one.phase, one.excerpt) for one in report.evidence)
    return (report.action, evidence, tuple(gap.why for gap in report.gaps))


def _headline(report: ArtifactReport, look: Look, path: str) -> str:
    name = f"{report.project} {report.version}".strip() or path
    if not report.refused:
        tail = look.paint(f"score {report.score:.2f}  {look.path(path, look.width - _NAME - 14)}", "dim")
        return _line(look, "allow", name, tail)
    tail = f"{look.action(report.action, report.action.upper())}  score {report.score:.2f}"
    line = _line(look, report.action, name, tail)
    if name != path:
        line += f"\n  {look.paint(look.path(path, look.width - 4), 'dim')}"
    return line


def _line(look: Look, action: str, name: str, tail: str) -> str:
    clean = look.shown(name, look.width - 30)
    room = " " * max(1, _NAME - columns(clean))
    return f"{look.action(action, look.glyph(action))} {look.paint(clean, 'bold')}{room}{tail}"


def _asides(report: ArtifactReport, look: Look) -> list[str]:
    """What is worth saying of a file that is allowed: a waiver, or facts that policy lets pass."""
    lines: list[str] = []
    for reason in report.reasons:
        if not reason.startswith(CLEAN_SCORE):
            lines += wrapped(look.shown(reason, 400), look.width, "    ")
    return lines


@dataclass(frozen=True, slots=True)
class _Told:
    """One observation with all its places; `kin` is how many of the same detector its first place has besides."""

    first: Evidence
    places: int
    more: tuple[str, ...]
    kin: int = 0


def _story(report: ArtifactReport, look: Look, indent: str, ways: Ways) -> list[str]:
    lines: list[str] = []
    told = _observations(report.evidence)
    seen: set[tuple[str, int | None, str]] = set()
    for phase, group in groupby(told[:_TOLD], key=lambda one: one.first.phase):
        lines.append(indent + look.paint(_WHEN[phase], "cyan"))
        for one in group:
            lines += _observation(one, look, indent + "  ", seen)
            lines += ways.lines(one.first, report, look, indent + "    ")
            lines += _further(one, look, indent + "    ")
    if len(told) > _TOLD:
        lines.append(f"{indent}and {len(told) - _TOLD} more; --format json has them all")
    limits = [gap for gap in report.gaps if gap.kind is GapKind.LIMIT]
    if limits:
        lines.append(indent + look.paint("not looked at", "cyan"))
        for gap in limits[:_GAPS]:
            lines += _gap_lines(gap, look, indent + "  ")
        if len(limits) > _GAPS:
            lines.append(f"{indent}  and {len(limits) - _GAPS} more")
    lines.append(indent + look.paint("because", "cyan"))
    for reason in report.reasons:
        lines += wrapped(look.shown(reason, 400), look.width, indent + "  ")
    return [*lines, *_explained(report, look, indent)]


def _explained(report: ArtifactReport, look: Look, indent: str) -> list[str]:
    return explanation_lines(report.explanation, look, indent) if report.explanation else []


def _observations(evidence: tuple[Evidence, ...]) -> list[_Told]:
    """Evidence with the same words joined, grouped by phase, and in a phase by place.

    A phase and a place stand where their strongest evidence does.
    """
    joined: dict[tuple[str, str], list[Evidence]] = {}
    places: dict[tuple[Phase | None, str, int | None], list[list[Evidence]]] = {}
    for one in evidence:
        same = joined.setdefault((one.detector, f"{one.phase} {one.message}"), [])
        if not same:
            places.setdefault((one.phase, one.where.file, one.where.line), []).append(same)
        same.append(one)
    phases = list(dict.fromkeys(place[0] for place in places))
    return [
        one
        for phase in phases
        for place, groups in places.items()
        if place[0] is phase
        for one in _together(groups)
    ]


def _together(groups: list[list[Evidence]]) -> Iterator[_Told]:
    """What is told of one place: once for each detector."""
    kinds: dict[str, list[list[Evidence]]] = {}
    for same in groups:
        kinds.setdefault(same[0].detector, []).append(same)
    for first, *others in kinds.values():
        kin = len({one[0].message for one in others})
        yield _Told(first[0], len(first), tuple(str(one.where) for one in first[1:_PLACES]), kin)


def _observation(told: _Told, look: Look, indent: str, seen: set[tuple[str, int | None, str]]) -> list[str]:
    """What it would do and where; the text only where `seen` does not say that it stands above already."""
    one = told.first
    message = look.shown(one.message.removesuffix(f" {_WHEN[one.phase]}"), 300)
    where = look.shown(str(one.where), 120)
    lines = row(message, where, look, indent)
    key = (one.where.file, one.where.line, one.excerpt)
    if one.excerpt.strip() and key not in seen:
        seen.add(key)
        bar = look.paint(look.glyph("bar"), "dim")
        for line in _excerpt(one.excerpt, look, look.width - len(indent) - 4):
            lines.append(f"{indent}  {bar} {look.paint(line, 'yellow')}")
    return lines


def _further(told: _Told, look: Look, indent: str) -> list[str]:
    """Its other places, and how many more of the kind were seen in this one."""
    lines: list[str] = []
    if told.places > 1:
        listed = ", ".join(look.shown(place, 60) for place in told.more)
        rest = told.places - 1 - len(told.more)
        lines += wrapped(f"also {listed}" + (f" and {rest} more" if rest else ""), look.width, indent)
    if told.kin:
        lines.append(f"{indent}and {told.kin} more of the kind there")
    return lines


def _excerpt(text: str, look: Look, room: int) -> list[str]:
    """An excerpt over a few lines; wide blanks, behind which code likes to hide, are drawn together."""
    clean = look.shown(_BLANKS.sub(" [...] ", text.strip()), room * _ROWS)
    lines = [""]
    for char in clean:
        if columns(lines[-1]) + columns(char) > room:
            lines.append("")
        lines[-1] += char
    return lines[:_ROWS]


def _gap_lines(gap: Gap, look: Look, indent: str) -> list[str]:
    what = f"{look.shown(gap.what, 120)}: " if gap.what else ""
    return wrapped(what + look.shown(gap.why, 300), look.width, indent)


def _way_out(refused: list[ArtifactReport], action: str, look: Look) -> list[str]:
    flagged = action != "block" or any(one.verdict == "flagged" for one in refused)
    lines = wrapped(_NEXT[action] if flagged else _BY_POLICY, look.width, "  ")
    commands = [one.waive for one in refused if one.waive]
    if commands:
        lines.append("  To allow it all the same, with your reason:")
        lines += [
            f"    {look.paint(command if look.unicode else command.replace('…', '...'), 'bold')}"
            for command in commands
        ]
    elif any(one.sha256 for one in refused):
        lines += wrapped(NO_WAIVERS, look.width, "  ")
    return lines


def summary_line(actions: list[str], noun: str, mode: str, look: Look) -> str:
    """The outcome in one line."""
    if not actions:
        return "Nothing was inspected."
    words = {
        "block": "blocked",
        "undetermined": "undetermined",
        "ask": "for you to decide",
        "allow": "allowed",
    }
    parts = [
        look.action(name, f"{actions.count(name)} {word}") for name, word in words.items() if name in actions
    ]
    line = f"{_count(len(actions), noun)}: {', '.join(parts)}."
    if mode == "monitor" and hardest(actions) != "allow":
        line += " Monitor mode: nothing is refused."
    return line


def _circumstances(report: CheckReport, look: Look) -> list[str]:
    walls = f"{len(report.walls)} walls" if report.walls else "no wall"
    python = f"for Python {report.python}; " if report.python else ""
    text = f"{python}index: {report.index}; policy: {report.policy}; analyser behind {walls}"
    return [look.paint(line, "dim") for line in wrapped(look.shown(text, 400), look.width, "")]


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
