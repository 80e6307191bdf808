"""The part of ``stockade who`` that asks the index."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime

from stockade import limits
from stockade.acquire.attestations import Attestations, installed
from stockade.acquire.index.listing import files_of
from stockade.acquire.index.parallel import in_parallel
from stockade.acquire.index.settings import IndexFlags
from stockade.acquire.reference import repositories
from stockade.act.report.who_history import Found
from stockade.analyse.identity import publisher
from stockade.analyse.identity.history import Standing, remarks
from stockade.analyse.identity.names import Names
from stockade.analyse.standing import remarked
from stockade.cli import common
from stockade.cli.copied import copied
from stockade.cli.provenance import Asked, kind_of, signed_of, verifier
from stockade.cli.world import World, open_world
from stockade.decide.policy import Policy
from stockade.errors import IndexUnavailable, ProjectNotFound
from stockade.model.assessment import Findings
from stockade.model.identity import Attested, ProjectHistory
from stockade.model.project import ProjectName, Release
from stockade.pipeline import NO_BYTES

#: Why attestations are not looked at, where nothing but that is wrong.
_UNCHECKED = "that takes the extra stockade[provenance]"


def looked_up(names: Sequence[ProjectName], given: argparse.Namespace, table: Names) -> list[Found]:
    """What the index says of each name, several asked at once."""
    policy = common.rules(None).policy
    verifies = verifier(policy)
    with open_world(given, IndexFlags(), datetime.now(UTC), policy) as world:

        def one(place: int) -> tuple[int, Found]:
            return place, _one(names[place], world, policy, table, verifies)

        done = dict(in_parallel(one, range(len(names)), limits.MAX_CONNECTIONS))
        common.aside(common.once(world.sayings))
    return [done[place] for place in range(len(names))]


def _one(
    name: ProjectName, world: World, policy: Policy, table: Names, verifies: Attestations | None
) -> Found:
    """What the index says of one name; that it cannot be asked is an answer too."""
    try:
        history = world.histories.of(name)
    except ProjectNotFound:
        return Found(exists=False)
    except IndexUnavailable as why:
        return Found(exists=None, why=str(why))
    version = history.releases[-1].version if history.releases else ""
    facts: tuple[object, ...] = remarks(
        Standing(history=history, version=version, repositories=repositories())
    )
    attested, more = _attested(Release(name=name, version=version), history, world, verifies)
    nothing = Findings(sha256=NO_BYTES, project=name, version=version)
    return Found(
        exists=True,
        history=history,
        remarks=remarked(nothing, (*facts, *copied(history, world, policy, table), *more)).evidence,
        attested=attested,
        unchecked=_UNCHECKED if verifies is None and not installed() else "policy does not want it",
    )


def _attested(
    release: Release, history: ProjectHistory, world: World, verifies: Attestations | None
) -> tuple[Attested | None, tuple[object, ...]]:
    """What came of the attestations of one file of a release, and what is worth a remark in it."""
    files = files_of(world.dated.listing(release.name), release.version)
    ref = next((one for one in files if one.provenance is not None), None)
    if verifies is None or ref is None:
        return None, ()
    found = world.provenances.of(ref, verifies)
    own = () if found is None else (found,)
    asked = Asked(world, verifies, ref.index)
    return found, publisher.remarks(signed_of(release, kind_of(ref.filename), own, history, asked))
