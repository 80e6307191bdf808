"""``stockade decoy``: credentials that open nothing, planted where a thief looks, and who opens them is named."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from stockade.act.decoys.planting import free, plant, take_out
from stockade.act.report.shown import shown
from stockade.errors import DecoyFailed, NothingInspected, UsageError
from stockade.model.decision import Exit
from stockade.model.trap import Opened, Reader, Trap
from stockade.remember import folders
from stockade.remember.traps import keep_traps, traps

#: Who reads a whole home because a person wants a copy or an index of it.
EXPECTED = frozenset(
    (
        *("restic", "borg", "rsync", "tar", "duplicity", "deja-dup", "rclone", "kopia", "bup"),
        *("tracker-miner-f", "tracker-extract", "baloo_file", "updatedb", "localsearch-3"),
    )
)
#: Until a file that somebody has open is tried again.
_AGAIN = 0.5
#: How often, and how long after one another, it is looked who opens one.
_LOOKS, _MOMENT = 25, 0.01


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    actions = parser.add_subparsers(dest="decoy_action", metavar="ACTION", required=True)
    planted = actions.add_parser(
        "plant",
        help="put them where nothing lies",
        description="Plant decoy credentials in the home: never over a file that is there, none that a tool takes by"
        " itself, each with secrets of its own that open nothing.",
    )
    planted.add_argument("--home", type=Path, metavar="DIR", help="another home than yours")
    watched = actions.add_parser(
        "watch",
        help="name whoever opens one, until told to end",
        description="Watch the planted decoys without root: the kernel holds whoever opens one until it was looked who"
        " that is, for some milliseconds. Programs that copy or index whole homes are told and raise no alarm.",
    )
    watched.add_argument("--for", dest="seconds", type=float, metavar="SECONDS", help="end after that time")
    watched.add_argument(
        "--expect", action="append", default=[], metavar="NAME", help="one more program that may"
    )
    watched.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    actions.add_parser("list", help="which are planted, and whether they are still there")
    actions.add_parser(
        "remove",
        help="take them out again, without a trace",
        description="Take the decoys out, with the folders that were made for them. One that somebody changed is left.",
    )


def run(given: argparse.Namespace) -> Exit:
    """One action."""
    if sys.platform != "linux":
        raise UsageError("decoys are watched by file leases, which only Linux has")
    data = folders.data_folder(os.environ)
    if given.decoy_action == "plant":
        return _plant((given.home or Path.home()).resolve(), data)
    planted = traps(data)
    if given.decoy_action == "list":
        return _list(planted)
    if given.decoy_action == "remove":
        return _remove(planted, data)
    if not planted:
        raise NothingInspected("no decoy is planted: stockade decoy plant")
    return _watch(given, planted)


def _plant(home: Path, data: Path) -> Exit:
    planted = list(traps(data))
    count = len(planted)
    for bait, place in list(free(home, planted)):
        try:
            planted.append(plant(home, bait, place, datetime.now(UTC)))
        except OSError as why:
            print(f"{shown(str(place))} could not be planted: {why.strerror}", file=sys.stderr)
            continue
        # Each by itself: what lies there is known, whatever happens next.
        keep_traps(data, planted)
        print(f"planted  {shown(str(place))}  ({bait.what})")
    made = len(planted) - count
    print(f"{made} planted, {len(planted)} in all; `stockade decoy watch` hears who opens one.")
    return Exit.ALLOWED


def _list(planted: Sequence[Trap]) -> Exit:
    for one in planted:
        there = "" if os.path.lexists(one.path) else "  GONE"
        print(f"{shown(one.path)}  ({one.what}, planted {one.planted:%Y-%m-%d}){there}")
    print(f"{len(planted)} decoy{'s'[: len(planted) != 1]} planted.")
    return Exit.ALLOWED


def _remove(planted: Sequence[Trap], data: Path) -> Exit:
    left: list[Trap] = []
    for one in planted:
        why = take_out(one)
        if why:
            left.append(one)
            print(f"left     {shown(one.path)}: {why}")
        else:
            print(f"removed  {shown(one.path)}")
    keep_traps(data, left)
    if left:
        raise DecoyFailed(f"{len(left)} of {len(planted)} decoys were left where they are")
    return Exit.ALLOWED


def _watch(given: argparse.Namespace, planted: Sequence[Trap]) -> Exit:
    """Until the time is over, or Ctrl-C; ends with 10 where somebody opened one who is not expected to."""
    expected = EXPECTED | frozenset(given.expect)
    end = time.monotonic() + given.seconds if given.seconds is not None else float("inf")
    alarm = False
    print(f"watching {len(planted)} decoys; Ctrl-C ends it", file=sys.stderr, flush=True)
    try:
        for opened in openings(planted, end):
            quiet = opened.reader is not None and os.path.basename(opened.reader.program) in expected
            alarm = alarm or not quiet
            print(_json(opened, quiet) if given.format == "json" else _text(opened, quiet), flush=True)
    except KeyboardInterrupt:
        pass
    return Exit.BLOCKED if alarm else Exit.ALLOWED


def openings(planted: Sequence[Trap], end: float) -> Iterator[Opened]:
    """Who opens one, until `end` by the monotonic clock. Whoever does waits no longer than it takes to look."""
    from stockade.act.decoys.leases import Leases
    from stockade.act.decoys.readers import reader_of

    by_path = {one.path: one for one in planted}
    with Leases() as leases:
        while True:
            for path in by_path:
                leases.take(path)
            rest = end - time.monotonic()
            if rest <= 0:
                return
            whole = len(leases.held) == len(by_path)
            for path in leases.wait(min(rest, 3600.0 if whole else _AGAIN)):
                # 1. Look while the kernel holds it. 2. Let it go, before anything is told.
                reader = _seen(path, reader_of)
                leases.drop(path)
                yield Opened(at=datetime.now(UTC), trap=by_path[path], reader=reader)


def _seen(path: str, look: Callable[[str], Reader | None]) -> Reader | None:
    """Who it is. We hear of an opener a moment before the kernel puts it to sleep; one that does not wait is gone."""
    for _ in range(_LOOKS):
        if found := look(path):
            return found
        time.sleep(_MOMENT)
    return None


def _text(one: Opened, quiet: bool) -> str:
    at = f"{one.at:%Y-%m-%d %H:%M:%S} UTC"
    if one.reader is None:
        return f"{at}  {shown(one.trap.path)} was opened by somebody who could not be named"
    who = one.reader
    by = f", started by {shown(who.started_by[0], limit=120)}" if who.started_by else ""
    kind = "expected" if quiet else "ALARM"
    told = (
        f"{shown(who.command, limit=160)} (pid {who.pid}, {shown(who.program)}, in {shown(who.folder)}{by})"
    )
    return f"{at}  {kind}: {shown(one.trap.path)} ({one.trap.what}) is opened by {told}"


def _json(one: Opened, quiet: bool) -> str:
    who = one.reader
    value = {
        "schema": "stockade-decoy-1",
        "at": one.at.isoformat(timespec="milliseconds"),
        "path": one.trap.path,
        "what": one.trap.what,
        "expected": quiet,
        "reader": None
        if who is None
        else {
            "pid": who.pid,
            "command": who.command,
            "program": who.program,
            "folder": who.folder,
            "started_by": list(who.started_by),
        },
    }
    return json.dumps(value, ensure_ascii=True)
