"""What several commands share: their options, the rules of a run, and how it ends."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TextIO

from stockade import limits
from stockade.acquire.malicious import malicious
from stockade.acquire.reference import weights
from stockade.act.advised import Advised
from stockade.act.report.types import ArtifactReport, artifact_report
from stockade.analyse.judge import Model, contributions, explain, parse_model
from stockade.analyse.options import Options
from stockade.cli.known import names, reference
from stockade.decide.decide import accepted, exit_for, how_to_allow
from stockade.decide.policy import Condition, Mode, Policy
from stockade.decide.policyfile import parse_policy
from stockade.decide.waivers import Waiver, parse_waivers
from stockade.errors import BadPolicy, NoPolicy, UsageError
from stockade.model.decision import Allow, Ask, Decision, Exit, Undetermined
from stockade.model.evidence import Gap, GapKind
from stockade.pipeline import NO_BYTES, Judged, NoAdvisories, Road
from stockade.remember import folders, waivers
from stockade.remember.cache import FactCache
from stockade.remember.feeds import Feeds
from stockade.workers import Analyser, confined, fingerprint, missing


def judging_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of every command that judges."""
    parser.add_argument(
        "--policy", type=Path, metavar="FILE", help="the policy to apply, instead of the one found"
    )
    parser.add_argument(
        "--evidence",
        choices=("all", "code"),
        default="all",
        help="code: names, identity, age and status on the index play no part",
    )
    parser.add_argument("--offline", action="store_true", help="no network at all")
    parser.add_argument(
        "--jobs", type=jobs, metavar="N", help="analyse N artifacts at a time (default: one a core)"
    )
    parser.add_argument(
        "--reference",
        metavar="FILE",
        help="known projects to compare with (default: what `stockade reference build` made, else the SDKs that"
        " ship); none: no comparison",
    )
    parser.set_defaults(leave_out=False)
    parser.add_argument("--no-cache", action="store_true", help="analyse anew what was analysed before")
    parser.add_argument(
        "--output", type=Path, metavar="FILE", help="write the report there instead of standard output"
    )


def index_arguments(parser: argparse.ArgumentParser) -> None:
    """Options that say which index to ask."""
    parser.add_argument(
        "--installer", choices=("auto", "pip", "uv"), default="auto", help="whose configuration to use"
    )
    parser.add_argument("--index-url", metavar="URL", help="this index instead of the configured one")
    parser.add_argument("--extra-index-url", action="append", default=[], metavar="URL", help="and this one")


def explain_argument(parser: argparse.ArgumentParser) -> None:
    """The option of the commands that print one report an artifact."""
    parser.add_argument(
        "--explain", action="store_true", help="print what each detector adds to a score, in log-odds"
    )


def jobs(text: str) -> int:
    """A number of workers, for argparse."""
    number = int(text) if text.isdecimal() else 0
    if not 1 <= number <= limits.MAX_JOBS:
        raise argparse.ArgumentTypeError(f"a number from 1 to {limits.MAX_JOBS}")
    return number


