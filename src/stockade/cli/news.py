"""``stockade news``: what happened in the field these days, and what of it touches you."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from stockade.act.news.grouping import Project, groups, projects
from stockade.act.news.touching import Mine, Touched
from stockade.act.report.look import look_of
from stockade.act.report.news import News, news_document, news_lines
from stockade.cli import common, keeping
from stockade.cli.ledger import opened
from stockade.decide.advisories import matches_among
from stockade.errors import NoFeeds
from stockade.model.decision import Exit
from stockade.model.project import ProjectName
from stockade.remember import folders
from stockade.remember.feeds import Feeds

#: Groups that don't touch you and are shown without being asked for.
_SHOWN = 10
_LONGEST = 3660


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument(
        "--days",
        type=_days,
        default=7,
        metavar="N",
        help="what was published in the last N days (default: 7)",
    )
    parser.add_argument(
        "--all", action="store_true", help=f"show more than {_SHOWN} groups that don't touch you"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    keeping.store_argument(parser)


def run(given: argparse.Namespace) -> Exit:
    """Read the feeds, group, compare, print."""
    now = datetime.now(UTC)
    since = now - timedelta(days=given.days)
    notes: list[str] = []
    with Feeds(folders.feeds_folder(os.environ), note=notes.append) as feeds:
        states = feeds.states()
        if not states:
            raise NoFeeds("there is no copy of a feed on this machine, so that there is no news")
        new = projects(feeds.since(since, malicious=True))
    touched, compared = _touched(given, new, notes)
    news = News(
        at=now,
        since=since,
        days=given.days,
        groups=groups(new),
        touched=touched,
        feeds=states,
        compared=compared,
        notes=common.once(notes),
    )
    if given.format == "json":
        print(news_document(news), end="")
    else:
        for line in news_lines(news, look_of(sys.stdout, os.environ), sys.maxsize if given.all else _SHOWN):
            print(line)
    return Exit.ALLOWED


def _touched(
    given: argparse.Namespace, new: Iterable[Project], notes: list[str]
) -> tuple[Mapping[ProjectName, tuple[Touched, ...]], bool]:
    """What of it touches what was ever here, and whether anything of that is known."""
    with opened(given.store, os.environ, notes) as ledger:
        releases = ledger.releases() if ledger is not None else frozenset()
        if ledger is None or not releases:
            return {}, False
        mine = Mine(releases, matches_among, ledger.sightings)
        found = {one.name: tuple(mine.touched(one)) for one in new}
    return {name: ways for name, ways in found.items() if ways}, True


def _days(text: str) -> int:
    days = common.count(text)
    if days > _LONGEST:
        raise argparse.ArgumentTypeError(f"a number from 1 to {_LONGEST}")
    return days
