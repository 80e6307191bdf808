"""``stockade reference update``: new download counts for the table of well-known names."""

from __future__ import annotations

import argparse
import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from stockade.acquire.counts import Counts, fetched, month_of, parsed, read_file
from stockade.acquire.index.settings import index_settings
from stockade.acquire.index.transport import Transport
from stockade.act.report.shown import shown
from stockade.analyse.identity.names import Names
from stockade.analyse.identity.names.build import written
from stockade.cli import common
from stockade.cli.known import names
from stockade.errors import BadCounts, StoreFailed, UsageError
from stockade.model.decision import Exit
from stockade.remember import folders

#: Of the best known so far, so many must be in a new list, or it is somebody else's idea of what is known.
_BEST, _KEPT = 100, 80
#: The longest date that the table has room for.
_MONTH = 24


def run(given: argparse.Namespace) -> Exit:
    """Read the counts, make the table, put it where others look for it."""
    source = given.source or common.rules(None).policy.counts
    if not source:
        raise UsageError(
            "name a source of download counts with --from, or in the policy ([reference] counts)"
        )
    if given.month and not (
        given.month.isascii() and given.month.isprintable() and len(given.month) <= _MONTH
    ):
        raise UsageError('--month: a few words, such as "April 2026"')
    counts = parsed(_read(source))
    before = names([])
    _same_world(counts, before)
    month = given.month or counts.month or month_of(datetime.now(UTC).date())
    data = written(counts.downloads, month)
    table = Names(memoryview(data))
    path = folders.names_path(os.environ)
    _put(path, data)
    new = sum(before.rank(name) is None for name in counts.downloads)
    print(
        f"{table.known:,} names of {shown(month)} ({new:,} of them new), the last with {table.fewer:,} downloads a"
        f" month, written to {path}"
    )
    return Exit.ALLOWED


def _read(source: str) -> bytes:
    if not source.startswith(("https://", "http://")):
        return read_file(Path(source))
    settings = index_settings(os.environ, home=Path.home(), cwd=Path.cwd())
    with Transport(settings) as transport:
        return fetched(source, transport)


def _same_world(counts: Counts, before: Names) -> None:
    """A list without those whom everybody downloads would make squats of them honest."""
    best = before.table.names[: min(_BEST, before.known)]
    there = sum(name in counts.downloads for name in best)
    if there < _KEPT * len(best) // _BEST:
        raise BadCounts(f"it has {there} of the {len(best)} best known projects; another list was meant")


def _put(path: Path, data: bytes) -> None:
    """Whole or not at all: it is mapped by whoever runs just now."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, partial = tempfile.mkstemp(dir=path.parent)
        try:
            with open(handle, "wb") as file:
                file.write(data)
            Path(partial).replace(path)
        finally:
            Path(partial).unlink(missing_ok=True)
    except OSError as why:
        raise StoreFailed(f"{path} cannot be written: {why.strerror}") from None
