"""``stockade audit``: what is installed already, accounted for file by file, authorised, judged and advised."""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TextIO

from stockade.acquire.environments.find import environment_at, find, project_environment
from stockade.act.report.audit_html import audit_page
from stockade.act.report.audit_json import audit_document
from stockade.act.report.audit_sarif import audit_sarif
from stockade.act.report.audit_text import audit_lines
from stockade.act.report.audited import AuditReport, EnvironmentReport
from stockade.act.report.cyclonedx import cyclonedx_document
from stockade.act.report.look import look_of
from stockade.act.report.progress import Progress, progress
from stockade.cli import common
from stockade.cli.audited import Audit, boms
from stockade.cli.authorities import authority
from stockade.decide.decide import exit_for
from stockade.errors import NotFound, NothingInspected, UsageError
from stockade.model.decision import Allow, Ask, Block, Decision, Exit, Undetermined
from stockade.model.environment import Environment

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
        nargs="?",
        type=Path,
        help="an environment, a project's folder, or a folder of packages (default: this project's environment)",
    )
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
    parser.add_argument("--no-code", action="store_true", help="don't judge the code of what is installed")
    parser.add_argument("--format", choices=FORMATS, default="text", help="default: text")
    common.judging_arguments(parser)


def run(given: argparse.Namespace) -> Exit:
    """Find, account, authorise, judge, print, and end as the policy says."""
    if given.all and given.path is not None:
        raise UsageError("--all looks at every environment, and PATH names one; give either")
    if given.root and not given.all:
        raise UsageError("--root says where --all looks; give --all too")
    use = common.rules(given.policy)
    authorities = tuple(authority(path, os.environ) for path in given.against)
    notes: list[str] = []
    with ExitStack() as stack:
        out = stack.enter_context(common.destination(given))
        road = None if given.no_code else stack.enter_context(common.road(given, use, notes))
        work = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="stockade-")))
        bar = stack.enter_context(progress("auditing", os.environ))
        audit = Audit(use=use, authorities=authorities, road=road, work=work, environ=os.environ)
        found = [_audited(one, audit, bar) for one in _environments(given, notes)]
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


def _audited(one: Environment, audit: Audit, bar: Progress) -> EnvironmentReport:
    bar.step(one.root)
    return audit.environment(one, bar.step)


def _environments(given: argparse.Namespace, notes: list[str]) -> Iterator[Environment]:
    """What the command names; raises NotFound, and NothingInspected where that is no environment."""
    if given.all:
        yield from find(given.root or [Path.home()], Path.home(), os.environ, note=notes.append)
        return
    if given.path is None:
        found = project_environment(Path.cwd(), os.environ, note=notes.append)
        missing = "there is no environment here: no .venv, and none that the shell has activated"
    else:
        if not given.path.exists():
            raise NotFound(f"{given.path}: there is no such file or folder")
        found = environment_at(given.path, note=notes.append)
        missing = f"{given.path} is no environment, no project with one, and no folder of packages"
    if found is None:
        raise NothingInspected(missing)
    yield found


def _write(form: str, out: TextIO, report: AuditReport) -> None:
    if form == "text":
        out.write("\n".join(audit_lines(report, look_of(out, os.environ))).lstrip("\n") + "\n")
    elif form == "json":
        out.write(audit_document(report))
    elif form == "sarif":
        out.write(audit_sarif(report, descriptions=common.descriptions()))
    elif form == "cyclonedx":
        out.write(cyclonedx_document(report, boms(report)))
    else:
        out.write(audit_page(report))
