"""``stockade audit``: what is installed already, accounted for file by file, authorised, judged and advised."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from stockade.acquire.environments.find import environment_at, find, project_environment
from stockade.act.report.audit_json import audit_document
from stockade.act.report.audit_text import audit_lines
from stockade.act.report.audited import AuditReport, EnvironmentReport
from stockade.act.report.look import look_of
from stockade.act.report.progress import Progress, progress
from stockade.act.report.shown import shown
from stockade.cli import common, keeping
from stockade.cli.audit_regularly import regularly
from stockade.cli.audited import Audit, boms
from stockade.cli.authorities import authority
from stockade.cli.ledger import opened
from stockade.cli.scheduling import NEVER, every, scheduling_arguments
from stockade.decide.decide import exit_for
from stockade.errors import LedgerMissing, NotFound, NothingInspected, UsageError
from stockade.model.decision import Allow, Ask, Block, Decision, Exit, Undetermined
from stockade.model.environment import Environment
from stockade.remember import folders

FORMATS = ("text", "json", "sarif", "cyclonedx", "html")
_MADE: dict[str, Callable[[tuple[str, ...]], Decision]] = {
    "allow": Allow,
    "ask": Ask,
    "undetermined": Undetermined,
    "block": Block,
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument(
        "path",
        nargs="*",
        metavar="[accept] [PATH]",
        help="an environment, a project's folder, or a folder of packages (default: this project's environment);"
        " accept: what it holds now is its baseline, against which later audits hold it",
    )
    parser.add_argument("--because", default="", metavar="TEXT", help="with accept: why")
    parser.add_argument("--all", action="store_true", help="every environment of this machine")
    parser.add_argument(
        "--root",
        action="append",
        default=[],
        type=Path,
        metavar="DIR",
        help="with --all: look for environments anywhere below this folder (default: your home folder)",
    )
    parser.add_argument(
        "--against",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help="a lock or a requirements file: whatever it doesn't name is unauthorised; may be given several times",
    )
    parser.add_argument(
        "--since",
        choices=("last",),
        help="last: tell what came, went and changed since the last audit that was written down",
    )
    parser.add_argument(
        "--no-ledger", action="store_true", help="neither read nor write what earlier audits saw and accepted"
    )
    keeping.store_argument(parser)
    parser.add_argument(
        "--verify-index",
        action="store_true",
        help="compare every file with what the index published of that release (fetches wheels)",
    )
    parser.add_argument(
        "--fix",
        action="store_true",
        help="take out or put back what policy blocks, where that can be done exactly; a copy is kept",
    )
    parser.add_argument(
        "--every",
        type=every,
        metavar="LENGTH",
        help="run this audit every hour, day, week or so (6h, 2d) from now on; never: no more",
    )
    scheduling_arguments(parser)
    common.index_arguments(parser)
    parser.add_argument("--no-code", action="store_true", help="don't judge the code of what is installed")
    parser.add_argument(
        "--compiled",
        action="store_true",
        help="hold compiled files against their sources by what is in them, not by their headers alone (slower)",
    )
    parser.add_argument("--format", choices=FORMATS, default="text", help="default: text")
    common.judging_arguments(parser)


def run(given: argparse.Namespace) -> Exit:
    """Find, account, authorise, judge, print, and end as the policy says."""
    accept, path = _meant(given)
    use = common.rules(given.policy)
    if given.every is not None:
        named = [] if given.all or given.every == NEVER else list(_environments(given, path, []))
        return regularly(given, use, [one.root for one in named])
    authorities = tuple(authority(file, os.environ) for file in given.against)
    notes: list[str] = []
    with ExitStack() as stack:
        out = stack.enter_context(common.destination(given))
        road = None
        if not given.no_code and not accept:
            road = stack.enter_context(common.road(given, use, notes))
        work = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="stockade-")))
        bar = stack.enter_context(progress("auditing", os.environ))
        ledger = None if given.no_ledger else stack.enter_context(opened(given.store, os.environ, notes))
        if ledger is None and (accept or given.since):
            raise LedgerMissing(
                "what earlier audits saw and accepted stands in the ledger, which is not in use"
            )
        world = None
        if given.verify_index:
            from stockade.acquire.index.settings import IndexFlags
            from stockade.cli.world import open_world

            world = stack.enter_context(open_world(given, IndexFlags(), datetime.now(UTC), use.policy))
        audit = Audit(
            use=use,
            authorities=authorities,
            road=road,
            ledger=ledger,
            work=work,
            environ=os.environ,
            since=given.since is not None,
            world=world,
            compiled=given.compiled,
        )
        environments = list(_environments(given, path, notes))
        if accept:
            with bar.aside():
                return _accepted(environments, audit, given.because, out)
        found = [_audited(one, audit, bar) for one in environments]
        if given.fix:
            with bar.aside():
                done = [_fixed(one, audit, given) for one in found]
            found = [_audited(one.environment, audit, bar) if done[n] else one for n, one in enumerate(found)]
        report = AuditReport(
            environments=tuple(found),
            at=audit.now,
            policy=use.policy.source,
            mode=use.policy.mode.value,
            advisories=audit.advisories,
            notes=common.once([*notes, *audit.notes]),
            walls=tuple(wall.name for wall in road.analyser.walls if wall.up) if road else (),
        )
        audit.close()
        with bar.aside():
            _write(given.format, out, report)
    return exit_for([_MADE[one.action]((one.environment.root,)) for one in found], use.policy)


def _meant(given: argparse.Namespace) -> tuple[bool, Path | None]:
    """Whether a baseline is to be accepted, and the path that was named; raises UsageError."""
    accept = given.path[:1] == ["accept"]
    paths = given.path[1:] if accept else given.path
    if len(paths) > 1:
        raise UsageError(f"{paths[1]!r} is one path too many: an audit takes one, or --all")
    if given.all and paths:
        raise UsageError("--all looks at every environment, and PATH names one; give either")
    if given.root and not given.all:
        raise UsageError("--root says where --all looks; give --all too")
    if given.compiled and given.no_code:
        raise UsageError("--compiled judges compiled code, and --no-code judges none")
    if given.dry_run and not given.fix and given.every is None:
        raise UsageError("--dry-run goes with --fix or --every: it prints what that would do")
    if given.every is not None and accept:
        raise UsageError("--every audits again and again; what is accepted is for a person to say")
    if given.verify_index and given.offline:
        raise UsageError("--verify-index asks the index, and --offline forbids it")
    if given.because and not accept:
        raise UsageError("--because goes with accept: it says why what is here may stay")
    return accept, Path(paths[0]) if paths else None


def _accepted(environments: list[Environment], audit: Audit, reason: str, out: TextIO) -> Exit:
    """Make what each environment holds now its baseline."""
    for one in environments:
        made = audit.accept(one, reason)
        count = len(made.releases)
        said = shown(one.root, limit=400)
        out.write(
            f"{said}: {count} distribution{'s'[: count != 1]} accepted; what differs is told from now on.\n"
        )
    return Exit.ALLOWED


def _audited(one: Environment, audit: Audit, bar: Progress) -> EnvironmentReport:
    bar.step(one.root)
    return audit.environment(one, bar.step)


def _fixed(report: EnvironmentReport, audit: Audit, given: argparse.Namespace) -> bool:
    """Do what can be done about one environment, and say so; whether anything was changed."""
    from stockade.act.fixing.carry import carry_out, step_lines

    root, steps = report.environment.root, audit.steps(report)
    told = sys.stdout if given.format == "text" and given.output is None else sys.stderr
    for line in step_lines(steps, dry=given.dry_run):
        print(line, file=told)
    if given.dry_run:
        return False
    kept = carry_out(steps, root, folders.data_folder(os.environ) / "backups", audit.now)
    if kept is not None:
        print(f"what was there is in {shown(str(kept), limit=400)}", file=told)
    return kept is not None


def _environments(given: argparse.Namespace, path: Path | None, notes: list[str]) -> Iterator[Environment]:
    """What the command names; raises NotFound, and NothingInspected where that is no environment."""
    if given.all:
        yield from find(given.root or [Path.home()], Path.home(), os.environ, note=notes.append)
        return
    if path is None:
        found = project_environment(Path.cwd(), os.environ, note=notes.append)
        missing = "there is no environment here: no .venv, and none that the shell has activated"
    else:
        if not path.exists():
            raise NotFound(f"{path}: there is no such file or folder")
        found = environment_at(path, note=notes.append)
        missing = f"{path} is no environment, no project with one, and no folder of packages"
    if found is None:
        raise NothingInspected(missing)
    yield found


def _write(form: str, out: TextIO, report: AuditReport) -> None:
    if form == "text":
        out.write("\n".join(audit_lines(report, look_of(out, os.environ))).lstrip("\n") + "\n")
    elif form == "json":
        out.write(audit_document(report))
    elif form == "sarif":
        from stockade.act.report.audit_sarif import audit_sarif

        out.write(audit_sarif(report, descriptions=common.descriptions()))
    elif form == "cyclonedx":
        from stockade.act.report.cyclonedx import cyclonedx_document

        out.write(cyclonedx_document(report, boms(report)))
    else:
        from stockade.act.report.audit_html import audit_page

        out.write(audit_page(report))
