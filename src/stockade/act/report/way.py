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
    """`said` and to its right the place `where`, both shown; on a line of its own where there is no room.

    `mark` stands before it; the place begins `at` columns behind `indent`, if it can.
    """
    hang = " " * columns(mark)
    space = look.width - columns(indent + hang + said + where)
    if space >= 2:
        gap = " " * min(space, max(2, at - columns(hang + said)))
        return [f"{indent}{look.paint(mark, 'dim')}{said}{gap}{look.paint(where, 'dim')}"]
    first, *rest = wrapped(said, look.width, indent + hang)
    first = indent + look.paint(mark, "dim") + first.removeprefix(indent + hang)
    return [first, *rest, f"{indent}{hang}  {look.paint(where, 'dim')}"]


def way_lines(one: Evidence, report: ArtifactReport, look: Look, indent: str) -> list[str]:
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
