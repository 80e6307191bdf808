"""Copies of what others publish about releases: one SQLite file a feed, replaced whole or not at all.

A copy can be made again, so it lives apart from what a person would miss. Every change is written to a new file that
takes the old one's name when all of it is on disk: whoever reads meanwhile keeps the old one, nobody ever sees half of
a change, and no journal of a killed writer can meet a file that it does not belong to
(docs/decisions/0012-advisories.md).
"""

from stockade.remember.feeds.form import FOLDER, SCHEMA, path_of
from stockade.remember.feeds.reading import Feeds, every, modified, state
from stockade.remember.feeds.writing import changed, forgotten, replaced, turn

__all__ = [
    "FOLDER",
    "SCHEMA",
    "Feeds",
    "changed",
    "every",
    "forgotten",
    "modified",
    "path_of",
    "replaced",
    "state",
    "turn",
]
