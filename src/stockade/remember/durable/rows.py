"""Entries to rows and back, inside a transaction that somebody else began."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, Row, Select, delete, insert, select

from stockade.model.project import Digest
from stockade.model.record import Condemnation, Decided, Delivery, kept
from stockade.remember.durable.tables import condemned, decisions, deliveries


def add_decisions(connection: Connection, entries: Sequence[Decided]) -> None:
    """Write them down, in that order."""
    connection.execute(
        insert(decisions),
        [
            {
                "at": one.at,
                "action": one.action,
                "project": kept(one.project),
                "version": kept(one.version),
                "filename": kept(one.filename),
                "sha256": one.sha256,
                "index_url": kept(one.index),
                "reason": kept(one.reason),
                "rule": kept(one.rule),
                "waiver": kept(one.waiver),
                "fingerprint": kept(one.fingerprint),
                "run": kept(one.run),
                "client": kept(one.client),
                "agent": kept(one.agent),
            }
            for one in entries
        ],
    )


def add_delivery(connection: Connection, one: Delivery, *, waived: bool) -> bool:
    """Write it down; False, and nothing is written, if it is condemned and not waived."""
    if not waived and is_condemned(connection, one.sha256, one.filename):
        return False
    row = {
        "at": one.at,
        "sha256": one.sha256,
        "filename": one.filename,
        "project": kept(one.project),
        "version": kept(one.version),
        "client": kept(one.client),
        "agent": kept(one.agent),
        "run": kept(one.run),
    }
    connection.execute(insert(deliveries), row)
    return True


def add_condemnation(connection: Connection, one: Condemnation) -> tuple[Delivery, ...]:
    """Write it down, unless it already stands there; who got these bytes until now, under any name."""
    if not is_condemned(connection, one.sha256, one.filename):
        row = {
            "at": one.at,
            "sha256": one.sha256,
            "filename": one.filename,
            "project": kept(one.project),
            "version": kept(one.version),
            "reason": kept(one.reason),
        }
        connection.execute(insert(condemned), row)
    return deliveries_of(connection, one.sha256)


def drop_condemnation(connection: Connection, sha256: str, filename: str) -> bool:
    """Take it back; whether there was one."""
    done = connection.execute(
        delete(condemned).where(condemned.c.sha256 == sha256, condemned.c.filename == filename)
    )
    return done.rowcount > 0


def is_condemned(connection: Connection, sha256: str, filename: str) -> bool:
    """Whether these bytes may not go out under that name."""
    return condemnation(connection, sha256, filename) is not None


def condemnation(connection: Connection, sha256: str, filename: str) -> Condemnation | None:
    """How it was condemned."""
    asked = select(condemned).where(condemned.c.sha256 == sha256, condemned.c.filename == filename)
    row = connection.execute(asked).one_or_none()
    if row is None:
        return None
    return Condemnation(
        at=row.at,
        sha256=row.sha256,
        filename=row.filename,
        project=row.project,
        version=row.version,
        reason=row.reason,
    )


def all_condemned(connection: Connection) -> frozenset[tuple[Digest, str]]:
    """Everything that may not go out."""
    return frozenset((row.sha256, row.filename) for row in connection.execute(select(condemned)))


def deliveries_of(connection: Connection, sha256: str) -> tuple[Delivery, ...]:
    """Who got these bytes, the first one first."""
    asked: Select[tuple[object, ...]] = (
        select(deliveries).where(deliveries.c.sha256 == sha256).order_by(deliveries.c.id)
    )
    return tuple(
        Delivery(
            at=row.at,
            sha256=row.sha256,
            filename=row.filename,
            project=row.project,
            version=row.version,
            client=row.client,
            agent=row.agent,
            run=row.run,
        )
        for row in connection.execute(asked)
    )


def recent(connection: Connection, limit: int) -> tuple[Decided, ...]:
    """The last ones, the newest first."""
    asked = select(decisions).order_by(decisions.c.id.desc()).limit(limit)
    return tuple(_decided(row) for row in connection.execute(asked))


def _decided(row: Row[tuple[object, ...]]) -> Decided:
    return Decided(
        at=row.at,
        action=row.action,
        project=row.project,
        version=row.version,
        filename=row.filename,
        sha256=row.sha256,
        index=row.index_url,
        reason=row.reason,
        rule=row.rule,
        waiver=row.waiver,
        fingerprint=row.fingerprint,
        run=row.run,
        client=row.client,
        agent=row.agent,
    )
