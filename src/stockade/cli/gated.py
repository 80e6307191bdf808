"""Whether the gate's libraries are there, and how Python is set up for it."""

from __future__ import annotations

import gc
import importlib.util

from stockade.errors import GateIncomplete

#: What the extra ``stockade[gate]`` brings, as modules.
NEEDED = ("starlette", "uvicorn", "cryptography", "sqlalchemy", "alembic")


def libraries() -> None:
    """Raises GateIncomplete, with what to install, where one is missing."""
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise GateIncomplete(f"the gate needs {', '.join(missing)}, which come with the extra stockade[gate]")


def many_objects() -> None:
    """Let Python look for cycles more rarely: pages make hundreds of thousands of objects that have none, and a third
    of the time to read them went into looking."""
    gc.set_threshold(200_000, 20, 100)
