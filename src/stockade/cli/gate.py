"""``stockade gate``: what gates decided here, what is condemned and who got it, and condemned bytes for study."""

from __future__ import annotations

import argparse
import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from stockade.act.report.shown import shown
from stockade.cli import common
from stockade.cli.gated import libraries
from stockade.cli.keeping import STORE, say, store_argument
from stockade.errors import NotFound, UsageError
from stockade.model.decision import Exit
from stockade.model.project import Digest, digest
from stockade.remember import folders
from stockade.remember.quarantine import Quarantine

if TYPE_CHECKING:
    from stockade.remember.durable.store import Durable

#: How many decisions, or condemned files, are told where nobody says.
_COUNT = 20


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument(
        "what",
        choices=("decisions", "condemned", "restore", "drop"),
        help="decisions: the last ones; condemned: what nobody gets any more, and who got it before;"
        " restore: write condemned bytes to FILE, for study; drop: delete them from the quarantine",
    )
    parser.add_argument("sha256", nargs="?", metavar="SHA256", help="only this file")
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="where restore writes to")
    parser.add_argument(
        "--count", type=common.count, default=_COUNT, metavar="N", help=f"tell the last N (default: {_COUNT})"
    )
    store_argument(parser)


def run(given: argparse.Namespace) -> Exit:
    """Tell, or restore, or drop."""
    libraries()
    from stockade.remember.durable.store import Durable

    data = folders.data_folder(os.environ)
    only = digest(given.sha256) if given.sha256 else None
    if given.what in {"restore", "drop"}:
        _kept(given, Quarantine(data / "quarantine"), only)
        return Exit.ALLOWED
    if given.file is not None or (only is not None and given.what == "decisions"):
        raise UsageError(f"`stockade gate {given.what}` takes no more than that")
    # Looking creates nothing.
    if given.store is None and not (data / STORE).exists():
        raise NotFound(f"no gate has written anything down here: there is no {data / STORE}")
    with Durable(given.store or data / STORE, note=say) as store:
        if given.what == "decisions":
            _decisions(store, given.count)
        else:
            _condemned(store, only, given.count)
    return Exit.ALLOWED


def _decisions(store: Durable, count: int) -> None:
    for one in store.recent(count):
        who = f" to {one.client}" if one.client else ""
        why = f": {one.reason}" if one.reason else ""
        print(shown(f"{_time(one.at)}  {one.action:<12}  {one.filename or one.project}{who}{why}", limit=400))


def _condemned(store: Durable, only: Digest | None, count: int) -> None:
    found = [
        entry
        for sha256, filename in store.condemned()
        if only in {None, sha256} and (entry := store.condemnation(sha256, filename)) is not None
    ]
    if not found:
        say("nothing is condemned" if only is None else "that file is not condemned")
    for one in sorted(found, key=lambda entry: entry.at, reverse=True)[:count]:
        print(shown(f"{_time(one.at)}  {one.filename}: {one.reason}", limit=400))
        print(f"  sha256 {one.sha256}")
        for got in store.deliveries_of(one.sha256):
            print(
                shown(f"  {got.client or 'somebody'} got it on {_time(got.at)}, with {got.agent}", limit=400)
            )


def _kept(given: argparse.Namespace, quarantine: Quarantine, only: Digest | None) -> None:
    """Bytes of the quarantine, written out or deleted."""
    restores = given.what == "restore"
    if only is None or (given.file is None) is restores:
        form = "restore SHA256 FILE" if restores else "drop SHA256"
        raise UsageError(f"write it as `stockade gate {form}`")
    if not quarantine.holds(only):
        raise NotFound(f"the quarantine holds no file with the digest {only}")
    if restores:
        quarantine.restore(only, given.file)
        say(f"{given.file} holds the condemned bytes as they were: import, build or install nothing of it")
    else:
        quarantine.drop(only)
        say(f"deleted; it stays condemned, and {only} goes out to nobody")


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"
