"""What a check learns of the projects of a closure beside their bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from stockade.acquire.index.listing import outbids
from stockade.acquire.reference import repositories
from stockade.acquire.resolve import Closure
from stockade.analyse.identity.history import Standing, remarks
from stockade.cli.before import before
from stockade.cli.copied import copied
from stockade.cli.provenance import with_publishers
from stockade.cli.public import public_names
from stockade.cli.world import World
from stockade.decide.indexes import serving
from stockade.errors import ProjectNotFound
from stockade.model.identity import ProjectHistory
from stockade.model.project import ProjectName, Release, Resolved
from stockade.pipeline import Past, Road

#: A project that is brought in is asked about only while it is young: of an old one it tells little.
YOUNG = timedelta(days=180)


def known(closure: Closure, world: World, road: Road, fixes: Mapping[Release, str], compare: str) -> Past:
    """The past of every release that the index lists; with ``--evidence code`` nothing is asked.

    `compare` says which releases are compared with the one before (cli/before.py). A project's own JSON costs a
    request, so only those that were asked for by name, and young ones, are asked about.
    """
    if road.code_only:
        return Past()
    listed = [one for one in closure.releases if any(ref.index for ref in one.files)]
    direct = {one.release.name for one in listed if one.direct}

    def asks(history: ProjectHistory) -> bool:
        return history.project in direct or (history.age is not None and history.age < YOUNG)

    found = world.histories.several([one.release.name for one in listed], asks)
    owned = {name: owners for name, history in found.items() if (owners := _owners(history, world, road))}
    facts: dict[Release, tuple[object, ...]] = {}
    for one in listed:
        history = found.get(one.release.name)
        if history is not None:
            standing = Standing(
                history=history,
                version=one.release.version,
                owners_before=owned.get(history.project),
                repositories=repositories(),
            )
            alike = copied(history, world, road.policy, road.names)
            facts[one.release] = (*remarks(standing), *alike)
    return Past(
        histories=found,
        remarks=with_publishers(facts, listed, found, world, road.policy, road.now),
        fixes=fixes,
        outbids={one.release: other for one in listed if (other := _outbid(one, world))},
        public=_public(listed, road),
        before=before(closure, world, compare, road.now),
    )


def _outbid(one: Resolved, world: World) -> str:
    """The index that the one of a release outbids with its version."""
    indexes = {ref.index for ref in one.files}
    if len(indexes) != 1:
        return ""
    try:
        page = world.dated.listing(one.release.name)
    except ProjectNotFound:
        return ""  # it comes from an index that only an installer named
    return outbids(page, one.release.version, indexes.pop())


def _public(listed: Sequence[Resolved], road: Road) -> frozenset[ProjectName]:
    """Names of `listed` that policy keeps to an index of their own, and that public projects bear, too."""
    private = [one.release.name for one in listed if serving(road.policy, one.release.name)]
    if not private:
        return frozenset()
    snapshot = public_names(road.policy)
    table = road.names
    return frozenset(
        name for name in private if name in snapshot or (table is not None and table.rank(name) is not None)
    )


def _owners(history: ProjectHistory, world: World, road: Road) -> tuple[str, ...] | None:
    """Who owned the project when it was last seen here; notes who does now."""
    owners = history.claims.owners if history.claims else None
    name: ProjectName = history.project
    return world.ledger.owners(world.label, name, owners, road.now) if owners else None
