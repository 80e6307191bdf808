"""What Alembic runs to migrate: on the connection that it is handed, inside its transaction."""

from __future__ import annotations

from alembic import context

from stockade.remember.durable.opening import VERSION_TABLE
from stockade.remember.durable.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
