"""The first schema: decisions, deliveries, condemned files."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the schema that of this revision."""
    op.create_table(
        "decisions",
        _id(),
        _at(),
        sa.Column("action", sa.String(16), nullable=False),
        *_texts("project", "version", "filename"),
        _sha256(),
        *_texts("index_url", "reason", "rule", "waiver", "fingerprint", "run", "client", "agent"),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_decisions_at", "decisions", ["at"])
    op.create_index("ix_decisions_sha256", "decisions", ["sha256"])
    op.create_table(
        "deliveries",
        _id(),
        _at(),
        _sha256(),
        *_texts("filename", "project", "version", "client", "agent", "run"),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_deliveries_sha256", "deliveries", ["sha256"])
    op.create_table(
        "condemned",
        _id(),
        _at(),
        _sha256(),
        *_texts("filename", "project", "version", "reason"),
        sa.PrimaryKeyConstraint("id", name="pk_condemned"),
        sa.UniqueConstraint("sha256", "filename", name="uq_condemned_sha256_filename"),
        sqlite_autoincrement=True,
    )


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), autoincrement=True)


def _at() -> sa.Column[object]:
    return sa.Column("at", sa.DateTime(timezone=True), nullable=False)


def _sha256() -> sa.Column[str]:
    return sa.Column("sha256", sa.String(64), nullable=False)


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]
