"""``stockade scan``: archives and folders on this machine. No network, ever."""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path
from typing import TextIO

from stockade.acquire.sources.local import local_targets
from stockade.act.report.json import ndjson_line
from stockade.act.report.progress import progress
from stockade.act.report.sarif import sarif_document
from stockade.act.report.text import TextReport
from stockade.act.report.types import ArtifactReport
from stockade.cli import common
from stockade.errors import NothingInspected
from stockade.model.decision import Exit
from stockade.model.evidence import Gap
from stockade.pipeline import NO_BYTES, Judged, scan


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("path", nargs="+", type=Path, help="a wheel, an sdist, or a folder")
    parser.add_argument(
        "--closure",
        action="store_true",
        help="the archives are installed together: follow secrets from one into another",
    )
    parser.add_argument("--format", choices=("text", "ndjson", "sarif"), default="text", help="default: text")
    common.explain_argument(parser)
    common.judging_arguments(parser)


def run(given: argparse.Namespace) -> Exit:
    """Judge each artifact and print it as soon as it is done."""
    use = common.rules(given.policy)
    notes: list[str] = []
    judged: list[Judged] = []
    with (
        common.road(given, use, notes) as road,
        tempfile.TemporaryDirectory(prefix="stockade-") as work,
        common.destination(given) as out,
    ):
        writer = _WRITERS[given.format](out)
        with progress("scanning", os.environ) as bar:
            for one in scan(local_targets(given.path, Path(work)), road, closure=given.closure):
                if isinstance(one, Gap):
                    notes.append(f"{one.what}: {one.why}")
                    continue
                judged.append(one)
                if one.subject.sha256 != NO_BYTES:
                    bar.step(one.label)
                    with bar.aside():
                        writer.artifact(common.report_of(one, use, road.model, explained=given.explain))
        # What could not be read comes last, unless there is nothing else: then that is the whole answer.
        unread = [one for one in judged if one.subject.sha256 == NO_BYTES]
        if unread == judged:
            raise NothingInspected(_nothing(judged))
        for one in unread:
            writer.artifact(common.report_of(one, use, road.model, explained=given.explain))
        writer.end(common.once(notes), str(use.policy.mode))
    return common.settle(judged, use.policy, ask=common.at_terminal(given))


def _nothing(judged: list[Judged]) -> str:
    gaps = [gap for one in judged for gap in one.findings.gaps]
    return (
        "; ".join(f"{gap.what}: {gap.why}" for gap in gaps)
        or "there is no archive and no Python source there"
    )


class _Text:
    """For people."""

    def __init__(self, out: TextIO) -> None:
        self._text = TextReport(out, os.environ)
        self._seen: list[ArtifactReport] = []

    def artifact(self, report: ArtifactReport) -> None:
        self._seen.append(report)
        self._text.artifact(report)

    def end(self, notes: tuple[str, ...], mode: str) -> None:
        self._text.summary(self._seen, mode=mode)
        self._text.notes(notes)


class _Lines:
    """One JSON object a line, flushed as each artifact is done."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def artifact(self, report: ArtifactReport) -> None:
        self._out.write(ndjson_line(report))
        self._out.flush()

    def end(self, notes: tuple[str, ...], mode: str) -> None:
        common.aside(notes)


class _Sarif:
    """One document at the end."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._seen: list[ArtifactReport] = []

    def artifact(self, report: ArtifactReport) -> None:
        self._seen.append(report)

    def end(self, notes: tuple[str, ...], mode: str) -> None:
        self._out.write(sarif_document(self._seen, descriptions=common.descriptions()))
        common.aside(notes)


_WRITERS: dict[str, type[_Text | _Lines | _Sarif]] = {
    "text": _Text,
    "ndjson": _Lines,
    "sarif": _Sarif,
}
