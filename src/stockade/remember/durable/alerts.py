"""What people are told, as rows; inside a transaction that somebody else began.

What an alert is about and who is to tell it stand from one moment on, together: whoever is killed before has told
nothing and written nothing, and whoever comes later finds both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, Select, and_, func, insert, or_, select, update

from stockade import limits
from stockade.model.record import bounded, kept
from stockade.model.sighting import Alert, Telling
from stockade.remember.durable.keys import name_key, path_key
from stockade.remember.durable.tables import alerts, tellings, told

#: Makes an alert of what hasn't been told of it.
Write = Callable[[frozenset[str]], Alert]


def add_alert(
    connection: Connection,
    about: Iterable[str],
    write: Write,
    channels: Iterable[tuple[str, str]],
) -> Alert | None:
    """Raise the alert that `write` makes of those keys of `about` that no alert was about, for each of `channels`
    (machine, channel) to tell; None where everything was told already."""
    keys = frozenset(path_key(key) for key in about)
    new = keys - _told(connection, keys)
    if not new:
        return None
    one = write(new)
    row = {
        "at": one.at,
        "alert_key": one.key,
        "title": kept(one.title),
        "document": one.document,
        "project": kept(one.project),
        "version": kept(one.version),
    }
    made = connection.execute(insert(alerts).values(row)).inserted_primary_key
    assert made is not None
    connection.execute(
        insert(told), [{"at": one.at, "alert_id": made[0], "told_key": key} for key in sorted(new)]
    )
    rows = [
        {
            "at": one.at,
            "alert_id": made[0],
            "machine": name_key(machine),
            "channel": name_key(channel),
            "attempts": 0,
            "due": one.at,
            "delivered": None,
            "message": "",
            "problem": "",
        }
        for machine, channel in dict.fromkeys(channels)
    ]
    if rows:
        connection.execute(insert(tellings), rows)
    return one


def _told(connection: Connection, keys: frozenset[str]) -> frozenset[str]:
    found: set[str] = set()
    ordered = sorted(keys)
    for start in range(0, len(ordered), limits.MAX_WRITTEN_AT_ONCE // 2):
        some = ordered[start : start + limits.MAX_WRITTEN_AT_ONCE // 2]
        found.update(connection.scalars(select(told.c.told_key).where(told.c.told_key.in_(some))))
    return frozenset(found)


def claim(
    connection: Connection, machine: str, channel: str, now: datetime, *, lease: timedelta, most: int
) -> tuple[Telling, ...]:
    """What a channel of this machine has to tell now, the oldest first, at most so many.

    For the time of `lease` it is this caller's alone to tell; if nobody hears of it by then, it was killed, and the
    next one tries.
    """
    asked: Select[tuple[object, ...]] = (
        select(tellings.c.id, tellings.c.attempts, alerts)
        .join(alerts)
        .where(
            tellings.c.machine == name_key(machine),
            tellings.c.channel == name_key(channel),
            tellings.c.delivered.is_(None),
            tellings.c.due <= now,
        )
        .order_by(tellings.c.id)
        .limit(most)
    )
    rows = connection.execute(asked).all()
    if not rows:
        return ()
    mine = tellings.c.id.in_([row.id for row in rows])
    connection.execute(update(tellings).where(mine).values(due=now + lease))
    return tuple(
        Telling(
            id=row.id,
            channel=channel,
            attempts=row.attempts,
            alert=Alert(
                key=row.alert_key,
                at=row.at,
                title=row.title,
                document=row.document,
                project=row.project,
                version=row.version,
            ),
        )
        for row in rows
    )


def delivered(connection: Connection, ids: Sequence[int], message: str, at: datetime) -> None:
    """They were told, in one message."""
    done = {"delivered": at, "due": None, "message": kept(message), "problem": ""}
    connection.execute(update(tellings).where(tellings.c.id.in_(ids)).values(done))


def failed(connection: Connection, ids: Sequence[int], again: datetime | None, problem: str) -> None:
    """They could not be told; `again` is when to try next, None for never."""
    done = {"due": again, "attempts": tellings.c.attempts + 1, "problem": kept(bounded(problem))}
    connection.execute(update(tellings).where(tellings.c.id.in_(ids)).values(done))


def later(connection: Connection, ids: Sequence[int], at: datetime) -> None:
    """They are not to be told before `at`; that was no failure."""
    connection.execute(update(tellings).where(tellings.c.id.in_(ids)).values(due=at))


def messages(connection: Connection, machine: str, channel: str, since: datetime) -> int:
    """How many messages a channel of this machine has sent since then."""
    asked = select(func.count(tellings.c.message.distinct())).where(
        tellings.c.machine == name_key(machine),
        tellings.c.channel == name_key(channel),
        tellings.c.delivered >= since,
    )
    return connection.execute(asked).scalar_one()


def next_due(connection: Connection, machine: str, channels: Sequence[str]) -> datetime | None:
    """When one of these channels of this machine has something to tell; None where nothing waits."""
    asked = select(tellings.c.due).where(
        tellings.c.machine == name_key(machine),
        tellings.c.channel.in_([name_key(one) for one in channels]),
        tellings.c.delivered.is_(None),
        tellings.c.due.is_not(None),
    )
    return connection.scalars(asked.order_by(tellings.c.due).limit(1)).one_or_none()


def waiting(connection: Connection, machine: str) -> tuple[tuple[str, str, str], ...]:
    """(channel, title, what went wrong last) of what this machine has still to tell, or gave up."""
    open_ = or_(tellings.c.due.is_not(None), and_(tellings.c.due.is_(None), tellings.c.problem != ""))
    asked = (
        select(tellings.c.channel, alerts.c.title, tellings.c.problem)
        .join(alerts)
        .where(tellings.c.machine == name_key(machine), tellings.c.delivered.is_(None), open_)
        .order_by(tellings.c.id)
    )
    return tuple((row.channel, row.title, row.problem) for row in connection.execute(asked))


def recent_alerts(connection: Connection, limit: int) -> tuple[Alert, ...]:
    """The last ones, the newest first."""
    asked = select(alerts).order_by(alerts.c.id.desc()).limit(limit)
    return tuple(
        Alert(
            key=row.alert_key,
            at=row.at,
            title=row.title,
            document=row.document,
            project=row.project,
            version=row.version,
        )
        for row in connection.execute(asked)
    )
