"""``--every``, ``--install`` and ``--uninstall``: a command that is run every so often from now on, or no more."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

from stockade.act.report.shown import shown
from stockade.act.schedule.choose import MANAGERS, set_up, taken_out
from stockade.act.schedule.jobs import Machine, job, this_machine
from stockade.act.schedule.plan import Step, carried_out, shown_steps
from stockade.decide.policyfile import duration, spell
from stockade.errors import UsageError
from stockade.model.decision import Exit

NEVER = timedelta(0)
_WORDS = {
    "never": NEVER,
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
}
_FILE = "sqlite:///"
#: What of an address of PostgreSQL is a login, beside what stands before its @.
_SECRET = frozenset({"user", "password", "sslpassword"})
_LEAST, _MOST = timedelta(minutes=5), timedelta(weeks=4)


def every(text: str) -> timedelta:
    """How often, for argparse: hour, day, week, 30m, 6h; never is NEVER."""
    if (found := _WORDS.get(text)) is not None:
        return found
    try:
        length = duration(text)
    except ValueError:
        length = NEVER
    if not _LEAST <= length <= _MOST:
        raise argparse.ArgumentTypeError("hour, day, week, never, or a duration from 5m to 4w")
    return length


def scheduling_arguments(parser: argparse.ArgumentParser) -> None:
    """Options beside the one that asks for it."""
    parser.add_argument(
        "--scheduler",
        choices=tuple(MANAGERS),
        help="what starts it (default: systemd's user manager or launchd if there is one, else cron)",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="print what would be written and run, and change nothing"
    )


def store_words(store: str | None) -> list[str]:
    """`--store` for the command that a timer starts: others can read it, and it runs in another folder.

    Raises UsageError for a store with a login.
    """
    if store is None:
        return []
    if store.startswith(_FILE):
        return ["--store", _FILE + os.path.abspath(store.removeprefix(_FILE))]
    parts = urlsplit(store)
    if "@" in parts.netloc or _SECRET & {key.lower() for key, _ in parse_qsl(parts.query)}:
        raise UsageError(
            "a timer cannot be told a store with a login; have it in PGPASSFILE or pg_service.conf"
        )
    return ["--store", store]


def schedule(
    name: str,
    arguments: Sequence[str],
    length: timedelta,
    *,
    purpose: str,
    undo: str,
    given: argparse.Namespace,
    machine: Machine | None = None,
) -> Exit:
    """Run ``stockade ARGUMENTS`` every `length` from now on, or no more where that is NEVER; says what was done.

    `name` is the job's ("audit", "watch"), `undo` the command that takes it out. Raises ScheduleFailed.
    """
    where = machine if machine is not None else this_machine()
    if length == NEVER:
        steps = taken_out(name, where)
        said = f"{name} is no longer run by itself." if steps else f"{name} was not run by itself."
        return _done(steps, said, given)
    made = job(name, tuple(arguments), length, purpose, undo)
    manager, steps = set_up(made, where, given.scheduler)
    said = (
        f"`{_spelt(made.words)}` runs every {spell(length)} from now on, by {manager}; `{undo}` takes it out."
    )
    return _done(steps, said, given)


def _done(steps: Sequence[Step], said: str, given: argparse.Namespace) -> Exit:
    if given.dry_run:
        for line in shown_steps(steps):
            print(line)
        if not steps:
            print("nothing would be changed")
        return Exit.ALLOWED
    carried_out(steps)
    print(shown(said, limit=600))
    return Exit.ALLOWED


def _spelt(words: Sequence[str]) -> str:
    return " ".join(word if re.fullmatch(r"[\w@%+=:,./-]+", word) else repr(word) for word in words)
