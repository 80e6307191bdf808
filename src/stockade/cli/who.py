"""``stockade who``: is that name the one it seems to be? A card for a person, an object a line for a program."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence

from stockade import limits
from stockade.act.report import who_history
from stockade.act.report.look import look_of
from stockade.act.report.who import card, record
from stockade.act.report.who_history import Found
from stockade.analyse.identity.names import Names, valid
from stockade.cli import common
from stockade.cli.known import names
from stockade.errors import BadRequirement, UsageError
from stockade.model.decision import Exit
from stockade.model.project import project_name

#: Reads names from standard input.
_STDIN = "-"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument(
        "name", nargs="+", metavar="NAME", help="a project's name; -: from standard input, one a line"
    )
    parser.add_argument("--offline", action="store_true", help="no network: what the name alone tells")
    common.index_arguments(parser)
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
    for number, (name, found) in enumerate(zip(asked, _found(asked, given, table), strict=True)):
        about = table.about(name)
        if given.format == "json":
            line = json.loads(record(name, about, table.date))
            print(json.dumps(line | ({} if found is None else who_history.record(about, found))))
            continue
        lines = card(name, about, table, look)
        if found is not None:
            lines += [*who_history.rows(found, look), *who_history.last_row(about, found, look)]
        print(("\n" if number else "") + "\n".join(lines))
    return Exit.ALLOWED


def _found(asked: Sequence[str], given: argparse.Namespace, table: Names) -> Iterable[Found | None]:
    """What the index says of each name, in their order; None for all of them offline."""
    if given.offline:
        return [None] * len(asked)
    # Only now: names alone are answered in a few milliseconds, and an index client takes longer to import.
    from stockade.cli.who_index import looked_up

    return looked_up([project_name(name) for name in asked], given, table)


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
