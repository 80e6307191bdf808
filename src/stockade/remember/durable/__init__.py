"""The durable store: what a gate decided, who got which bytes, what is condemned; what audits saw, and who was told.

Nothing that `check` or `scan` need may import this: SQLAlchemy and Alembic come with the extra ``stockade[gate]``.
"""
