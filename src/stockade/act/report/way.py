"""The way of a value, for people and for programs: a step a line, and in which archive each of them is."""

from __future__ import annotations

from collections.abc import Iterable

from stockade.act.report.look import Look, wrapped
from stockade.act.report.shown import columns
from stockade.act.report.types import ArtifactReport
from stockade.model.evidence import Evidence, Step

#: The column that places begin in, where there is room, counted from the indent of an observation.
_PLACES = 52


def archive_of(step: Step, report: ArtifactReport) -> str:
    """The file name of the archive that a step of `report`'s evidence is in."""
    return step.artifact or filename(report)


def filename(report: ArtifactReport) -> str:
    """The file name of an artifact, which may be reported as a path."""
    return report.artifact.replace("\\", "/").rpartition("/")[2]


def row(said: str, where: str, look: Look, indent: str, *, mark: str = "", at: int = _PLACES) -> list[str]:
    """`said` over as many lines as it needs, with the place `where` behind it if there is room; both shown.

    `mark` stands before it; the place begins `at` columns behind `indent`, if it can.
    """
    hang = indent + " " * columns(mark)
    lines = wrapped(said, look.width, hang)
    lines[0] = indent + look.paint(mark, "dim") + lines[0].removeprefix(hang)
    last = columns(said) if len(lines) == 1 else columns(lines[-1]) - columns(hang)
    space = look.width - columns(hang) - last - columns(where)
    if space < 2:
        return [*lines, f"{hang}  {look.paint(where, 'dim')}"]
    gap = min(space, max(2, at - columns(mark) - last))
    lines[-1] += " " * gap + look.paint(where, "dim")
    return lines


class Ways:
    """The ways that a run has told: both ends of one are evidence, and a person reads it once."""

    def __init__(self) -> None:
        self._told: dict[tuple[object, ...], str] = {}

    def lines(self, one: Evidence, report: ArtifactReport, look: Look, indent: str) -> list[str]:
        """The way of `one`, or where it stands already; nothing where it is no longer than its own place."""
        if len(one.path) < 2 and all(step.where == one.where for step in one.path):
            return []
        steps = tuple((archive_of(step, report), step.where, step.what) for step in one.path)
        before = self._told.get(steps)
        if before is not None:
            return [f"{indent}{look.paint(look.glyph('step'), 'dim')} by the way that is told of {before}"]
        name = look.shown(f"{report.project} {report.version}".strip() or filename(report), 80)
        for start in range(len(steps)):
            self._told.setdefault(steps[start:], name)
        return _steps(one, report, look, indent)


def _steps(one: Evidence, report: ArtifactReport, look: Look, indent: str) -> list[str]:
    """The steps of `one`, each with its place; a heading where they enter another archive."""
    own = filename(report)
    lines: list[str] = []
    inside = own
    for step in one.path:
        archive = archive_of(step, report)
        if archive != inside:
            told = (
                "in this file" if archive == own else f"in {look.path(archive, look.width - len(indent) - 3)}"
            )
            lines.append(indent + look.paint(told, "cyan"))
            inside = archive
        where = look.shown(str(step.where), 120)
        mark = look.glyph("step") + " "
        lines += row(look.shown(step.what, 160), where, look, indent, mark=mark, at=_PLACES - 2)
    return lines


def archives(reports: Iterable[ArtifactReport]) -> dict[str, str]:
    """File name -> how it is reported, for the archives of a run: a step names only the first."""
    return {filename(one): one.artifact for one in reports}
