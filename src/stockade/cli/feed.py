"""``stockade feed``: advisories of malicious and vulnerable releases, copied from where they are published."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from stockade.acquire.index.settings import index_settings
from stockade.acquire.index.transport import Transport
from stockade.act import feed_file
from stockade.act.feeding import Synced, Syncing, sync_all
from stockade.act.report.feeds import feeds_document, feeds_lines
from stockade.act.report.shown import shown
from stockade.cli import common
from stockade.decide.advisories import aged
from stockade.errors import StockadeError, UsageError
from stockade.model.advisory import Feed, FeedState
from stockade.model.decision import Exit
from stockade.remember import folders
from stockade.remember.feeds import Feeds


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    actions = parser.add_subparsers(dest="feed_action", metavar="ACTION", required=True)
    sync = actions.add_parser(
        "sync",
        help="bring the copies on this machine up to date",
        description="Bring the copies of feeds on this machine up to date: what the policy's [[advisories.feeds]] name,"
        " else OSV's own. A feed that fails keeps its old copy, and the others are synced all the same.",
    )
    sync.add_argument("name", nargs="*", metavar="NAME", help="only these feeds of the policy (default: all)")
    sync.add_argument("--full", action="store_true", help="read them whole, not only what has changed")
    sync.add_argument(
        "--replace", action="store_true", help="also where the copy of that name comes from another address"
    )
    sync.add_argument(
        "--offline", action="store_true", help="no network: only feeds that are files or folders"
    )
    status = actions.add_parser(
        "status",
        help="what is here, and how old it is",
        description="Show which feeds are here, how many advisories each holds, and how old it is. Ends with 11 where"
        " one is older than the policy's [advisories] max-age, and with 3 where there is none.",
    )
    status.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    for one in (sync, status):
        one.add_argument(
            "--policy", type=Path, metavar="FILE", help="the policy to apply, instead of the one found"
        )
    export = actions.add_parser(
        "export",
        help="write every copy to one file, for a machine without network",
        description="Write the copies of all feeds to one file, with a checksum in it.",
    )
    export.add_argument("file", type=Path, metavar="FILE", help="where to")
    taken = actions.add_parser(
        "import",
        help="take in such a file",
        description="Take in what `stockade feed export` wrote on another machine, once its checksum is found right."
        " A copy that is newer than the one in the file stays.",
    )
    taken.add_argument("file", type=Path, metavar="FILE", help="the file")


def run(given: argparse.Namespace) -> Exit:
    """One action."""
    folder = folders.feeds_folder(os.environ)
    if given.feed_action == "sync":
        return _sync(given, folder)
    if given.feed_action == "status":
        return _status(given, folder)
    if given.feed_action == "export":
        for one in feed_file.export(folder, given.file):
            print(
                f"{one.name}: {one.records:,} records, of {one.checked:%Y-%m-%d %H:%M} UTC, in {given.file}"
            )
    else:
        for one in feed_file.taken_in(folder, given.file):
            print(f"{one.name}: {one.records:,} records, of {one.checked:%Y-%m-%d %H:%M} UTC")
    return Exit.ALLOWED


def _sync(given: argparse.Namespace, folder: Path) -> Exit:
    """Each feed by itself; the first failure's code, at the end."""
    use = common.rules(given.policy)
    wanted = _wanted(given.name, use.policy.feeds)
    codes: list[int] = []

    def heard(feed: Feed, came: Synced | StockadeError) -> None:
        if isinstance(came, StockadeError):
            codes.append(came.exit_code)
            print(f"stockade: {feed.name} was not synced: {shown(str(came))}", file=sys.stderr)
            print(f"  {shown(came.hint)}", file=sys.stderr)
            return
        print(_told(feed, came))
        common.aside(f"{feed.name}: {one}" for one in came.state.told)

    settings = index_settings(os.environ, home=Path.home(), cwd=Path.cwd())
    home = use.file.path.parent if use.file else Path.cwd()
    with Transport(settings) as transport:
        syncing = Syncing(
            folder=folder, transport=transport, now=datetime.now(UTC), home=home, offline=given.offline
        )
        sync_all(syncing, wanted, heard, whole=given.full, instead=given.replace)
    return Exit(codes[0]) if codes else Exit.ALLOWED


def _wanted(names: list[str], feeds: tuple[Feed, ...]) -> list[Feed]:
    known = {one.name: one for one in feeds}
    for name in names:
        if name not in known:
            raise UsageError(f"the policy has no feed {shown(name)}; it has {', '.join(known) or 'none'}")
    return [known[name] for name in dict.fromkeys(names)] if names else list(feeds)


def _told(feed: Feed, came: Synced) -> str:
    state = came.state
    what = f"{came.came:,} records read" if came.whole else f"{came.came:,} records changed"
    left = f", {state.unreadable:,} left out" if state.unreadable and came.whole else ""
    return f"{feed.name}: {what}{left}; {_holds(state)}"


def _holds(state: FeedState) -> str:
    return (
        f"{state.malicious:,} malicious and {state.advisories - state.malicious:,} other advisories are here"
    )


def _status(given: argparse.Namespace, folder: Path) -> Exit:
    use, now = common.rules(given.policy), datetime.now(UTC)
    notes: list[str] = []
    with Feeds(folder, note=notes.append) as book:
        states = book.states()
    told = aged(states, use.policy, now)
    if given.format == "json":
        print(feeds_document(told, use.policy.feeds_age, at=now), end="")
    else:
        for line in feeds_lines(told, use.policy.feeds_age, now):
            print(line)
    common.aside(notes)
    if any(one.stale for one in told):
        return Exit.UNDETERMINED
    return Exit.ALLOWED if states else Exit.NOTHING