def count(text: str) -> int:
    """A whole number above zero, for argparse."""
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError("a whole number above zero")
    return int(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The policy in force with its waivers, and where both were found."""

    policy: Policy
    file: folders.PolicyFile | None
    waivers: tuple[Waiver, ...]
    waivers_path: Path
    options: Options


def rules(named: Path | None) -> Rules:
    """Find and read policy, waivers and YARA rules; raises BadPolicy."""
    found = folders.find_policy(Path.cwd(), os.environ, named=named)
    policy = Policy()
    if found is not None:
        ids = list(descriptions()) if "detectors" in found.text else None
        policy = parse_policy(found.text, source=str(found.path), table=found.table, detectors=ids)
    path = folders.waivers_path(found, os.environ)
    return Rules(
        policy=policy,
        file=found,
        waivers=parse_waivers(waivers.read(path), source=str(path)),
        waivers_path=path,
        options=Options(rules=_yara(policy, found)),
    )


def _yara(policy: Policy, found: folders.PolicyFile | None) -> tuple[str, ...]:
    base = found.path.parent if found else Path.cwd()
    texts = []
    for name in policy.yara_rules:
        try:
            with (base / name).open(encoding="utf-8") as file:
                text = file.read(limits.MAX_POLICY + 1)
        except FileNotFoundError:
            raise NoPolicy(
                f"the policy names YARA rules in {base / name}, and there is no such file"
            ) from None
        except (OSError, UnicodeDecodeError) as why:
            raise BadPolicy(f"{base / name} cannot be read as text: {why}") from None
        if len(text) > limits.MAX_POLICY:
            raise BadPolicy(f"{base / name} is larger than {limits.MAX_POLICY} bytes")
        _compiled(text, base / name)
        texts.append(text)
    return tuple(texts)


def _compiled(text: str, path: Path) -> None:
    """Raises BadPolicy where `text` is no YARA, so that a person hears of it before anything is judged."""
    import yara_x

    try:
        yara_x.compile(text)
    except yara_x.CompileError as why:
        reason = str(why).partition("\n")[0].partition(": ")[2]  # after the library's own error number
        raise BadPolicy(f"{path} is not valid YARA: {reason or 'it cannot be compiled'}") from None


class _Forgets:
    """No cache: --no-cache, and measurements."""

    def get(self, sha256: str, filename: str) -> None:
        return None

    def put(self, findings: object, filename: str) -> None:
        return None


@contextmanager
def road(given: argparse.Namespace, use: Rules, notes: list[str], *, waits: bool = True) -> Iterator[Road]:
    """The road, open: workers are forked before anything else is read, so that they hold nothing of ours.

    Unless it `waits` for the analyser to start, whoever first asks for the conditions of the road does.
    """
    model = parse_model(weights())
    found = reference(given.reference, notes)
    known = found.reference if found else None
    options = replace(use.options, reference=known.digest if known else "", leave_out=given.leave_out)
    with confined(jobs=given.jobs, options=options, reference=known) as analyser:
        cache = None
        if not given.no_cache:
            folder = folders.cache_folder(os.environ)
            cache = FactCache(folder, fingerprint(options), note=notes.append)
        conditions = unconfined(analyser, notes)
        if waits:
            conditions()
        feeds = Feeds(folders.feeds_folder(os.environ), note=notes.append)
        advisories = Advised(feeds) if given.evidence != "code" else NoAdvisories()
        try:
            now = datetime.now(UTC)
            notes += [told] if (told := advisories.stale(use.policy, now)) else []
            yield Road(
                analyser=analyser,
                facts=cache or _Forgets(),
                model=model,
                policy=use.policy,
                waivers=use.waivers,
                now=now,
                conditions=conditions,
                code_only=given.evidence == "code",
                names=names(notes) if given.evidence != "code" else None,
                malicious=malicious,
                advisories=advisories,
            )
        finally:
            feeds.close()
            if cache is not None:
                cache.close()


def unconfined(analyser: Analyser, notes: list[str]) -> Callable[[], frozenset[Condition]]:
    """Gives the condition of an analyser that lacks a wall, which `notes` are told once; raises WorkerFailed."""

    @cache
    def conditions() -> frozenset[Condition]:
        down = missing(analyser.walls)
        notes.extend(f"the analyser ran without the wall {wall.name}: {wall.why}" for wall in down)
        return frozenset({Condition.UNCONFINED}) if down else frozenset()

    return conditions


def report_of(judged: Judged, use: Rules, model: Model, *, explained: bool = False) -> ArtifactReport:
    """What reports say of one artifact; with its score taken apart if that is asked for."""
    subject = judged.subject
    unfetched = subject.sha256 == NO_BYTES
    return artifact_report(
        judged.assessment,
        judged.decision,
        artifact=judged.label,
        sha256="" if unfetched else subject.sha256,
        project=subject.project,
        version=subject.version,
        seconds=judged.findings.seconds,
        waive="" if unfetched else how_to_allow(subject.project, subject.version, subject.sha256, use.policy),
        weights=contributions(judged.assessment.evidence, model),
        explanation=explain(judged.assessment.evidence, model) if explained else None,
    )


def settle(judged: Iterable[Judged], policy: Policy, *, ask: bool, gaps: Iterable[Gap] = ()) -> Exit:
    """The exit code; on a terminal (`ask`) a person is asked about each artifact that waits for one.

    `gaps` are those of the whole run: one that is a limit (a requirement that could not be judged) leaves it
    undetermined, unless policy accepts it.
    """
    decisions = [_asked(one) if ask and policy.mode is Mode.ENFORCE else one.decision for one in judged]
    unseen = [gap for gap in gaps if gap.kind is GapKind.LIMIT and not accepted(gap, policy)]
    decisions += [Undetermined((gap.why,)) for gap in unseen]
    return exit_for(decisions, policy)


def _asked(one: Judged) -> Decision:
    if not isinstance(one.decision, Ask):
        return one.decision
    from stockade.act.report.shown import shown

    print(f"Allow {shown(one.label)} this time? [y/N] ", end="", file=sys.stderr, flush=True)
    said = sys.stdin.readline().strip().lower()
    return Allow(("a person allowed it at the terminal",)) if said in {"y", "yes"} else one.decision


def at_terminal(given: argparse.Namespace) -> bool:
    """Whether there is a person to ask: text on a terminal, in and out."""
    return given.format == "text" and given.output is None and sys.stdin.isatty() and sys.stdout.isatty()


@contextmanager
def destination(given: argparse.Namespace) -> Iterator[TextIO]:
    """Standard output, or the file of --output, which appears whole or not at all.

    What is there already and is no plain file (a pipe, a device) is written to as it is. Raises UsageError where
    nothing can be written.
    """
    if given.output is None:
        yield sys.stdout
        return
    target = Path(os.path.realpath(given.output))  # a link stays one
    if target.exists() and not target.is_file():
        if target.is_dir():
            raise UsageError(f"--output {given.output} is a folder; name a file in it")
        with target.open("w", encoding="utf-8") as file:
            yield file
        return
    try:
        handle, partial = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    except OSError as why:
        raise UsageError(f"--output {given.output} cannot be written: {why.strerror}") from None
    try:
        with open(handle, "w", encoding="utf-8") as file:
            yield file
        Path(partial).chmod(target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask())
        Path(partial).replace(target)
    finally:
        Path(partial).unlink(missing_ok=True)


def _umask() -> int:
    """The process's umask, which can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def descriptions() -> dict[str, str]:
    """Detector id -> its summary line. Imports the analyser, which the parent process seldom needs."""
    from stockade.analyse.engine import DETECTORS

    return {one.id: one.doc.strip().partition("\n")[0] for one in DETECTORS}


def once(notes: Iterable[str]) -> tuple[str, ...]:
    """`notes` in order, each once."""
    return tuple(dict.fromkeys(notes))


def aside(notes: Iterable[str]) -> None:
    """What a person should hear while a program reads the report."""
    from stockade.act.report.shown import shown

    for note in notes:
        print(f"stockade: {shown(note)}", file=sys.stderr)
