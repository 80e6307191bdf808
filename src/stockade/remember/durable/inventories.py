"""Environments and what was in them, as rows; inside a transaction that somebody else began."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import PurePath

from sqlalchemy import Connection, Row, Select, and_, bindparam, insert, select, update

from stockade.model.environment import Environment, Installed, Inventory
from stockade.model.project import ProjectName, Release
from stockade.model.record import kept
from stockade.model.sighting import Baseline, Changes, KnownEnvironment, Moved, Stay
from stockade.remember.durable.keys import name_key, path_key
from stockade.remember.durable.tables import accepted, baselines, environments, installed

_Key = tuple[str, str, str]


def remember(connection: Connection, machine: str, inventory: Inventory, at: datetime) -> Changes:
    """Write down what an environment holds now; how that differs from the last time.

    What the inventory's gaps may hide stays as it was: that nobody could look is no sign that it is gone.
    """
    number, since = _environment(connection, machine, inventory.environment, at)
    rows = {_key(row): row for row in connection.execute(_present(number))}
    here = {_named(one): one for one in inventory.installed}
    missed = [row for key, row in rows.items() if key not in here and not _hidden(row.folder, inventory)]
    come = [one for key, one in here.items() if key not in rows]
    if missed:
        connection.execute(
            update(installed).where(installed.c.id == bindparam("gone_id")),
            [{"gone_id": row.id, "gone": at, "seen": since} for row in missed],
        )
    if come:
        connection.execute(insert(installed), [_row(number, one, at) for one in come])
    return _changes(since, missed, [_named(one) for one in come])


def compare(connection: Connection, machine: str, inventory: Inventory) -> Changes:
    """The same, and nothing is written."""
    row = _known(connection, machine, inventory.environment.root)
    rows = {_key(one): one for one in connection.execute(_present(row.id))} if row else {}
    here = dict.fromkeys(_named(one) for one in inventory.installed)
    missed = [one for key, one in rows.items() if key not in here and not _hidden(one.folder, inventory)]
    return _changes(row.seen if row else None, missed, [key for key in here if key not in rows])


def gone(connection: Connection, machine: str, root: str, at: datetime) -> bool:
    """Write down that an environment isn't there any more; whether it was, as far as was known."""
    row = _known(connection, machine, root)
    if row is None or row.gone is not None:
        return False
    connection.execute(update(environments).where(environments.c.id == row.id).values(gone=at))
    there = and_(installed.c.environment_id == row.id, installed.c.gone.is_(None))
    connection.execute(update(installed).where(there).values(gone=at, seen=row.seen))
    return True


def known(connection: Connection, machine: str) -> tuple[KnownEnvironment, ...]:
    """The environments of a machine, by their roots."""
    asked = (
        select(environments).where(environments.c.machine == name_key(machine)).order_by(environments.c.root)
    )
    return tuple(
        KnownEnvironment(
            machine=row.machine,
            root=row.root,
            kind=row.kind,
            name=row.name,
            python=row.python,
            first=row.at,
            last=row.seen,
            gone=row.gone,
        )
        for row in connection.execute(asked)
    )


def stays(connection: Connection, machine: str, root: str) -> tuple[Stay, ...]:
    """What was in an environment, and is; the first that came first."""
    asked = (
        select(installed, environments.c.seen.label("looked"))
        .join(environments)
        .where(environments.c.machine == name_key(machine), environments.c.root == path_key(root))
        .order_by(installed.c.id)
    )
    return tuple(
        Stay(
            release=Release(name=ProjectName(row.project), version=row.version),
            folder=row.folder,
            first=row.at,
            last=row.seen or row.looked,
            at=row.came,
            gone=row.gone,
            installer=row.installer,
            origin=row.origin,
        )
        for row in connection.execute(asked)
    )


def accept(connection: Connection, machine: str, inventory: Inventory, at: datetime, reason: str) -> Baseline:
    """Accept what an environment holds now; it is written down with it."""
    remember(connection, machine, inventory, at)
    row = _known(connection, machine, inventory.environment.root)
    assert row is not None
    made = insert(baselines).values(environment_id=row.id, at=at, reason=kept(reason))
    number = connection.execute(made).inserted_primary_key
    assert number is not None
    pairs = sorted({_named(one)[:2] for one in inventory.installed})
    if pairs:
        connection.execute(
            insert(accepted),
            [
                {"baseline_id": number[0], "at": at, "project": project, "version": version}
                for project, version in pairs
            ],
        )
    return Baseline(at=at, releases=tuple(_release(*pair) for pair in pairs), reason=kept(reason))


