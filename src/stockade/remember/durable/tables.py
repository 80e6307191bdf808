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
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
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
    }
)


def _id() -> Column[int]:
    return Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


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
