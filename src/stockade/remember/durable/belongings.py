"""Credentials of a home and where they lay, as rows; inside a transaction that somebody else began. No secret is among
what is given here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Row, and_, insert, select, update

from stockade.model.credential import Credential, Place
from stockade.model.record import kept
from stockade.model.sighting import CredentialChanges, KnownCredential, KnownPlace
from stockade.remember.durable.keys import name_key, path_key
from stockade.remember.durable.tables import credentials, places

_Row = Row[tuple[object, ...]]


def remember(
    connection: Connection,
    machine: str,
    home: str,
    found: Sequence[Credential],
    at: datetime,
    hidden: Sequence[str] = (),
) -> CredentialChanges:
    """Write down what a home holds now; what came and what went since the last time."""
    before = {one.secret: one for one in known(connection, machine, home)}
    since = max((one.last for one in before.values()), default=None)
    unread = {path_key(one) for one in hidden}
    here = {secret_of(one): one for one in found}
    for secret, one in here.items():
        number = _seen(connection, machine, home, secret, one, at)
        _lie(connection, number, one.places, at, unread)
    for secret, old in before.items():
        if secret not in here and old.gone is None and not _unread(old, unread):
            lost = _number(connection, machine, home, secret)
            connection.execute(update(credentials).where(credentials.c.id == lost).values(gone=at))
            there = and_(places.c.credential_id == lost, places.c.gone.is_(None))
            connection.execute(update(places).where(there).values(gone=at))
    after = {one.secret: one for one in known(connection, machine, home)}
    there_before = {secret for secret, one in before.items() if one.gone is None}
    there_now = {secret for secret, one in after.items() if one.gone is None}
    return CredentialChanges(
        since=since,
        came=tuple(one for secret, one in after.items() if secret in there_now - there_before),
        went=tuple(one for secret, one in after.items() if secret in there_before - there_now),
    )


def known(connection: Connection, machine: str, home: str) -> tuple[KnownCredential, ...]:
    """Everything that inventories of a home saw; what came first, first."""
    mine = and_(credentials.c.machine == name_key(machine), credentials.c.home == path_key(home))
    lay: dict[int, list[KnownPlace]] = defaultdict(list)
    for row in connection.execute(select(places).join(credentials).where(mine).order_by(places.c.id)):
        lay[row.credential_id].append(
            KnownPlace(
                where=row.place,
                item=row.item,
                readable=row.readable,
                first=row.at,
                last=row.seen,
                gone=row.gone,
            )
        )
    return tuple(
        KnownCredential(
            secret=row.secret,
            provider=row.provider,
            kind=row.kind,
            principal=row.principal,
            life=row.life,
            first=row.at,
            last=row.seen,
            made=row.made,
            ends=row.ends,
            gone=row.gone,
            places=tuple(lay[row.id]),
        )
        for row in connection.execute(select(credentials).where(mine).order_by(credentials.c.id))
    )


def secret_of(one: Credential) -> str:
    """What tells a credential from others: its keyed digest, or where it lies if it was not read."""
    return one.fingerprint or path_key(f"{one.provider} {one.kind} {one.places[0].where}")


def _seen(connection: Connection, machine: str, home: str, secret: str, one: Credential, at: datetime) -> int:
    about = {
        "provider": kept(one.provider),
        "kind": one.kind.value,
        "principal": kept(one.principal),
        "life": one.life.value,
        "made": one.created,
        "ends": one.expires,
    }
    number = _number(connection, machine, home, secret)
    if number is not None:
        values = {**about, "seen": at, "gone": None}
        connection.execute(update(credentials).where(credentials.c.id == number).values(**values))
        return number
    made = insert(credentials).values(
        at=at, machine=name_key(machine), home=path_key(home), secret=secret, seen=at, gone=None, **about
    )
    key = connection.execute(made).inserted_primary_key
    assert key is not None
    return int(key[0])


def _lie(connection: Connection, number: int, now: Sequence[Place], at: datetime, unread: set[str]) -> None:
    """The places of one credential."""
    rows: dict[tuple[str, str], _Row] = {
        (row.place, row.item): row
        for row in connection.execute(select(places).where(places.c.credential_id == number))
    }
    here = {(path_key(one.where), name_key(one.item)): one for one in now}
    for key, one in here.items():
        if key in rows:
            values = {"seen": at, "gone": None, "readable": one.readable}
            connection.execute(update(places).where(places.c.id == rows[key].id).values(**values))
        else:
            connection.execute(
                insert(places).values(
                    at=at,
                    credential_id=number,
                    place=key[0],
                    item=key[1],
                    readable=one.readable,
                    seen=at,
                    gone=None,
                )
            )
    for key, row in rows.items():
        if key not in here and row.gone is None and key[0] not in unread:
            connection.execute(update(places).where(places.c.id == row.id).values(gone=at))


def _number(connection: Connection, machine: str, home: str, secret: str) -> int | None:
    asked = select(credentials.c.id).where(
        credentials.c.machine == name_key(machine),
        credentials.c.home == path_key(home),
        credentials.c.secret == secret,
    )
    return connection.execute(asked).scalar_one_or_none()


def _unread(one: KnownCredential, unread: set[str]) -> bool:
    """Whether it may still lie at a place that could not be read."""
    return any(place.gone is None and place.where in unread for place in one.places)
