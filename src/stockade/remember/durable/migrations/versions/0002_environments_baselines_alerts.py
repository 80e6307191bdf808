"""The ledger of environments: what was in them and when, what was accepted, what people were told, what ran."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

#: Of a row that stands for what is there now.
_PRESENT = sa.text("gone is null")


def upgrade() -> None:
    """Make the schema that of this revision."""
    op.create_index("ix_deliveries_project", "deliveries", ["project"])
    _table("runs", *_texts("run", "machine", "command", "folder"), _unique("runs", "run"))
    _table(
        "environments",
        *_texts("machine", "root", "kind", "name", "python"),
        _moment("seen", nullable=False),
        _moment("gone"),
        _unique("environments", "machine", "root"),
    )
    _table(
        "installed",
        *_of("installed", "environments", "environment_id"),
        *_texts("project", "version", "folder", "installer", "origin"),
        _moment("came"),
        _moment("seen"),
        _moment("gone"),
    )
    op.create_index("ix_installed_project", "installed", ["project"])
    op.create_index(
        "uq_installed_present",
        "installed",
        ["environment_id", "project", "version", "folder"],
        unique=True,
        sqlite_where=_PRESENT,
        postgresql_where=_PRESENT,
    )
    _table("baselines", *_of("baselines", "environments", "environment_id"), *_texts("reason"))
    op.create_index("ix_baselines_environment_id", "baselines", ["environment_id"])
    _table(
        "accepted",
        *_of("accepted", "baselines", "baseline_id"),
        *_texts("project", "version"),
        _unique("accepted", "baseline_id", "project", "version"),
    )
    _table(
        "alerts",
        *_texts("alert_key", "title", "document", "project", "version"),
        _unique("alerts", "alert_key"),
    )
    _table("told", *_of("told", "alerts", "alert_id"), *_texts("told_key"), _unique("told", "told_key"))
    _table(
        "tellings",
        *_of("tellings", "alerts", "alert_id"),
        *_texts("machine", "channel"),
        sa.Column("attempts", sa.Integer, nullable=False),
        _moment("due"),
        _moment("delivered"),
        *_texts("message", "problem"),
        _unique("tellings", "alert_id", "machine", "channel"),
    )
    op.create_index("ix_tellings_due", "tellings", ["due"])


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