def baseline(connection: Connection, machine: str, root: str) -> Baseline | None:
    """What was last accepted in an environment; None for never."""
    row = _known(connection, machine, root)
    if row is None:
        return None
    asked = (
        select(baselines).where(baselines.c.environment_id == row.id).order_by(baselines.c.id.desc()).limit(1)
    )
    last = connection.execute(asked).one_or_none()
    if last is None:
        return None
    found = select(accepted).where(accepted.c.baseline_id == last.id)
    releases = sorted(_release(one.project, one.version) for one in connection.execute(found))
    return Baseline(at=last.at, releases=tuple(releases), reason=last.reason)


def _environment(
    connection: Connection, machine: str, one: Environment, at: datetime
) -> tuple[int, datetime | None]:
    """The number of an environment, which is seen now, and when it was seen before."""
    row = _known(connection, machine, one.root)
    about = {"kind": kept(one.kind), "name": kept(one.name), "python": kept(one.python)}
    if row is None:
        made = insert(environments).values(
            at=at, machine=name_key(machine), root=path_key(one.root), seen=at, gone=None, **about
        )
        number = connection.execute(made).inserted_primary_key
        assert number is not None
        return int(number[0]), None
    # Two audits at once: the one that ends last may have looked first.
    seen = max(row.seen, at)
    connection.execute(
        update(environments).where(environments.c.id == row.id).values(seen=seen, gone=None, **about)
    )
    return int(row.id), row.seen


def _known(connection: Connection, machine: str, root: str) -> Row[tuple[object, ...]] | None:
    asked: Select[tuple[object, ...]] = select(environments).where(
        environments.c.machine == name_key(machine), environments.c.root == path_key(root)
    )
    return connection.execute(asked).one_or_none()


def _present(number: int) -> Select[tuple[object, ...]]:
    return select(installed).where(installed.c.environment_id == number, installed.c.gone.is_(None))


def _changes(since: datetime | None, missed: Sequence[Row[tuple[object, ...]]], come: list[_Key]) -> Changes:
    """A project that went with one version and came with another moved; any other came, or went."""
    before, after = sorted({_key(row)[:2] for row in missed}), sorted({key[:2] for key in come})
    went, new = dict(before), dict(after)
    both = sorted(went.keys() & new.keys())
    moved = [Moved(project=ProjectName(name), before=went[name], after=new[name]) for name in both]
    pairs = {(one.project, one.before) for one in moved}, {(one.project, one.after) for one in moved}
    return Changes(
        since=since,
        added=tuple(_release(*pair) for pair in after if pair not in pairs[1]),
        removed=tuple(_release(*pair) for pair in before if pair not in pairs[0]),
        moved=tuple(one for one in moved if one.before != one.after),
    )


def _row(number: int, one: Installed, at: datetime) -> dict[str, object]:
    project, version, folder = _named(one)
    return {
        "at": at,
        "environment_id": number,
        "project": project,
        "version": version,
        "folder": folder,
        "installer": kept(one.installer),
        "origin": kept(one.origin.url) if one.origin else "",
        "came": one.at,
        "seen": None,
        "gone": None,
    }


def _named(one: Installed) -> _Key:
    return name_key(one.name), name_key(one.version), path_key(one.folder)


def _key(row: Row[tuple[object, ...]]) -> _Key:
    return row.project, row.version, row.folder


def _release(project: str, version: str) -> Release:
    return Release(name=ProjectName(project), version=version)


def _hidden(folder: str, inventory: Inventory) -> bool:
    """Whether a gap names the folder of a distribution, or one that it lies in."""
    if not inventory.gaps:
        return False
    root = PurePath(inventory.environment.root).parent
    above = [str(one) for one in (PurePath(folder), *PurePath(folder).parents) if one.is_relative_to(root)]
    # A path that goes on behind it is another's.
    named = re.compile("|".join(rf"{re.escape(one)}/?(?!\.?[\w/-])" for one in above) or r"(?!)")
    return any(named.search(gap) for gap in inventory.gaps)
