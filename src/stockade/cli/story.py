"""What a command that ran behind the gate is told at its end: what was refused, why, and how to go on."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from typing import TextIO

from stockade.act.gate.record import Event, Remembered
from stockade.act.report.json import check_document
from stockade.act.report.shown import shown
from stockade.act.report.text import TextReport
from stockade.act.report.types import ArtifactReport, CheckReport, release_report
from stockade.cli import common
from stockade.cli.world import World
from stockade.decide.policy import Mode
from stockade.model.decision import Allow, Exit
from stockade.model.evidence import Gap, GapKind
from stockade.model.project import Release
from stockade.pipeline import Road


def told(
    given: argparse.Namespace,
    words: Sequence[str],
    use: common.Rules,
    road: Road,
    world: World,
    recorder: Remembered,
    left_out: Sequence[str],
    code: int,
    notes: list[str],
) -> Exit | int:
    """Tell the story on standard error, or where --output says; gives the command's exit code if all went out."""
    # Where the policy only watches, what it would refuse goes out, and is told all the same.
    watched = [event for event in recorder.deliveries if not isinstance(event.verdict.decision, Allow)]
    refused = {event.ref.url: event for event in (*recorder.refusals, *watched)}
    allowed = len({event.ref.url for event in recorder.deliveries})
    if not refused:
        _line(f"{allowed} {'file' if allowed == 1 else 'files'} judged and let through")
        _lines(left_out)
        return code
    report = _report(words, use, road, world, list(refused.values()), notes)
    if given.output is None:
        _write(sys.stderr, given.format, report)
    else:
        with common.destination(given) as out:
            _write(out, given.format, report)
    _lines(left_out)
    judged = [event.verdict.judged for event in refused.values() if event.verdict.judged]
    exit_code = common.settle(judged, use.policy, ask=False, gaps=report.gaps)
    return exit_code if use.policy.mode is Mode.ENFORCE else code


def _report(
    words: Sequence[str], use: common.Rules, road: Road, world: World, events: list[Event], notes: list[str]
) -> CheckReport:
    files: dict[Release, dict[str, ArtifactReport]] = {}
    direct: set[Release] = set()
    gaps = []
    for event in events:
        judged = event.verdict.judged
        if judged is None:
            why = event.verdict.decision.reasons[0]
            gaps.append(Gap(kind=GapKind.LIMIT, what=event.ref.filename, why=why))
            continue
        release = event.verdict.way[-1] if event.verdict.way else event.ref.release
        files.setdefault(release, {})[judged.label] = common.report_of(judged, use, road.model)
        if not event.verdict.way:
            direct.add(release)
    releases = tuple(
        release_report(
            release.name, release.version, tuple(reports.values()), direct=release in direct, attested=None
        )
        for release, reports in files.items()
    )
    return CheckReport(
        requested=tuple(words),
        releases=releases,
        at=road.now,
        policy=use.policy.source,
        index=world.label,
        mode=use.policy.mode.value,
        gaps=tuple(gaps),
        notes=common.once([*world.index.notes, *world.sayings, *notes]),
        walls=tuple(wall.name for wall in road.analyser.walls if wall.up),
    )


def _write(out: TextIO, form: str, report: CheckReport) -> None:
    if form == "json":
        out.write(check_document(report))
    else:
        TextReport(out, os.environ).check(report)


def _lines(texts: Iterable[str]) -> None:
    for text in texts:
        _line(text)


def _line(text: str) -> None:
    print(f"stockade: {shown(text, limit=400)}", file=sys.stderr)
