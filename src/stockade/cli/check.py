"""``stockade check``: packages from the index, or a lock, judged with everything that they bring."""

from __future__ import annotations

import argparse
import os
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TextIO

from stockade.acquire.resolve import (
    Closure,
    PythonTarget,
    active_target,
    target_for,
)
from stockade.acquire.resolve.direct import marker_environment
from stockade.acquire.resolve.unforeseen import unforeseen
from stockade.acquire.sources.requirements import Asked, asked_for
from stockade.act.report.json import check_document
from stockade.act.report.progress import Progress, progress
from stockade.act.report.sarif import sarif_document
from stockade.act.report.text import TextReport
from stockade.act.report.types import CheckReport, ReleaseReport, release_report
from stockade.cli import common
from stockade.cli.before import CHOICES, NEW
from stockade.cli.chosen import Chosen, Releases, chosen, older
from stockade.cli.known import names
from stockade.cli.past import known
from stockade.cli.permitted import permitted
from stockade.cli.world import World, open_world
from stockade.errors import NothingInspected, ProjectNotFound, UsageError
from stockade.model.decision import Exit
from stockade.model.identity import Attested
from stockade.model.project import Release, Requirement
from stockade.pipeline import Judged, Road, check


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("requirement", nargs="*", help="NAME, 'NAME==1.2', 'NAME>=1,<2', 'NAME @ URL'")
    parser.add_argument(
        "-r", "--requirements", action="append", type=Path, default=[], metavar="FILE", help="as for pip"
    )
    parser.add_argument(
        "-c", "--constraint", action="append", type=Path, default=[], metavar="FILE", help="as for pip"
    )
    parser.add_argument(
        "--lock",
        type=Path,
        metavar="FILE",
        help="judge what a lock pins: uv.lock, poetry.lock, pdm.lock, pylock.toml, Pipfile.lock, hashed requirements",
    )
    parser.add_argument(
        "--all-files", action="store_true", help="also files that this machine's installer can't pick"
    )
    parser.add_argument(
        "--python", metavar="VERSION", help="resolve for this Python (default: the environment's here)"
    )
    common.index_arguments(parser)
    parser.add_argument(
        "--resolve-older",
        action="store_true",
        help="pass over releases that are refused or too young, and take the newest closure that is allowed",
    )
    parser.add_argument(
        "--drift",
        choices=CHOICES,
        default=NEW,
        help="compare releases with the one before them: those of the last 14 days (default), all, none",
    )
    parser.add_argument(
        "--detonate",
        action="store_true",
        help="run, behind walls and among decoys, what its bytes leave undecided (needs --yes-run-it)",
    )
    parser.add_argument("--yes-run-it", action="store_true", help="without this nothing is ever run")
    parser.add_argument("--format", choices=("text", "json", "sarif"), default="text", help="default: text")
    common.explain_argument(parser)
    common.judging_arguments(parser)


def run(given: argparse.Namespace) -> Exit:
    """Resolve, judge every file, print, and end as the policy says."""
    if not (given.requirement or given.requirements or given.lock):
        raise UsageError("name a package, -r FILE, or --lock FILE")
    if given.lock and (given.requirement or given.requirements or given.constraint):
        raise UsageError("--lock stands alone: a lock is a closure already")
    if given.lock and given.resolve_older:
        raise UsageError("--resolve-older resolves, and --lock is a closure already")
    if given.detonate:
        permitted(given)
    use = common.rules(given.policy)
    # A report that could not be written is said before the work, not after it.
    with common.destination(given) as out:
        report, made = _checked(given, use)
        _write(given.format, out, report)
    return common.settle(made, use.policy, ask=common.at_terminal(given), gaps=report.gaps)


def _checked(given: argparse.Namespace, use: common.Rules) -> tuple[CheckReport, list[Judged]]:
    """The whole check; raises NothingInspected where there is no release to judge."""
    notes: list[str] = []
    # The worker is forked before configuration with its passwords is read.
    with common.road(given, use, notes) as road, progress("judging", os.environ) as bar:
        asked, python = _asked(given), _python(given.python)
        with open_world(given, asked.flags, road.now, use.policy) as world:
            closure, found, told = _settled(given, asked, world, road, python, bar)
            if given.detonate:
                # Here: they bring much that no other check needs, and may not be installed.
                from stockade.cli.check_detonate import detonate_undecided
                from stockade.cli.supplying import Supplies

                supplies = Supplies(given, world, road, python)
                told += detonate_undecided(
                    found, closure.releases, world.fetcher.fetch, supplies, road, bar.say
                )
            notes += [*world.index.notes, *world.sayings, *closure.notes, *told, *inside(os.environ)]
        requires = {
            release: [line for one in files if one.label.endswith(".whl") for line in one.findings.requires]
            for release, files in found.items()
        }
        extra = unforeseen(closure.releases, requires, marker_environment(python))
        report = CheckReport(
            requested=tuple(str(one) for one in asked.requirements) if not given.lock else (str(given.lock),),
            releases=_releases(closure, found, use, road, world.attested, explained=given.explain),
            at=road.now,
            policy=use.policy.source,
            index=world.label,
            python=f"{python.version} ({python.why})",
            mode=use.policy.mode.value,
            gaps=(*asked.gaps, *closure.gaps, *extra),
            notes=common.once(notes),
            walls=tuple(wall.name for wall in road.analyser.walls if wall.up),
        )
    if not closure.releases:
        left_out = "; ".join(f"{gap.what}: {gap.why}" for gap in report.gaps)
        raise NothingInspected(
            left_out or "no requirement applies to this Python and platform, by its marker"
        )
    return report, [one for files in found.values() for one in files]


