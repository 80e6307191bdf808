"""``stockade check``: packages from the index, or a lock, judged with everything that they bring."""

from __future__ import annotations

import argparse
import os
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TextIO

from stockade.acquire.fetch import Fetcher
from stockade.acquire.index.history import Histories
from stockade.acquire.index.settings import default_index, index_settings
from stockade.acquire.index.simple import SimpleIndex
from stockade.acquire.index.transport import Transport
from stockade.acquire.resolve import (
    Closure,
    PythonTarget,
    TransportRanges,
    active_target,
    from_lock,
    resolve,
    target_for,
)
from stockade.acquire.resolve.direct import marker_environment
from stockade.acquire.resolve.unforeseen import unforeseen
from stockade.acquire.sources.locks import read_lock
from stockade.acquire.sources.requirements import Asked, asked_for
from stockade.act.report.json import check_document
from stockade.act.report.progress import Progress, progress
from stockade.act.report.sarif import sarif_document
from stockade.act.report.text import TextReport
from stockade.act.report.types import CheckReport, ReleaseReport, release_report
from stockade.cli import common
from stockade.cli.known import names
from stockade.cli.past import known
from stockade.errors import NothingInspected, ProjectNotFound, StoreFailed, UsageError
from stockade.model.decision import Exit
from stockade.model.project import Release, Requirement
from stockade.pipeline import Judged, Road, check
from stockade.remember import folders


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
    parser.add_argument(
        "--installer", choices=("auto", "pip", "uv"), default="auto", help="whose configuration to use"
    )
    parser.add_argument("--index-url", metavar="URL", help="this index instead of the configured one")
    parser.add_argument("--extra-index-url", action="append", default=[], metavar="URL", help="and this one")
    parser.add_argument("--format", choices=("text", "json", "sarif"), default="text", help="default: text")
    common.explain_argument(parser)
    common.judging_arguments(parser)


@dataclass(frozen=True, slots=True)
class _World:
    """The index side of one run; `label` and `installer` are for the report."""

    index: SimpleIndex
    fetcher: Fetcher
    ranges: TransportRanges
    constraints: tuple[Requirement, ...]
    label: str
    histories: Histories


def run(given: argparse.Namespace) -> Exit:
    """Resolve, judge every file, print, and end as the policy says."""
    if not (given.requirement or given.requirements or given.lock):
        raise UsageError("name a package, -r FILE, or --lock FILE")
    if given.lock and (given.requirement or given.requirements or given.constraint):
        raise UsageError("--lock stands alone: a lock is a closure already")
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
        with _world(given, asked, road.now) as world:
            closure = _closure(given, asked, world, road, python)
            found = _judged(closure, world, road, bar)
            notes += [*world.index.notes, *closure.notes, *inside(os.environ)]
        requires = {
            release: [line for one in files if one.label.endswith(".whl") for line in one.findings.requires]
            for release, files in found.items()
        }
        extra = unforeseen(closure.releases, requires, marker_environment(python))
        report = CheckReport(
            requested=tuple(str(one) for one in asked.requirements) if not given.lock else (str(given.lock),),
            releases=_releases(closure, found, use, road, explained=given.explain),
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


def _asked(given: argparse.Namespace) -> Asked:
    """The command line's requirements, with the files that it names; none for a lock, which is a closure."""
    if given.lock:
        return Asked()
    return asked_for(
        given.requirement, given.requirements, given.constraint, env=os.environ, folder=Path.cwd()
    )


@contextmanager
def _world(given: argparse.Namespace, asked: Asked, now: datetime) -> Iterator[_World]:
    """The person's own index, as their installer would reach it."""
    extra = (*asked.flags.extra_index_urls, *given.extra_index_url)
    flags = replace(
        asked.flags,
        installer=given.installer,
        index_url=given.index_url or asked.flags.index_url,
        extra_index_urls=extra,
    )
    settings = index_settings(os.environ, home=Path.home(), cwd=Path.cwd(), flags=flags)
    cache = folders.cache_folder(os.environ)
    try:
        cache.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as why:
        raise StoreFailed(f"the cache folder {cache} cannot be used: {why.strerror}") from None
    with Transport(settings) as transport:
        index = SimpleIndex(transport, cache, offline=given.offline)
        fetcher = Fetcher(transport, cache, offline=given.offline)
        try:
            own = default_index()
            labels = ["pip's default index" if one.label == own else one.label for one in settings.sources]
            label = ", ".join(labels) or "none"
            histories = Histories(index, transport, cache, at=now, offline=given.offline)
            configured = asked_for(constraints=settings.constraints, env=os.environ, folder=Path.cwd())
            ranges = TransportRanges(transport)
            yield _World(index, fetcher, ranges, configured.constraints, label, histories)
            histories.close()
        finally:
            fetcher.close()
            index.close()


def _closure(
    given: argparse.Namespace, asked: Asked, world: _World, road: Road, python: PythonTarget
) -> Closure:
    """Everything that would be installed; raises ProjectNotFound with the name that was probably meant."""
    if given.lock:
        lock = read_lock(given.lock, env=os.environ)
        return from_lock(
            lock, index=world.index, python=python, fetcher=world.fetcher, all_files=given.all_files
        )
    try:
        return resolve(
            asked.requirements,
            index=world.index,
            fetcher=world.fetcher,
            minimum_age=road.policy.minimum_age,
            now=road.now,
            python=python,
            constraints=(*asked.constraints, *world.constraints),
            prereleases=asked.prereleases,
            all_files=given.all_files,
            ranges=world.ranges,
            cache=folders.cache_folder(os.environ),
        )
    except ProjectNotFound as why:
        raise ProjectNotFound(f"{why}{_meant(str(why), asked.requirements)}") from None


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


def _judged(closure: Closure, world: _World, road: Road, bar: Progress) -> dict[Release, list[Judged]]:
    """What came of each file, by release."""
    bar.total(sum(len(release.files) for release in closure.releases))
    statuses = {
        one.release.name: world.index.listing(one.release.name).status
        for one in closure.releases
        if one.files
    }
    past = known(closure, world.histories, road)
    found: dict[Release, list[Judged]] = defaultdict(list)
    for ref, judged in check(closure.releases, world.fetcher, road, statuses, bar.step, remarks=past.remarks):
        found[ref.release].append(judged)
    return found


def _releases(
    closure: Closure,
    found: dict[Release, list[Judged]],
    use: common.Rules,
    road: Road,
    *,
    explained: bool,
) -> tuple[ReleaseReport, ...]:
    made = []
    for one in closure.releases:
        files = sorted(found[one.release], key=lambda judged: judged.label)
        reports = tuple(common.report_of(judged, use, road.model, explained=explained) for judged in files)
        made.append(release_report(one.release.name, one.release.version, reports, direct=one.direct))
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
