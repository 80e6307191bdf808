"""The part of ``stockade who`` that asks the index."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime

from stockade import limits
from stockade.acquire.index.parallel import in_parallel
from stockade.acquire.index.settings import IndexFlags
from stockade.acquire.reference import repositories
from stockade.act.report.who_history import Found
from stockade.analyse.identity.history import Standing, remarks
from stockade.analyse.standing import remarked
from stockade.cli import common
from stockade.cli.world import World, open_world
from stockade.errors import IndexUnavailable, ProjectNotFound
from stockade.model.assessment import Findings
from stockade.model.project import ProjectName
from stockade.pipeline import NO_BYTES


def looked_up(names: Sequence[ProjectName], given: argparse.Namespace) -> list[Found]:
    """What the index says of each name, several asked at once."""
    policy = common.rules(None).policy
    with open_world(given, IndexFlags(), datetime.now(UTC), policy) as world:

        def one(place: int) -> tuple[int, Found]:
            return place, _one(names[place], world)

        done = dict(in_parallel(one, range(len(names)), limits.MAX_CONNECTIONS))
        common.aside(common.once(world.sayings))
    return [done[place] for place in range(len(names))]


def _one(name: ProjectName, world: World) -> Found:
    """What the index says of one name; that it cannot be asked is an answer too."""
    try:
        history = world.histories.of(name)
    except ProjectNotFound:
        return Found(exists=False)
    except IndexUnavailable as why:
        return Found(exists=None, why=str(why))
    version = history.releases[-1].version if history.releases else ""
    facts = remarks(Standing(history=history, version=version, repositories=repositories()))
    nothing = Findings(sha256=NO_BYTES, project=name, version=version)
    return Found(exists=True, history=history, remarks=remarked(nothing, facts).evidence)
