"""The ledger for commands that look at this machine: what earlier audits saw, and who this machine is in it."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from stockade.cli.keeping import STORE, say
from stockade.remember import folders

if TYPE_CHECKING:
    from stockade.remember.durable.store import Durable


def this_machine() -> str:
    """The name that this machine has in the ledger: its host name, since a store may serve several."""
    return platform.node() or "this machine"


@contextmanager
def opened(store: str | None, environ: Mapping[str, str], notes: list[str]) -> Iterator[Durable | None]:
    """The ledger at `store`, else in the data folder; None, with a note, where its libraries are not installed.

    Raises RecordFailed where it cannot be used.
    """
    try:
        from stockade.remember.durable.store import Durable
    except ModuleNotFoundError:
        notes.append(
            "nothing was written down: the ledger needs more libraries (pip install 'stockade[gate]')"
        )
        yield None
        return
    with Durable(store or folders.data_folder(environ) / STORE, note=say) as durable:
        yield durable
