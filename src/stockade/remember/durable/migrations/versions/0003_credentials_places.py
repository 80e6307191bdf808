"""Credentials that were seen on machines, and where they lay; never a secret."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the schema that of this revision."""
    _table(
        "credentials",
        *_texts("machine", "home", "secret", "provider", "kind", "principal", "life"),
        _moment("made"),
        _moment("ends"),
        _moment("seen", nullable=False),
        _moment("gone"),
        _unique("credentials", "machine", "home", "secret"),
    )
    _table(
        "places",
        *_of("places", "credentials", "credential_id"),
        *_texts("place", "item", "readable"),
        _moment("seen", nullable=False),
        _moment("gone"),
        _unique("places", "credential_id", "place", "item"),
    )


def _table(name: str, *parts: sa.schema.SchemaItem) -> None:
    key = sa.Column("id", _number(), autoincrement=True)
    made = sa.PrimaryKeyConstraint("id", name=f"pk_{name}")
    op.create_table(name, key, _moment("at", nullable=False), *parts, made, sqlite_autoincrement=True)


def _number() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _moment(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _of(table: str, other: str, column: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column(column, _number(), nullable=False),
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}"),
    )


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=f"uq_{table}_{'_'.join(columns)}")
