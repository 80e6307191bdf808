"""``stockade reference``: make, show and use the reference of known projects."""

from __future__ import annotations

import argparse
import importlib
from pathlib import Path

from stockade.act.report.shown import shown
from stockade.cli import common, known
from stockade.errors import BadReference, NotFound
from stockade.model.decision import Exit

#: Releases of one project, and hashes kept of one.
RELEASES, HASHES = 4, 10_000
#: The most downloaded projects that are taken where nobody names any.
TOP = 650


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    actions = parser.add_subparsers(dest="reference_action", metavar="ACTION", required=True)
    _build(
        actions.add_parser(
            "build",
            help="make it from the index; goes on where it was stopped",
            description="Make the reference of known projects from the index: only releases older than 30 days, not"
            " yanked, not known to be malicious. What was read is kept, so that an interrupted run goes on.",
        )
    )
    show = actions.add_parser(
        "show", help="what it holds", description="Show what the reference in use holds."
    )
    show.add_argument("project", nargs="?", metavar="PROJECT", help="tell of this project alone")
    show.add_argument("--reference", metavar="FILE", help="another than the one in use")
    diff = actions.add_parser(
        "diff",
        help="what an archive changes of the project that it copies",
        description="Fetch the release that is closest to an archive, which is a copy of a known project, and print"
        " what differs as a unified diff.",
    )
    diff.add_argument("archive", type=Path, metavar="ARCHIVE", help="a wheel or an sdist")
    diff.add_argument("--reference", metavar="FILE", help="another than the one in use")
    diff.add_argument("--offline", action="store_true", help="no network: of what is kept")
    update = actions.add_parser(
        "update",
        help="new download counts for the table of well-known names",
        description="Make the table of well-known names anew, from a list of download counts (CSV or JSON, with gzip"
        " or without) at an address or in a file. Its date is shown wherever a count is.",
    )
    update.add_argument(
        "--from",
        dest="source",
        metavar="URL|FILE",
        help="the list (default: the policy's [reference] counts)",
    )
    update.add_argument("--month", metavar="TEXT", help='of when the counts are, such as "April 2026"')


def _build(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--projects",
        type=Path,
        metavar="FILE",
        help=f"names, one a line (default: the {TOP} most downloaded, and the SDKs that ship)",
    )
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="where to put it (default: where others look for it)"
    )
    parser.add_argument(
        "--releases",
        type=common.count,
        default=RELEASES,
        metavar="N",
        help=f"of each project (default: {RELEASES})",
    )
    parser.add_argument(
        "--hashes",
        type=common.count,
        default=HASHES,
        metavar="N",
        help=f"kept of each project; of larger ones whole modules alone (default: {HASHES})",
    )
    parser.add_argument("--offline", action="store_true", help="no network: of what was read before")
    parser.add_argument(
        "--jobs", type=common.jobs, metavar="N", help="read N archives at a time (default: one a core)"
    )


def run(given: argparse.Namespace) -> Exit:
    """Do what was asked for."""
    if given.reference_action == "show":
        return _show(given)
    module = importlib.import_module(f"stockade.cli.reference_{given.reference_action}")
    done: Exit = module.run(given)
    return done


def _show(given: argparse.Namespace) -> Exit:
    notes: list[str] = []
    found = known.reference(given.reference, notes)
    common.aside(notes)
    if found is None:
        raise BadReference("there is no reference of known projects")
    if given.project is not None:
        return _show_project(found, given.project)
    print(f"{found.source}")
    partial = sum(one.partial for one in found.reference.projects)
    print(
        f"{len(found.reference.projects)} projects, {len(found.reference)} hashes, digest {found.reference.digest}"
    )
    print(f"{partial} of them with whole modules alone where they are large")
    for one in found.reference.projects:
        print(f"  {shown(one.name)} {shown(' '.join(one.versions))}")
    return Exit.ALLOWED


def _show_project(found: known.Found, name: str) -> Exit:
    number = found.reference.by_name.get(name)
    if number is None:
        raise NotFound(f"{name} is not among the {len(found.reference.projects)} projects of {found.source}")
    one = found.reference.projects[number]
    print(
        f"{shown(one.name)}: releases {shown(', '.join(one.versions))}; {one.size} bytes of functions in the newest"
    )
    if one.partial:
        print("of its largest modules only the whole is known")
    return Exit.ALLOWED
