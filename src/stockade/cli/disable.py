"""``stockade disable``: pip and uv of this user ask the index again that they asked before."""

from __future__ import annotations

import argparse
import os

from stockade.act.gate.enabling import done, taken_back
from stockade.act.gate.journal import read_journal
from stockade.act.report.shown import shown
from stockade.cli import common
from stockade.cli.enable import here, show
from stockade.model.decision import Exit
from stockade.remember import folders
from stockade.remember.files import locked


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument(
        "--dry-run", action="store_true", help="print what would be changed, and change nothing"
    )


def run(given: argparse.Namespace) -> Exit:
    """Take back what `stockade enable` changed, whatever else was changed since."""
    folder = folders.data_folder(os.environ)
    journal = read_journal(folder)
    if journal is None:
        print("no gate is in use by `stockade enable`; nothing was changed")
        return Exit.ALLOWED
    if given.dry_run:
        show(taken_back(here(), journal))
        return Exit.ALLOWED
    with locked(folder):
        plan = taken_back(here(), journal)
        done(plan, folder)
    for one in plan.changes:
        what = "is gone, as it was before" if one.after is None else "is as it was before"
        print(f"{one.installer}: {shown(str(one.path))} {what}.")
    common.aside(plan.notes)
    return Exit.ALLOWED
