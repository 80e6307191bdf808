"""Where releases were, and when: what audits saw and what a gate gave out; inside somebody else's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import Connection, Select, and_, func, insert, select

from stockade.model.project import ProjectName, Release
from stockade.model.record import kept
from stockade.model.sighting import CommandRun, Sighting, SightingKind
from stockade.remember.durable.keys import name_key, path_key
from stockade.remember.durable.tables import deliveries, environments, installed, runs


def add_run(connection: Connection, one: CommandRun) -> None:
    """Write it down."""
    row = {
        "at": one.at,
        "run": name_key(one.run),
        "machine": name_key(one.machine),
        "command": kept(one.command),
        "folder": path_key(one.folder),
    }
    connection.execute(insert(runs), row)


def releases(connection: Connection, machine: str | None) -> frozenset[Release]:
    """Everything that was ever in an environment (of `machine` alone, where it is given), or that a gate gave out."""
    here = select(installed.c.project, installed.c.version).distinct()
    if machine is not None:
        here = here.join(environments).where(environments.c.machine == name_key(machine))
    given = select(deliveries.c.project, deliveries.c.version).distinct()
    rows = [*connection.execute(here), *connection.execute(given)]
    return frozenset(
        Release(name=ProjectName(row.project), version=row.version) for row in rows if row.project
    )


def sightings(
    connection: Connection, sought: Iterable[Release], machine: str | None = None
) -> Mapping[Release, tuple[Sighting, ...]]:
    """Where each of these releases was, and when: environments (of `machine` alone, where it is given), then whom a
    gate gave it to. Releases that were nowhere are left out."""
    found: dict[Release, tuple[Sighting, ...]] = {}
    for release in dict.fromkeys(sought):
        here = tuple(_in_environments(connection, release, machine))
        here += tuple(_delivered(connection, release))
        if here:
            found[release] = here
    return found


def _in_environments(connection: Connection, release: Release, machine: str | None) -> Iterator[Sighting]:
    about = environments.c
    asked = (
        select(installed, about.machine, about.root, about.kind, about.seen.label("looked"))
        .join(environments)
        .where(
            installed.c.project == name_key(release.name), installed.c.version == name_key(release.version)
        )
        .order_by(installed.c.id)
    )
    if machine is not None:
        asked = asked.where(environments.c.machine == name_key(machine))
    for row in connection.execute(asked):
        yield Sighting(
            key=f"installed:{row.id}",
            kind=SightingKind.ENVIRONMENT,
            release=release,
            machine=row.machine,
            place=row.root,
            at=row.came,
            first=row.at,
            last=row.seen or row.looked,
            gone=row.gone,
            by=row.installer,
            within=row.kind,
        )


def _delivered(connection: Connection, release: Release) -> Iterator[Sighting]:
    """One for each run and client: an installer that asks again is no second install."""
    first, last = func.min(deliveries.c.at), func.max(deliveries.c.at)
    asked: Select[tuple[object, ...]] = (
        select(
            deliveries.c.client,
            deliveries.c.run,
            first.label("first"),
            last.label("last"),
            func.max(deliveries.c.agent).label("agent"),
            func.max(func.coalesce(runs.c.machine, "")).label("machine"),
            func.max(func.coalesce(runs.c.command, "")).label("command"),
            func.max(func.coalesce(runs.c.folder, "")).label("folder"),
        )
        .join(runs, and_(runs.c.run == deliveries.c.run, deliveries.c.run != ""), isouter=True)
        .where(deliveries.c.project == release.name, deliveries.c.version == release.version)
        .group_by(deliveries.c.client, deliveries.c.run)
        .order_by(first, deliveries.c.client)
    )
    for row in connection.execute(asked):
        yield Sighting(
            key=f"delivered:{release}:{row.run}:{row.client}",
            kind=SightingKind.DELIVERY,
            release=release,
            machine=row.machine,
            place=row.client,
            at=row.first,
            first=row.first,
            last=row.last,
            by=row.agent,
            command=row.command,
            folder=row.folder,
        )
