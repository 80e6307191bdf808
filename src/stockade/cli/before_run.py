"""What ``stockade run`` settles before the command starts, and what it asks a person afterwards."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from stockade.acquire.sources.local import local_targets
from stockade.act.gate.book import Verdict
from stockade.act.gate.record import Event, Remembered
from stockade.act.report.shown import shown
from stockade.cli import common
from stockade.cli.keeping import say
from stockade.decide.policy import Mode
from stockade.decide.waivers import Waiver
from stockade.errors import UsageError
from stockade.model.decision import Allow, Ask, Undetermined
from stockade.model.project import ArtifactRef, ProjectName, Release
from stockade.pipeline import NO_BYTES, Judged, Road, scan
from stockade.workers import fingerprint

if TYPE_CHECKING:
    from stockade.act.gate.roads import Roads
    from stockade.cli.gateway import Now

#: How long what a person allows at the terminal stays allowed; the command runs again at once.
_THIS_TIME = timedelta(hours=1)


def closed(known: Roads, despite: bool) -> None:
    """Raises UsageError where the command can take files past the gate, unless a person said that it may."""
    for note in known.notes:
        say(note)
    if not known.sentences:
        return
    if not despite:
        told = "; ".join(known.sentences)
        raise UsageError(f"not started, for it could install past the gate: {told} (or say --open-roads)")
    for one in known.sentences:
        say(f"open road: {one}")


def cache_stamp(condemned: str, use: common.Rules, now: datetime) -> str:
    """A text that changes with anything that could refuse a file which an installer keeps since it was allowed.

    A lock with digests is installed from a cache without asking anybody: what is there must be allowed still.
    """
    waivers = sorted(f"{one.sha256} {one.project} {one.version}" for one in use.waivers if one.expires > now)
    rules = (use.file.text if use.file else "", *waivers, fingerprint(use.options), condemned)
    return "\0".join(rules)


def local_files_pass(known: Roads, road: Road, recorder: Remembered) -> bool:
    """Whether every file of this machine that the command may install is allowed; refusals are recorded."""
    if not known.local:
        return True
    with TemporaryDirectory(prefix="stockade-") as folder:
        for one in scan(local_targets(known.local, Path(folder)), road):
            if isinstance(one, Judged) and not isinstance(one.decision, Allow):
                recorder.refused(_local(one, enforced=road.policy.mode is Mode.ENFORCE))
    return all(event.verdict.passes for event in recorder.refusals)


def _local(one: Judged, *, enforced: bool) -> Event:
    name, version = one.subject.project or "unnamed", one.subject.version or "0"
    ref = ArtifactRef(
        release=Release(name=ProjectName(name), version=version),
        filename=one.subject.filename,
        url=f"file:{one.label}",
        index="",
    )
    verdict = Verdict(one.decision, judged=one, enforced=enforced)
    sha256 = "" if one.subject.sha256 == NO_BYTES else one.subject.sha256
    return Event(at=datetime.now(UTC), client="", agent="", ref=ref, sha256=sha256, verdict=verdict)


def consented(given: argparse.Namespace, recorder: Remembered, use: common.Rules, now: Now) -> bool:
    """Whether a person at the terminal allows all that waits for one, this time; then it is worth another run."""
    waiting = [event for event in recorder.refusals if _asks(event)]
    if len(waiting) < len(recorder.refusals) or not _terminal(given) or not use.policy.waivers_allowed:
        return False
    if use.policy.mode is not Mode.ENFORCE:
        return False
    for judged in _each(waiting):
        first = judged.decision.reasons[0]
        print(
            f"{shown(judged.label)}: {shown(first)}. Allow it this time, and run the command again? [y/N] ",
            end="",
            file=sys.stderr,
            flush=True,
        )
        if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
            return False
        now.also(_waiver(judged))
    return True


def _asks(event: Event) -> bool:
    return isinstance(event.verdict.decision, Ask | Undetermined) and event.verdict.judged is not None


def _each(events: list[Event]) -> Iterator[Judged]:
    """What is asked about, each file once."""
    seen = set()
    for event in events:
        judged = event.verdict.judged
        if judged is not None and judged.subject not in seen:
            seen.add(judged.subject)
            yield judged


def _waiver(judged: Judged) -> Waiver:
    at = datetime.now(UTC)
    return Waiver(
        project=judged.subject.project,
        version=judged.subject.version,
        sha256=judged.subject.sha256,
        expires=at + _THIS_TIME,
        created=at,
        by=os.environ.get("USER", "a person"),
        because="allowed at the terminal, this time",
    )


def _terminal(given: argparse.Namespace) -> bool:
    return given.format == "text" and given.output is None and sys.stdin.isatty() and sys.stderr.isatty()
