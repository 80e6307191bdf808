"""Whether the gate's libraries are there."""

from __future__ import annotations

import importlib.util

from stockade.errors import GateIncomplete

#: What the extra ``stockade[gate]`` brings, as modules.
NEEDED = ("starlette", "uvicorn", "cryptography", "sqlalchemy", "alembic")


def libraries() -> None:
    """Raises GateIncomplete, with what to install, where one is missing."""
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise GateIncomplete(f"the gate needs {', '.join(missing)}, which come with the extra stockade[gate]")