def _settled(
    given: argparse.Namespace, asked: Asked, world: World, road: Road, python: PythonTarget, bar: Progress
) -> tuple[Closure, dict[Release, list[Judged]], list[str]]:
    """The closure with what came of each file; raises ProjectNotFound with the name that was probably meant."""

    def choose(refused: Releases = frozenset()) -> Chosen:
        return chosen(given, asked, world, road, python, refused)

    def judge(one: Chosen) -> dict[Release, list[Judged]]:
        return _judged(one, world, road, bar, given.drift)

    try:
        if given.resolve_older:
            last, found, notes = older(judge, choose)
        else:
            last, notes = choose(), []
            found = judge(last)
    except ProjectNotFound as why:
        raise ProjectNotFound(f"{why}{_meant(str(why), asked.requirements)}") from None
    return last.closure, found, notes


def _asked(given: argparse.Namespace) -> Asked:
    """The command line's requirements, with the files that it names; none for a lock, which is a closure."""
    if given.lock:
        return Asked()
    return asked_for(
        given.requirement, given.requirements, given.constraint, env=os.environ, folder=Path.cwd()
    )


def _meant(message: str, requirements: Iterable[Requirement]) -> str:
    """The best-known project that a missing name was probably a slip for."""
    table = names([])
    for one in requirements:
        if one.name in message.split() and (meant := table.meant(one.name)):
            return f"; did you mean {meant.target} ({meant.downloads:,} downloads a month, {table.date})?"
    return ""


def _python(version: str | None) -> PythonTarget:
    if version is None:
        return active_target(os.environ, Path.cwd())
    try:
        return target_for(version)
    except ValueError as why:
        raise UsageError(f"--python: {why}; write it as 3.12 or 3.12.4") from None


def _judged(
    one: Chosen, world: World, road: Road, bar: Progress, compare: str
) -> dict[Release, list[Judged]]:
    """What came of each file, by release."""
    closure = one.closure
    bar.total(sum(len(release.files) for release in closure.releases))
    statuses = {
        one.release.name: world.index.listing(one.release.name).status
        for one in closure.releases
        if one.files
    }
    past = known(closure, world, road, one.fixes, compare)
    found: dict[Release, list[Judged]] = defaultdict(list)
    for ref, judged in check(closure.releases, world.fetcher, road, statuses, bar.step, past=past):
        found[ref.release].append(judged)
    return found


def _releases(
    closure: Closure,
    found: dict[Release, list[Judged]],
    use: common.Rules,
    road: Road,
    attested: Mapping[Release, tuple[Attested, ...]],
    *,
    explained: bool,
) -> tuple[ReleaseReport, ...]:
    made = []
    for one in closure.releases:
        files = sorted(found[one.release], key=lambda judged: judged.label)
        reports = tuple(common.report_of(judged, use, road.model, explained=explained) for judged in files)
        release = one.release
        made.append(
            release_report(
                release.name,
                release.version,
                reports,
                direct=one.direct,
                attested=attested.get(release),
            )
        )
    return tuple(made)


def inside(environ: Mapping[str, str]) -> list[str]:
    """A sentence if Stockade runs in the very environment that it is asked about: what it guards could change it."""
    named = environ.get("VIRTUAL_ENV")
    about = Path(named) if named else Path.cwd() / ".venv"
    if sys.prefix == sys.base_prefix or about.resolve() != Path(sys.prefix).resolve():
        return []
    where = f"Stockade runs inside the environment that it is asked about ({about})"
    return [f"{where}, where any package can change it; install it apart, with pipx or uv tool"]


def _write(form: str, out: TextIO, report: CheckReport) -> None:
    if form == "text":
        TextReport(out, os.environ).check(report)
    elif form == "json":
        out.write(check_document(report))
    else:
        out.write(sarif_document(report.artifacts, descriptions=common.descriptions()))
