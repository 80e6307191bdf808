"""The durable store: what a gate decided, who got which bytes, and what is condemned.

Nothing that `check` or `scan` need may import this: SQLAlchemy and Alembic come with the extra ``stockade[gate]``.
"""
