"""The schema of the durable store, in types that SQLite and PostgreSQL share.

A change here comes with a migration in migrations/versions; a test compares the two.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)


class Moment(TypeDecorator[datetime]):
    """A time with a zone. SQLite keeps none, so that there it stands in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """As it goes in."""
        if value is None:
            return None
        return (
            value.astimezone(UTC).replace(tzinfo=None) if dialect.name == "sqlite" else value.astimezone(UTC)
        )

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """As it comes out."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    }
)


def _id() -> Column[int]:
    return Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _of(table: str) -> Column[int]:
    kind = BigInteger().with_variant(Integer, "sqlite")
    return Column(f"{table.removesuffix('s')}_id", kind, ForeignKey(f"{table}.id"), nullable=False)


def _sha256() -> Column[str]:
    return Column("sha256", String(64), nullable=False)


#: Only ever added to.
decisions = Table(
    "decisions",
    metadata,
    _id(),
    Column("at", Moment, nullable=False),
    Column("action", String(16), nullable=False),
    _text("project"),
    _text("version"),
    _text("filename"),
    _sha256(),
    _text("index_url"),
    _text("reason"),
    _text("rule"),
    _text("waiver"),
    _text("fingerprint"),
    _text("run"),
    _text("client"),
    _text("agent"),
    Index(None, "at"),
    Index(None, "sha256"),
    sqlite_autoincrement=True,
)
#: Who got which bytes. Only ever added to.
deliveries = Table(
    "deliveries",
    metadata,
    _id(),
    Column("at", Moment, nullable=False),
    _sha256(),
    _text("filename"),
    _text("project"),
    _text("version"),
    _text("client"),
    _text("agent"),
    _text("run"),
    Index(None, "sha256"),
    Index(None, "project"),
    sqlite_autoincrement=True,
)
#: What nobody gets any more.
condemned = Table(
    "condemned",
    metadata,
    _id(),
    Column("at", Moment, nullable=False),
    _sha256(),
    _text("filename"),
    _text("project"),
    _text("version"),
    _text("reason"),
    UniqueConstraint("sha256", "filename"),
    sqlite_autoincrement=True,
)
#: Commands that ran behind a gate; `run` is what their decisions and deliveries name. Only ever added to.
runs = Table(
    "runs",
    metadata,
    _id(),
    Column("at", Moment, nullable=False),
    _text("run"),
    _text("machine"),
    _text("command"),
    _text("folder"),
    UniqueConstraint("run"),
    sqlite_autoincrement=True,
)
#: Environments that audits saw. `at` is the first time, `seen` the last one, `gone` when it was first missed.
environments = Table(
    "environments",
    metadata,
    _id(),
    Column("at", Moment, nullable=False),
    _text("machine"),
    _text("root"),
    _text("kind"),
    _text("name"),
    _text("python"),
    Column("seen", Moment, nullable=False),
    Column("gone", Moment, nullable=True),
    UniqueConstraint("machine", "root"),
    sqlite_autoincrement=True,
)
#: What was in them. `at` is the first audit that saw it, `came` when its files came by their own times. While it is
#: there `seen` is its environment's, and the column is empty; `gone` is the first audit that missed it.
installed = Table(
    "installed",
    metadata,
    _id(),
    Column("at", Moment, nullable=False),
    _of("environments"),
    _text("project"),
    _text("version"),
    _text("folder"),
    _text("installer"),
    _text("origin"),
    Column("came", Moment, nullable=True),
    Column("seen", Moment, nullable=True),
    Column("gone", Moment, nullable=True),
    Index(None, "project"),
    # What is there is there once.
    Index(
        "uq_installed_present",
        "environment_id",
        "project",
        "version",
        "folder",
        unique=True,
        sqlite_where=text("gone is null"),
        postgresql_where=text("gone is null"),
    ),
    sqlite_autoincrement=True,
)
#: What a person accepted in an environment; the last one counts. Only ever added to.
baselines = Table(
    "baselines",
    metadata,
    _id(),
    Column("at", Moment, nullable=False),
    _of("environments"),
    _text("reason"),
    Index(None, "environment_id"),
    sqlite_autoincrement=True,
)
#: The releases of those.
accepted = Table(
    "accepted",
    metadata,
    _id(),
    Column("at", Moment, nullable=False),
    _of("baselines"),
    _text("project"),
    _text("version"),
    UniqueConstraint("baseline_id", "project", "version"),
    sqlite_autoincrement=True,
)
#: What people were told, or are to be told. Only ever added to.
alerts = Table(
    "alerts",
    metadata,
    _id(),
    Column("at", Moment, nullable=False),
    _text("alert_key"),
    _text("title"),
    _text("document"),
    _text("project"),
    _text("version"),
    UniqueConstraint("alert_key"),
    sqlite_autoincrement=True,
)
#: What each alert was about: nothing is told twice.
told = Table(
    "told",
    metadata,
    _id(),
    Column("at", Moment, nullable=False),
    _of("alerts"),
    _text("told_key"),
    UniqueConstraint("told_key"),
    sqlite_autoincrement=True,
)
#: Who is to tell an alert, and how far that is: `machine` is whose channel it is, `due` when to try (again),
#: `delivered` when it was told, in which message. Neither `due` nor `delivered`: it was given up.
tellings = Table(
    "tellings",
    metadata,
    _id(),
    Column("at", Moment, nullable=False),
    _of("alerts"),
    _text("machine"),
    _text("channel"),
    Column("attempts", Integer, nullable=False),
    Column("due", Moment, nullable=True),
    Column("delivered", Moment, nullable=True),
    _text("message"),
    _text("problem"),
    UniqueConstraint("alert_id", "machine", "channel"),
    Index(None, "due"),
    sqlite_autoincrement=True,
)
#: Credentials that were seen on a machine, never the secrets: `secret` is a keyed digest, or where it lies if it was
#: not read. `at` is the first inventory that saw one, `seen` the last, `gone` the first that missed it.
credentials = Table(
    "credentials",
    metadata,
    _id(),
    Column("at", Moment, nullable=False),
    _text("machine"),
    _text("home"),
    _text("secret"),
    _text("provider"),
    _text("kind"),
    _text("principal"),
    _text("life"),
    Column("made", Moment, nullable=True),
    Column("ends", Moment, nullable=True),
    Column("seen", Moment, nullable=False),
    Column("gone", Moment, nullable=True),
    UniqueConstraint("machine", "home", "secret"),
    sqlite_autoincrement=True,
)
#: Where each lay, and from when to when.
places = Table(
    "places",
    metadata,
    _id(),
    Column("at", Moment, nullable=False),
    _of("credentials"),
    _text("place"),
    _text("item"),
    _text("readable"),
    Column("seen", Moment, nullable=False),
    Column("gone", Moment, nullable=True),
    UniqueConstraint("credential_id", "place", "item"),
    sqlite_autoincrement=True,
)
