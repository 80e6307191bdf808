"""``stockade detonate``: run what is suspicious where it can take nothing, and see what it tries."""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from stockade.acquire.resolve import own_target
from stockade.acquire.sources.local import local_targets
from stockade.acquire.sources.requirements import asked_for
from stockade.act.report.observed import Carried, DetonationReport
from stockade.act.report.progress import progress
from stockade.analyse.observed import Observed
from stockade.cli import common
from stockade.cli.permitted import permitted
from stockade.cli.told import tell
from stockade.cli.world import open_world
from stockade.errors import NothingInspected
from stockade.model.artifact import Artifact
from stockade.model.decision import Exit
from stockade.model.evidence import Gap
from stockade.model.observation import Observation
from stockade.pipeline import Judged, Road, detonated, scan


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("target", help="a wheel, an sdist, a folder, or a requirement: NAME, 'NAME==1.2'")
    parser.add_argument("--yes-run-it", action="store_true", help="run it: without this nothing is ever run")
    parser.add_argument(
        "--beside",
        nargs="+",
        action="extend",
        type=Path,
        default=[],
        metavar="WHEEL",
        help="wheels that are installed with it as they are, unjudged: what it needs and no index has",
    )
    parser.add_argument(
        "--only-seen",
        action="store_true",
        help="judge by what is seen of it alone; static analysis plays no part",
    )
    common.index_arguments(parser)
    parser.add_argument("--format", choices=("text", "json", "html"), default="text", help="default: text")
    common.explain_argument(parser)
    common.judging_arguments(parser)


def run(given: argparse.Namespace) -> Exit:
    """Judge it as `scan` or `check` would, run it, judge it again, print, and end as the policy says."""
    permitted(given)
    use = common.rules(given.policy)
    notes: list[str] = []
    with (
        common.destination(given) as out,
        common.road(given, use, notes) as road,
        tempfile.TemporaryDirectory(prefix="stockade-") as work,
    ):
        (judged, seen), observation = _detonated(given, use, road, Path(work), notes)
        report = DetonationReport(
            artifact=common.report_of(judged, use, road.model, explained=given.explain),
            observation=observation,
            carried=tuple(
                Carried(exchange=one.exchange, decoy=one.decoy, how=one.how) for one in seen.carried
            ),
            policy=use.policy.source,
            mode=use.policy.mode.value,
            notes=common.once(notes),
        )
        tell(given.format, out, report)
    return common.settle([judged], use.policy, ask=common.at_terminal(given))


def _detonated(
    given: argparse.Namespace, use: common.Rules, road: Road, work: Path, notes: list[str]
) -> tuple[tuple[Judged, Observed], Observation]:
    """What it is judged to be with what was seen of it, and that; raises NothingInspected where it cannot be had."""
    # Here: what they bring may not be installed.
    from stockade.cli.detonating import observe
    from stockade.cli.supplying import Supplies

    beside = _artifacts(given.beside, work)
    local = os.path.exists(given.target)
    asked = asked_for([] if local else [given.target], env=os.environ, folder=Path.cwd())
    with (
        open_world(given, asked.flags, road.now, use.policy) as world,
        progress("detonating", os.environ) as bar,
    ):
        supplies = Supplies(given, world, road, own_target(), beside)
        if local:
            (artifact,) = _artifacts([given.target], work)
            (judged,) = (one for one in scan([artifact], road) if isinstance(one, Judged))
        else:
            artifact, judged = supplies.sought(asked)
        observation = observe(artifact, supplies, bar.say)
        notes += [*world.index.notes, *world.sayings]
    return detonated(judged, observation, road, alone=given.only_seen), observation


def _artifacts(paths: Sequence[Path], work: Path) -> list[Artifact]:
    """The archives at `paths`, one each."""
    found = []
    for path in paths:
        made = list(local_targets([path], work))
        gap = next((one for one in made if isinstance(one, Gap)), None)
        if gap is not None or len(made) != 1:
            raise NothingInspected(f"{path}: {gap.why if gap else 'it holds more than one archive'}")
        found += [one for one in made if isinstance(one, Artifact)]
    return found
