"""A detonation for people at a terminal: the verdict's story, then what happened, one thing that was run after another.

What was only read, and the coming and going of processes, is counted: `--format json` and `html` have all of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from stockade.act.report.look import Look, wrapped
from stockade.act.report.observed import (
    STAGES,
    Chapter,
    DetonationReport,
    Moment,
    Weight,
    chapters,
    ended,
    loudest,
)
from stockade.act.report.text import artifact_lines
from stockade.model.evidence import GapKind

#: Moments told of one thing that was run, files that were left behind, gaps; the rest is counted.
_TOLD, _DROPPED, _GAPS = 12, 8, 8
#: Columns of the time, of a stage's word, and of a moment's kind.
_TIME, _STAGE, _KIND = 9, 13, 9
_STYLES = {Weight.PROOF: "red", Weight.DECOY: "yellow", Weight.NETWORK: "magenta"}
#: What is counted of what is not told.
_COUNTED = {
    "read": ("file read", "files read"),
    "process": ("change of processes", "changes of processes"),
    "colour": ("remark of the interpreter", "remarks of the interpreter"),
    "write": ("change of files", "changes of files"),
    "execute": ("program run", "programs run"),
    "connect": ("connection", "connections"),
    "send": ("sending", "sendings"),
}


def detonation_lines(report: DetonationReport, look: Look) -> list[str]:
    """The whole report: what it did stands before the verdict, since a reader looks at the end."""
    seen = report.observation
    lines = [look.paint(f"What {look.shown(seen.filename, 80)} did", "bold"), ""]
    for chapter in chapters(report):
        lines += _chapter(chapter, look)
    if not seen.ran:
        lines.append("  nothing of it was run")
    lines += _dropped(report, look)
    lines += _carried(report, look)
    lines += _gaps(report, look)
    lines += artifact_lines(report.artifact, look)
    for note in report.notes:
        lines += wrapped(look.shown(note, 400), look.width, "  ")
    walls = ", ".join(seen.walls) or "none"
    about = f"policy: {report.policy}; run behind: {walls}; {len(seen.decoys)} decoys in reach"
    return [*lines, *(look.paint(line, "dim") for line in wrapped(look.shown(about, 600), look.width, ""))]


def _chapter(one: Chapter, look: Look) -> Iterator[str]:
    at = one.ran.seconds if one.ran else one.moments[0].seconds
    what = look.shown(one.ran.what, look.width - 50) if one.ran else "between what was run"
    how = f"{ended(one.ran)}, {one.ran.took:.1f} s" if one.ran else ""
    style = "dim" if one.ran is None or one.ran.code == 0 else "yellow"
    stage = look.paint(STAGES[one.stage].ljust(_STAGE), "cyan")
    yield f"{_time(at)}{stage}{look.paint(what, 'bold')}  {look.paint(how, style)}".rstrip()
    loud = sorted((each for each in one.moments if each.weight is not Weight.QUIET), key=loudest)
    told = sorted(loud[:_TOLD], key=lambda each: each.seconds)
    for moment in told:
        yield from _moment(moment, look)
    rest = Counter(each.kind for each in one.moments) - Counter(each.kind for each in told)
    if rest:
        words = [_counted(kind, count) for kind, count in sorted(rest.items())]
        for line in wrapped(f"and {', '.join(words)}", look.width, " " * (_TIME + 4)):
            yield look.paint(line, "dim")


def _moment(one: Moment, look: Look) -> Iterator[str]:
    style = _STYLES.get(one.weight)
    sign = look.glyph({Weight.PROOF: "block", Weight.DECOY: "ask"}.get(one.weight, "dot"))
    kind = one.kind.ljust(_KIND)
    failed = f" (failed: {one.failed})" if one.failed else ""
    text = look.shown(f"{one.what}{failed}", look.width - _TIME - _KIND - 8)
    head = f"{sign} {kind}"
    yield f"  {_time(one.seconds)}{look.paint(head, style) if style else head}{text}"
    if one.note:
        told = f"carries {one.note}" if one.weight is Weight.PROOF else one.note
        for line in wrapped(look.shown(told, 400), look.width, " " * (_TIME + 4 + _KIND)):
            yield look.paint(line, style) if style else line


def _time(seconds: float) -> str:
    return f"{seconds:6.1f} s ".ljust(_TIME)


def _counted(kind: str, count: int) -> str:
    one, more = _COUNTED.get(kind, (f"exchange by {kind}", f"exchanges by {kind}"))
    return f"{count:,} {one if count == 1 else more}"


def _dropped(report: DetonationReport, look: Look) -> Iterator[str]:
    dropped = report.observation.dropped
    if not dropped:
        return
    yield ""
    yield look.paint("It left behind", "bold")
    for one in dropped[:_DROPPED]:
        size = f"{one.size:,} byte{'s'[: one.size != 1]}"
        yield f"  {look.path(one.path, look.width - 40)}  {size}, sha256 {one.sha256[:12]}"
    if len(dropped) > _DROPPED:
        yield f"  and {len(dropped) - _DROPPED} more; --format json has them all"


def _carried(report: DetonationReport, look: Look) -> Iterator[str]:
    """The proofs once more, by decoy: they are what the verdict rests on."""
    names = dict.fromkeys(one.decoy.what for one in report.carried)
    if not names:
        return
    yield ""
    yield look.paint("What got out", "bold")
    for name in names:
        hosts = dict.fromkeys(one.exchange.host for one in report.carried if one.decoy.what == name)
        text = look.shown(f"the decoy {name}, to {', '.join(hosts)}", 400)
        first, *rest = wrapped(text, look.width, "    ")
        yield look.paint(f"  {look.glyph('block')} {first.lstrip()}", "red")
        yield from rest


def _gaps(report: DetonationReport, look: Look) -> Iterator[str]:
    gaps = sorted(report.observation.gaps, key=lambda one: one.kind is not GapKind.LIMIT)
    if not gaps:
        return
    yield ""
    yield look.paint("What was not seen", "bold")
    for one in gaps[:_GAPS]:
        first, *rest = wrapped(look.shown(f"{one.what}: {one.why}", 400), look.width, "    ")
        yield f"  {look.glyph('dot')} {first.lstrip()}"
        yield from rest
    if len(gaps) > _GAPS:
        yield f"  and {len(gaps) - _GAPS} more; --format json has them all"
