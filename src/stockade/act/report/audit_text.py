"""An audit for people: a line for an environment in order, a short story for each project that isn't."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from stockade.act.report.audited import AuditReport, EnvironmentReport
from stockade.act.report.look import Look, wrapped
from stockade.act.report.text import artifact_lines, summary_line
from stockade.act.report.types import ArtifactReport, hardest
from stockade.act.report.way import Ways
from stockade.model.audit import Finding, Standing
from stockade.model.sighting import Changes

#: Findings of one kind told of one project; all that is only told is counted.
_TOLD = 6
#: Columns of the name of a kind.
_KIND = 18
#: Columns of an environment's path.
_ROOT = 44

#: What each kind of finding is, in few words.
WORDS = {
    "unauthorised": "nothing says that it may be here",
    "missing": "should be here and isn't",
    "changed-version": "another version than authorised",
    "downgraded": "older than authorised",
    "malicious": "known to be malicious",
    "vulnerable": "known to be vulnerable",
    "changed-file": "a file was changed after it was installed",
    "missing-file": "a file is gone",
    "orphan-file": "a file that nobody claims",
    "orphan-startup": "runs each time Python starts, and nobody claims it",
    "claimed-twice": "two distributions claim one file",
    "foreign-package": "writes into another's package",
    "shadowed-command": "a command with the name of a system's",
    "compiled-differs": "compiled code that is not its source's",
    "compiled-stale": "compiled from another state of its source",
    "no-files": "metadata without files",
    "no-record": "nothing vouches for its files",
    "record-outside": "claims files outside of the environment",
    "bad-metadata": "metadata that cannot be read",
    "not-as-published": "not what the index published",
}


def audit_lines(report: AuditReport, look: Look) -> list[str]:
    """A whole audit: environments in order first, since a reader looks at the end."""
    lines: list[str] = []
    order = sorted(report.environments, key=lambda one: (one.action != "allow", one.environment.root))
    for one in order:
        lines += environment_lines(one, look)
    for note in report.notes:
        lines += wrapped(look.shown(note, 400), look.width, "  ")
    actions = [one.action for one in report.environments]
    walls = f"; analyser behind {len(report.walls)} walls" if report.walls else ""
    about = f"policy: {report.policy}; advisories: {report.advisories or 'none'}{walls}"
    told = [look.paint(line, "dim") for line in wrapped(look.shown(about, 400), look.width, "")]
    return [*lines, "", summary_line(actions, "environment", report.mode, look), *told]


def environment_lines(report: EnvironmentReport, look: Look) -> list[str]:
    """One environment: a line, and a story for each project with findings that are more than told."""
    one = report.environment
    refused = report.action != "allow"
    count = len(report.installed)
    told = [
        str(one.kind),
        f"Python {one.python}" if one.python else "",
        f"{count} distribution{'s'[: count != 1]}",
    ]
    tail = look.paint(", ".join(word for word in told if word), "dim")
    root = look.path(one.root, _ROOT)
    head = f"{look.action(report.action, look.glyph(report.action))} {look.paint(root, 'bold')}"
    verdict = f"  {look.action(report.action, report.action.upper())}" if refused else ""
    lines = (
        ["", f"{head}{' ' * max(2, _ROOT - len(root))}{tail}{verdict}"]
        if refused
        else [f"{head}{' ' * max(2, _ROOT - len(root))}{tail}"]
    )
    lines += _changes(report.changes, look)
    lines += _projects(report, look)
    lines += _quiet(report, look)
    for gap in report.gaps:
        sign = look.action("undetermined", look.glyph("undetermined"))
        first, *rest = wrapped(look.shown(gap, 400), look.width, "    ")
        lines += [f"  {sign} {first.lstrip()}", *rest]
    return lines


def _changes(changes: Changes | None, look: Look) -> Iterator[str]:
    if changes is None:
        return
    if changes.since is None:
        yield "    seen for the first time"
        return
    when = f"{changes.since:%Y-%m-%d %H:%M}"
    if not changes:
        yield look.paint(f"    nothing came, went or changed since {when}", "dim")
        return
    yield look.paint(f"    since {when}", "cyan")
    told = [f"+ {one.name} {one.version}" for one in changes.added]
    told += [f"- {one.name} {one.version}" for one in changes.removed]
    told += [
        f"{look.glyph('step')} {one.project} {one.before} {look.glyph('step')} {one.after}"
        for one in changes.moved
    ]
    yield from (f"      {look.shown(line, 120)}" for line in told)


def _projects(report: EnvironmentReport, look: Look) -> Iterator[str]:
    loud = sorted((one for one in report.findings if one.action != "allow"), key=lambda one: one.project)
    judged = {one.project: one for one in report.artifacts if one.refused}
    for project, group in groupby(loud, key=lambda one: one.project):
        found = list(group)
        name = f"{project} {found[0].version}".strip() or "no distribution"
        action = hardest([one.action for one in found])
        yield f"  {look.action(action, look.glyph(action))} {look.paint(look.shown(name, 60), 'bold')}"
        for kind, same in groupby(sorted(found, key=lambda one: one.kind), key=lambda one: one.kind):
            yield from _kind(kind, list(same), report.environment.root, look)
        code = judged.pop(project, None)
        # What is refused for an advisory alone stands above already.
        if code is not None and (
            code.verdict != "clean" or all(one.kind != Standing.MALICIOUS for one in found)
        ):
            yield from _code(code, look)[_HEAD:]
    for code in judged.values():
        yield from _code(code, look)


#: Lines of a story that name the distribution and where it lies.
_HEAD = 2


def _code(report: ArtifactReport, look: Look) -> list[str]:
    """The story of a distribution's code, inside of its environment's."""
    told = "\n".join(artifact_lines(report, look, Ways())).strip("\n").split("\n")
    return [f"  {line}" if line else line for line in told]


def _kind(kind: str, found: list[Finding], root: str, look: Look) -> Iterator[str]:
    yield f"    {look.paint(kind.ljust(_KIND), 'cyan')}{WORDS[kind]}"
    for one in found[:_TOLD]:
        place = (
            look.path(below(one.path, root), look.width - 12) if one.path and kind not in _OF_PROJECT else ""
        )
        text = ": ".join(part for part in (place, look.shown(one.detail, 300)) if part)
        yield from wrapped(text, look.width, "      ") if text else ()
        if one.fix:
            yield from wrapped(f"{look.glyph('step')} {look.shown(one.fix, 200)}", look.width, "      ")
    if len(found) > _TOLD:
        yield f"      and {len(found) - _TOLD} more; --format json has them all"


#: Findings that are about a distribution as a whole, whose folder tells nobody anything.
_OF_PROJECT = frozenset(
    {"unauthorised", "missing", "changed-version", "downgraded", "malicious", "vulnerable"}
)


def _quiet(report: EnvironmentReport, look: Look) -> Iterator[str]:
    """What policy only has told: counted."""
    counts: dict[str, int] = {}
    for one in report.findings:
        if one.action == "allow":
            counts[one.kind] = counts.get(one.kind, 0) + 1
    if counts:
        told = ", ".join(f"{number} {kind}" for kind, number in sorted(counts.items()))
        for line in wrapped(f"also {told} (--format json has them)", look.width, "    "):
            yield look.paint(line, "dim")


def below(path: str, root: str) -> str:
    """`path` as it stands in the environment at `root`."""
    return path.removeprefix(f"{root.rstrip('/')}/")
