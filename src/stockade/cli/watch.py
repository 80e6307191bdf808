"""``stockade watch``: keeps the feeds and the ledger up to date, and tells you what of yours is condemned by now."""

from __future__ import annotations

import argparse
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from stockade.act.notify.channels import Channel
from stockade.act.notify.courier import Courier
from stockade.act.notify.message import message, trial
from stockade.act.notify.settings import Settings, channels, read_settings
from stockade.act.report.shown import shown
from stockade.act.watching import Watch
from stockade.cli import keeping
from stockade.cli.ledger import opened, this_machine
from stockade.cli.looking import Looking, looking_arguments
from stockade.cli.scheduling import NEVER, every, schedule, scheduling_arguments, store_words
from stockade.errors import LedgerMissing, NotifyFailed, UsageError
from stockade.model.decision import Exit
from stockade.remember import folders

if TYPE_CHECKING:
    from stockade.remember.durable.store import Durable

#: Alerts that --alerts shows.
_SHOWN = 20
_UNDO = "stockade watch --uninstall"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    one = parser.add_mutually_exclusive_group()
    one.add_argument("--once", action="store_true", help="look once and end, as timers do")
    one.add_argument(
        "--install", action="store_true", help="have it looked regularly from now on, without a terminal"
    )
    one.add_argument("--uninstall", action="store_true", help="take that out again")
    one.add_argument("--try", action="store_true", dest="trial", help="tell each channel that it works")
    one.add_argument(
        "--alerts", action="store_true", help="show the last alerts, and what is still to be told"
    )
    parser.add_argument(
        "--every",
        type=every,
        metavar="TIME",
        help="how often: hour, day, 30m, 6h (default: as in watch.toml, else 1h)",
    )
    looking_arguments(parser)
    scheduling_arguments(parser)
    keeping.store_argument(parser)


def run(given: argparse.Namespace) -> Exit:
    """Look, until told to end; or what else was asked for."""
    folder = folders.config_folder(os.environ)
    settings = read_settings(folder)
    if given.every == NEVER:
        raise UsageError("--every says how often; `stockade watch --uninstall` ends it")
    if given.dry_run and not (given.install or given.uninstall):
        raise UsageError("--dry-run goes with --install or --uninstall")
    if given.install or given.uninstall:
        return _scheduled(given, settings)
    told = channels(settings, folder, os.environ, keeping.say)
    if given.trial:
        return _tried(told)
    notes: list[str] = []
    with opened(given.store, os.environ, notes) as ledger:
        if ledger is None:
            raise LedgerMissing("a watch looks back into the ledger, and its libraries are not installed")
        if given.alerts:
            return _alerts(ledger)
        return _watched(given, settings, told, ledger)


def _watched(given: argparse.Namespace, settings: Settings, told: Sequence[Channel], ledger: Durable) -> Exit:
    machine = this_machine()
    courier = Courier(ledger, machine, told, clock=_now, says=keeping.say)
    with _ending() as stop, Looking(given, ledger, machine, stop, clock=_now) as looking:
        watch = Watch(
            sync=looking.sync,
            audit=looking.audit,
            matches=looking.matches,
            ledger=ledger,
            courier=courier,
            machine=machine,
            clock=_now,
            says=keeping.say,
            stop=stop,
        )
        if not given.once:
            length = given.every or settings.every
            keeping.say(f"watching, every {int(length.total_seconds() // 60)} min; Ctrl-C ends it")
            watch.run(length)
            return Exit.ALLOWED
        found = watch.look()
    if found.raised:
        return Exit.BLOCKED
    return Exit.UNDETERMINED if found.problems else Exit.ALLOWED


def _scheduled(given: argparse.Namespace, settings: Settings) -> Exit:
    if given.install and settings.variables:
        names = ", ".join(settings.variables)
        keeping.say(
            f"a timer has none of your variables: put what {names} holds into a file (url-file, secret-file)"
        )
    arguments = ["watch", "--once", *store_words(given.store)]
    if given.policy:
        arguments += ["--policy", os.path.abspath(given.policy)]
    for root in given.root:
        arguments += ["--root", os.path.abspath(root)]
    arguments += [f"--{name}" for name in ("offline", "no-search") if getattr(given, name.replace("-", "_"))]
    length = NEVER if given.uninstall else given.every or settings.every
    purpose = "look for condemned releases among what is installed"
    return schedule("watch", arguments, length, purpose=purpose, undo=_UNDO, given=given)


def _tried(told: Sequence[Channel]) -> Exit:
    said = trial(_now())
    failed = False
    for channel in told:
        try:
            channel.tell(said)
        except NotifyFailed as why:
            failed = True
            print(f"{channel.name}: {shown(str(why))}")
        else:
            print(f"{channel.name}: told")
    if not told:
        print("nobody would be told: watch.toml turns the terminal off and names no webhook")
    return Exit.ASK if failed or not told else Exit.ALLOWED


def _alerts(ledger: Durable) -> Exit:
    last = ledger.alerts(_SHOWN)
    for one in reversed(last):
        print(f"{one.at:%Y-%m-%d %H:%M} UTC  {shown(one.title)}")
        for line in message([one]).lines:
            print(f"    {shown(line, limit=400)}")
    if not last:
        print("no alert was raised yet")
    for channel, title, problem in ledger.untold(this_machine()):
        print(f"not told yet by {shown(channel)}: {shown(title)}{f' ({shown(problem)})' if problem else ''}")
    return Exit.ALLOWED


@contextmanager
def _ending() -> Iterator[threading.Event]:
    """Set by SIGTERM and Ctrl-C: what is under way is done first. A second one ends it at once; nothing is lost by that
    either."""
    stop = threading.Event()
    before: dict[signal.Signals, Callable[..., object] | int | None] = {}

    def end(*_: object) -> None:
        stop.set()
        for number in before:
            signal.signal(number, signal.SIG_DFL)

    for number in (signal.SIGTERM, signal.SIGINT):
        before[number] = signal.signal(number, end)
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _now() -> datetime:
    return datetime.now(UTC)
