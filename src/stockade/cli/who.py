"""``stockade who``: is that name the one it seems to be? A card for a person, an object a line for a program."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator

from stockade import limits
from stockade.act.report.look import look_of
from stockade.act.report.who import card, record
from stockade.analyse.identity.names import valid
from stockade.cli import common
from stockade.cli.known import names
from stockade.errors import BadRequirement, UsageError
from stockade.model.decision import Exit

#: Reads names from standard input.
_STDIN = "-"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument(
        "name", nargs="+", metavar="NAME", help="a project's name; -: from standard input, one a line"
    )
    parser.add_argument("--offline", action="store_true", help="no network: what the name alone tells")
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help="json: one object a line (default: text)"
    )


def run(given: argparse.Namespace) -> Exit:
    """Print what is known of each name; ends with 0 whatever that is."""
    asked = list(_asked(given.name))
    notes: list[str] = []
    table = names(notes)
    common.aside(notes)
    look = look_of(sys.stdout, os.environ)
    for number, name in enumerate(asked):
        about = table.about(name)
        if given.format == "json":
            print(record(name, about, table.date))
        else:
            print(("\n" if number else "") + "\n".join(card(name, about, table, look)))
    return Exit.ALLOWED


def _asked(words: list[str]) -> Iterator[str]:
    """The names, each looked at before the first is answered; raises UsageError."""
    for word in words:
        if word != _STDIN:
            yield _checked(word)
            continue
        for number, line in enumerate(_lines()):
            if number >= limits.MAX_ASKED:
                raise UsageError(f"standard input has more than {limits.MAX_ASKED:,} names")
            if line.strip():
                yield _checked(line.strip())


def _lines() -> Iterator[str]:
    """Lines of standard input, each at most a little longer than a name may be."""
    while line := sys.stdin.readline(limits.MAX_NAME_ASKED + 2):
        yield line


def _checked(name: str) -> str:
    if why := valid(name):
        raise BadRequirement(f"{name[:80]!r} is not a project name: {why}")
    return name
