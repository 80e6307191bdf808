"""``stockade env``: a virtual environment whose python, pip and console scripts start in a jail."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from stockade.acquire.jail.bubblewrap import find
from stockade.acquire.jail.venv import VARIABLE, make
from stockade.acquire.jail.venv_record import Change, Record, changes, document, path_of, read, restore
from stockade.act.report.shown import shown
from stockade.errors import UsageError
from stockade.model.decision import Exit
from stockade.remember.files import keep_private
from stockade.remember.folders import data_folder


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    actions = parser.add_subparsers(dest="env_action", metavar="ACTION", required=True)
    made = actions.add_parser(
        "create",
        help="make one",
        description="Make a virtual environment whose python, pip and console scripts start in a jail: in the profile"
        " `run`, pip in `install`, or the one that STOCKADE_JAIL names; STOCKADE_JAIL=off starts them without walls.",
    )
    made.add_argument("--python", metavar="PROGRAM", help="the interpreter (default: Stockade's own)")
    made.add_argument(
        "--index",
        metavar="URL",
        help="the gate's index, for pip and uv (default: the standing gate's, if `stockade enable` is in force)",
    )
    made.add_argument(
        "--pth",
        action="append",
        default=[],
        metavar="NAME",
        help="a .pth file that may come into it, by name: each runs whenever Python starts",
    )
    checked = actions.add_parser(
        "check",
        help="say whether it still is what it was",
        description="Say whether an environment still is what it was made as: launchers, settings, what shells source,"
        " start-up files, and first lines of console scripts. Ends with 10 where it isn't.",
    )
    checked.add_argument(
        "--restore", action="store_true", help="put launchers and settings back, and say which"
    )
    started = actions.add_parser(
        "run",
        help="start something in it that installs (its launchers do that for pip)",
        description="Start something in the profile `install`, and put launchers and settings back afterwards, if"
        " what was installed has changed them.",
    )
    for one in (made, checked, started):
        one.add_argument("folder", type=Path, metavar="FOLDER", help="the environment, as .venv")
    started.add_argument("words", nargs=argparse.REMAINDER, metavar="-- COMMAND", help="what to start")


def run(given: argparse.Namespace) -> Exit | int:
    """Create, check, or start."""
    kept = data_folder(os.environ)
    if given.env_action == "create":
        return _create(given, kept)
    record = read(given.folder, kept)
    if given.env_action == "check":
        return _check(record, put_back=given.restore)
    return _run(given, record)


def _create(given: argparse.Namespace, kept: Path) -> Exit:
    made = make(given.folder, index=_index(given, kept), base=given.python)
    place = path_of(made.folder, kept)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    keep_private(place, document(made, given.pth))
    print(f"{shown(str(made.folder))} is made: its python and all that is installed into it start in a jail.")
    print(
        f"`{VARIABLE}=off` starts one without walls; `stockade env check` tells whether it still is what it was."
    )
    return Exit.ALLOWED


def _index(given: argparse.Namespace, kept: Path) -> str:
    """The gate that is asked for, or that stands."""
    from stockade.act.gate import address
    from stockade.act.gate.journal import read_journal

    if given.index:
        return address.checked(given.index)
    journal = read_journal(kept)
    return journal.gate if journal else ""


def _check(record: Record, *, put_back: bool) -> Exit:
    if put_back:
        _told(restore(record), "was put back: it")
    found = list(changes(record))
    for one in found:
        print(f"{shown(one.path)} {one.what}")
    if any(not one.told for one in found):
        return Exit.BLOCKED
    print(f"{shown(str(record.folder))} is what it was made as.")
    return Exit.ALLOWED


def _run(given: argparse.Namespace, record: Record) -> int:
    """In the profile `install`; where there are mounts, what guards the environment is read-only even then."""
    from stockade.cli import main

    words = given.words[1:] if given.words[:1] == ["--"] else given.words
    if not words:
        raise UsageError("say what to start: stockade env run .venv -- .venv/bin/python -m pip list")
    guards = [word for name in record.files for word in ("--read", str(record.folder / name))]
    os.environ.update({VARIABLE: "inside", "VIRTUAL_ENV": str(record.folder)})
    how = ["jail", "--profile", "install", "--keep-env", VARIABLE, "--keep-env", "UV_CONFIG_FILE"]
    code = main([*how, *(guards if find(os.environ) else ()), "--", *words])
    back = restore(record)
    _told(back, "was changed while something was installed, and is put back: it")
    return code or (Exit.BLOCKED if back else Exit.ALLOWED)


def _told(back: list[Change], how: str) -> None:
    for one in back:
        print(f"stockade: {shown(one.path)} {how} {one.what}", file=sys.stderr)
