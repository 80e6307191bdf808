"""Where a gate writes down what it did: options, and the memory that they ask for."""

from __future__ import annotations

import argparse
import os
import secrets
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from stockade.act.report.shown import shown
from stockade.cli import common
from stockade.model.project import Digest
from stockade.remember import folders
from stockade.workers import fingerprint

if TYPE_CHECKING:
    from stockade.act.gate.keeping import Keeper


#: The durable store's file in the data folder.
STORE = "gate-1.sqlite3"


def keeper(given: argparse.Namespace, where: Callable[[Digest], Path | None], rules: common.Rules) -> Keeper:
    """The gate's memory, where --store says or in the data folder; raises RecordFailed."""
    from stockade.act.gate.keeping import Keeper
    from stockade.remember.durable.store import Durable
    from stockade.remember.journal import Journal
    from stockade.remember.quarantine import Quarantine

    data = folders.data_folder(os.environ)
    journal = None
    if given.log is not None:
        journal = Journal(sys.stdout.fileno() if str(given.log) == "-" else given.log, note=say)
    return Keeper(
        Durable(given.store or data / STORE, note=say),
        Quarantine(data / "quarantine"),
        run=secrets.token_hex(8),
        fingerprint=fingerprint(rules.options),
        says=say,
        where=where,
        journal=journal,
    )


def keeping_arguments(parser: argparse.ArgumentParser) -> None:
    """Options that say where the gate writes what it did."""
    store_argument(parser)
    parser.add_argument(
        "--log",
        type=Path,
        metavar="FILE",
        help="append each decision to FILE as a line of JSON; - for standard output",
    )


def store_argument(parser: argparse.ArgumentParser) -> None:
    """Where the durable store is."""
    parser.add_argument(
        "--store",
        type=_store,
        metavar="URL",
        help="where decisions, deliveries and inventories are kept: sqlite:///PATH or postgresql://…"
        " (default: in the data folder)",
    )


def say(text: str) -> None:
    """A sentence for whoever watches the gate."""
    print(f"stockade: {shown(text, limit=400)}", file=sys.stderr, flush=True)


def _store(text: str) -> str:
    """The URL of a store, for argparse."""
    if not text.startswith(("sqlite:///", "postgresql://", "postgresql+")):
        raise argparse.ArgumentTypeError("write it as sqlite:///PATH or postgresql://HOST/NAME")
    return text
