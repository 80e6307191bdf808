"""``stockade enable``: pip and uv of this user ask a standing gate from now on."""

from __future__ import annotations

import argparse
import difflib
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from stockade.acquire.index.credentials import shown_url
from stockade.acquire.index.settings import World
from stockade.act.gate import address
from stockade.act.gate.enabling import Change, Plan, done, planned
from stockade.act.gate.journal import read_journal
from stockade.act.gate.upstream import Upstream, read_upstream
from stockade.act.report.shown import shown
from stockade.model.decision import Exit
from stockade.remember import folders
from stockade.remember.files import locked


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument(
        "--url",
        metavar="URL",
        default=address.index_url(),
        help=f"the gate's index (default: {address.index_url()})",
    )
    parser.add_argument(
        "--upstream",
        metavar="URL",
        help="the index that the gate asks (default: the one that pip or uv is set up with now)",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="print what would be changed, and change nothing"
    )


def run(given: argparse.Namespace) -> Exit:
    """Change the user's own pip.conf and uv.toml, and say so."""
    gate = address.checked(given.url)
    folder = folders.data_folder(os.environ)
    if given.dry_run:
        show(_plan(given, gate, folder))
        return Exit.ALLOWED
    with locked(folder):
        plan = _plan(given, gate, folder)
        done(plan, folder)
    for one in plan.changes:
        print(f"{one.installer}: {shown(str(one.path))} asks {gate} now.")
    if not plan.changes:
        print(f"pip and uv ask {gate} already.")
    if plan.upstream is not None:
        print(f"The gate asks {shown(behind(plan.upstream))}; `stockade serve` runs it.")
    print("`stockade doctor` tells which roads past it are open, `stockade disable` takes this back.")
    return Exit.ALLOWED


def _plan(given: argparse.Namespace, gate: str, folder: Path) -> Plan:
    return planned(
        here(),
        gate,
        now=datetime.now(UTC),
        journal=read_journal(folder),
        upstream=read_upstream(folder),
        chosen=given.upstream,
    )


def here() -> World:
    """The machine that the command runs on."""
    return World(env=os.environ, home=Path.home(), cwd=Path.cwd())


def behind(upstream: Upstream) -> str:
    """The indexes behind a gate, as they may be shown."""
    first = shown_url(upstream.index) if upstream.index else "pip's default index"
    return ", ".join((first, *map(shown_url, upstream.extra)))


def show(plan: Plan) -> None:
    """Print what a plan would change, line by line; lines that stay are not shown, since a login may stand in one."""
    for one in plan.changes:
        for line in _diff(one):
            print(shown(line, limit=400))
    if not plan.changes:
        print("nothing would be changed")
    for note in plan.notes:
        print(shown(note), file=sys.stderr)


def _diff(one: Change) -> Iterator[str]:
    before, after = ((text or "").splitlines() for text in (one.before, one.after))
    old, new = (str(one.path) if text is not None else os.devnull for text in (one.before, one.after))
    yield from difflib.unified_diff(before, after, old, new, n=0, lineterm="")
