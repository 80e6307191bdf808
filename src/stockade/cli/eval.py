"""``stockade eval``: recall, false alarms and speed on labelled archives. The archives are only ever read."""

from __future__ import annotations

import argparse
import csv
import json
import os
import resource
import time
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from stockade.acquire.sources.local import local_targets
from stockade.act.report.evaluation import Case, summary
from stockade.act.report.progress import progress
from stockade.analyse.judge import features, places
from stockade.cli import common
from stockade.errors import NotFound, NothingInspected, UsageError
from stockade.model.decision import Exit, action
from stockade.pipeline import Judged, scan

_KIB = 1024
_SUFFIXES = frozenset({".whl", ".gz", ".zip", ".bz2", ".xz", ".tgz", ".egg"})


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument(
        "--malicious",
        type=Path,
        action="append",
        default=[],
        metavar="DIR",
        help="index.csv in it may name clusters",
    )
    parser.add_argument(
        "--benign", type=Path, action="append", default=[], metavar="DIR", help="may be given again"
    )
    parser.add_argument(
        "--list", choices=("missed", "alarms"), help="list the archives that were missed or alarmed on"
    )
    parser.add_argument(
        "--cases", type=Path, metavar="FILE", help="write what came of each archive, a JSON object a line"
    )
    parser.add_argument(
        "--labels",
        type=Path,
        metavar="FILE",
        help="labels believed wrong (bench/labels.toml): figures are given without them too",
    )
    common.judging_arguments(parser)
    parser.set_defaults(format="text", leave_out=True)


def run(given: argparse.Namespace) -> Exit:
    """Judge every archive of both sides and print the figures."""
    use = common.rules(given.policy)
    doubted = doubts(given.labels) if given.labels else None
    notes: list[str] = []
    started = time.perf_counter()
    labels = {str(one.path): one for one in labelled(given.malicious, given.benign)}
    if not labels:
        raise NothingInspected("there are no archives in these folders")
    cases: list[Case] = []
    with common.road(given, use, notes) as road, progress("measuring", os.environ) as bar:
        bar.total(len(labels))
        for one in scan(local_targets([label.path for label in labels.values()], Path()), road):
            if isinstance(one, Judged):
                bar.step(one.label)
                cases.append(_case(one, labels.pop(one.label)))
    # What was not even taken for an archive counts against us like any other error.
    cases += [lost(label) for label in labels.values()]
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * _KIB
    with common.destination(given) as out:
        wall = time.perf_counter() - started
        out.write(summary(cases, peak_bytes=peak, wall=wall, doubted=doubted))
        for case in sorted(cases, key=lambda case: (-case.score, case.path)):
            if given.list == "missed" and case.malicious and case.action != "block":
                out.write(f"{case.score:.3f} {case.cluster} {case.path} {' '.join(sorted(case.detectors))}\n")
            if given.list == "alarms" and not case.malicious and case.action != "allow":
                out.write(f"{case.score:.3f} {case.action} {case.path} {' '.join(sorted(case.detectors))}\n")
    if given.cases is not None:
        given.cases.parent.mkdir(parents=True, exist_ok=True)
        given.cases.write_text("".join(json.dumps(asdict(case)) + "\n" for case in cases), encoding="utf-8")
    common.aside(common.once(notes))
    return Exit.ALLOWED


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """One archive of a labelled corpus, not looked at yet."""

    path: Path
    malicious: bool
    cluster: str
    listed: str


def labelled(malicious: Sequence[Path], benign: Sequence[Path]) -> Iterator[Label]:
    """Every archive below the folders, with its cluster and day of listing where an index.csv gives them."""
    for folder in malicious:
        known = _index(folder)
        for path in archives_of(folder):
            cluster, listed = known.get(path.relative_to(folder).as_posix(), (path.name, ""))
            yield Label(path=path, malicious=True, cluster=cluster, listed=listed)
    for folder in benign:
        for path in archives_of(folder):
            yield Label(path=path, malicious=False, cluster=path.name, listed="")


def doubts(path: Path) -> Callable[[Case], bool]:
    """Whether `path` (TOML: tables ``clusters`` and ``archives``, each name with the reason) doubts a case's label."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        clusters, archives = frozenset(table["clusters"]), tuple(map(str, table["archives"]))
    except OSError as why:
        raise NotFound(f"{path} cannot be read: {why.strerror}") from None
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as why:
        raise UsageError(f"{path} is no list of labels: {why}") from None
    return lambda case: case.malicious and (case.cluster in clusters or case.path.endswith(archives))


def archives_of(folder: Path) -> list[Path]:
    """The archives below a folder, in order."""
    if not folder.is_dir():
        raise NotFound(f"there is no folder {folder}")
    return sorted(path for path in folder.rglob("*") if path.suffix in _SUFFIXES and path.is_file())


def _index(folder: Path) -> dict[str, tuple[str, str]]:
    try:
        with (folder / "index.csv").open(newline="", encoding="utf-8") as file:
            return {row["file"]: (row["cluster"], row["listed"]) for row in csv.DictReader(file)}
    except FileNotFoundError:
        return {}


def lost(label: Label) -> Case:
    """The case of an archive of which nothing came: undetermined."""
    return Case(
        path=str(label.path),
        malicious=label.malicious,
        cluster=label.cluster,
        listed=label.listed,
        action="undetermined",
        score=0.0,
        features=(),
        size=label.path.stat().st_size,
    )


def _case(one: Judged, label: Label) -> Case:
    return Case(
        path=str(label.path),
        malicious=label.malicious,
        cluster=label.cluster,
        listed=label.listed,
        action=action(one.decision),
        score=one.assessment.score,
        features=tuple(sorted(features(one.assessment.evidence))),
        size=label.path.stat().st_size,
        source_bytes=one.findings.source_bytes,
        parsed_bytes=one.findings.parsed_bytes,
        seconds=one.findings.seconds,
        places=tuple(tuple(sorted(seen)) for _, seen in sorted(places(one.assessment.evidence).items())),
    )
