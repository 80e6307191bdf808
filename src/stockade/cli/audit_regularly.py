"""``stockade audit --every``: the same audit from now on, by a timer of the system's, wherever that starts it."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from pathlib import Path

from stockade.cli.common import Rules
from stockade.cli.known import NONE
from stockade.cli.scheduling import NEVER, schedule, store_words
from stockade.errors import UsageError
from stockade.model.decision import Exit

_UNDO = "stockade audit --every never"
#: Options that a timer repeats as they are.
_FLAGS = ("all", "no_code", "no_ledger", "verify_index", "compiled", "offline", "no_cache")


def regularly(given: argparse.Namespace, use: Rules, roots: list[str]) -> Exit:
    """Set the timer up, or take it out. `roots` are the environments that the command means now.

    Raises UsageError for what no timer should do by itself, ScheduleFailed.
    """
    if given.fix:
        raise UsageError("--fix changes environments; a timer only looks, and tells")
    if given.index_url or given.extra_index_url:
        raise UsageError("a timer's command can be read by others; configure the index for pip or uv instead")
    purpose = "Stockade: a regular audit of what is installed"
    words = [] if given.every == NEVER else ["audit", *_words(given, use, roots)]
    return schedule("audit", words, given.every, purpose=purpose, undo=_UNDO, given=given)


def _words(given: argparse.Namespace, use: Rules, roots: list[str]) -> Iterator[str]:
    """The command's options, with whole paths: a timer starts it in another folder."""
    for name in _FLAGS:
        if getattr(given, name):
            yield f"--{name.replace('_', '-')}"
    policy: Path | None = given.policy or (use.file.path if use.file else None)
    without = given.reference == NONE
    for name, path in (
        *(("root", one) for one in given.root),
        *(("against", one) for one in given.against),
        ("policy", policy),
        ("output", given.output),
        ("reference", None if without else given.reference),
    ):
        if path is not None:
            yield from (f"--{name}", os.path.abspath(path))
    yield from store_words(given.store)
    for name, value in (
        ("since", given.since),
        ("jobs", given.jobs),
        ("reference", NONE if without else None),
    ):
        if value is not None:
            yield from (f"--{name}", str(value))
    yield from ("--format", given.format, "--evidence", given.evidence)
    if not given.all:
        yield from roots
