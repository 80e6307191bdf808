"""``stockade creds``: which credentials a package that runs as you could read, and what is wrong with them."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from stockade.acquire.credentials.home import Home
from stockade.acquire.credentials.inventory import Scope, inventory
from stockade.act.report.credentials import (
    Credentials,
    Held,
    credentials_document,
    credentials_lines,
    snapshot_document,
    snapshot_lines,
)
from stockade.act.report.look import look_of
from stockade.cli import common, keeping
from stockade.cli.ledger import opened, this_machine
from stockade.decide.credentials import action_on, concerns, ended
from stockade.decide.policy import Policy
from stockade.errors import LedgerMissing, NotFound
from stockade.model.credential import Credential
from stockade.model.decision import Exit
from stockade.remember import folders
from stockade.remember.own_key import own_key
from stockade.remember.traps import traps


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    actions = parser.add_subparsers(dest="creds_action", metavar="ACTION", required=True)
    listed = actions.add_parser(
        "list",
        help="every credential that a package running as you could read",
        description="List every credential that a package running as you could read: provider, kind, whose, age,"
        " lifetime and places. Secrets are compared by a keyed digest, and never shown, kept or sent.",
    )
    checked = actions.add_parser(
        "check",
        help="hold them against policy",
        description="Hold every credential against the policy's [credentials]: too old, readable by others, in a"
        " working tree, no MFA. Ends with 10 where a rule is broken, and with 12 where a person has to look.",
    )
    checked.add_argument(
        "--policy", type=Path, metavar="FILE", help="the policy to apply, instead of the one found"
    )
    snapshot = actions.add_parser(
        "snapshot",
        help="write them down, and say what came and went since the last time",
        description="Write down which credentials are here now, never a secret, so that one that is deleted later still"
        " counts when a package turns out to have been malicious; and say what came and went since the last time.",
    )
    keeping.store_argument(snapshot)
    for one in (listed, checked, snapshot):
        one.add_argument(
            "--home",
            type=Path,
            metavar="DIR",
            help="another home than yours, such as a mounted one: no variables and no processes are looked at then",
        )
        one.add_argument(
            "--no-loose",
            dest="loose",
            action="store_false",
            help="only the places where tools keep them: no .env files, notebooks or settings of projects",
        )
        one.add_argument("--format", choices=("text", "json"), default="text", help="default: text")


def run(given: argparse.Namespace) -> Exit:
    """Look, hold against policy or write down if asked, print."""
    now = datetime.now(UTC)
    missed: dict[str, str] = {}
    checked = given.creds_action == "check"
    policy = common.rules(given.policy).policy if checked else Policy()
    scope = _scope(given, missed)
    key = own_key(folders.data_folder(os.environ))
    found = inventory(scope, key)
    if given.creds_action == "snapshot":
        return _snapshot(given, scope, found, now, missed)
    held = [_held(one, policy, now, checked=checked) for one in found]
    report = Credentials(
        at=now,
        home=str(scope.home.root),
        held=held,
        checked=checked,
        policy=policy.source if checked else "",
        notes=tuple(missed),
    )
    if given.format == "json":
        print(credentials_document(report), end="")
    else:
        for line in credentials_lines(report, look_of(sys.stdout, os.environ)):
            print(line)
    return ended(one.action for one in held) if checked else Exit.ALLOWED


def _snapshot(
    given: argparse.Namespace,
    scope: Scope,
    found: Sequence[Credential],
    now: datetime,
    missed: Mapping[str, str],
) -> Exit:
    """Write down, and say what came and went."""
    notes: list[str] = []
    with opened(given.store, os.environ, notes) as store:
        if store is None:
            raise LedgerMissing(notes[0])
        hidden = [where for where in missed.values() if where]
        root = str(scope.home.root)
        changes = store.remember_credentials(this_machine(), root, found, now, hidden=hidden)
    if given.format == "json":
        print(snapshot_document(changes, root, now, tuple(missed)), end="")
    else:
        for line in snapshot_lines(changes, len(found), look_of(sys.stdout, os.environ), tuple(missed)):
            print(line)
    return Exit.ALLOWED


def _scope(given: argparse.Namespace, missed: dict[str, str]) -> Scope:
    """What is looked at; `missed` takes what could not be read, as sentences with where that is."""
    skipped = frozenset(one.path for one in traps(folders.data_folder(os.environ)))
    if given.home is None:
        home = Home(root=Path.home(), environ=os.environ, say=missed.__setitem__, skipped=skipped)
        return Scope(home=home, environ=os.environ, loose=given.loose)
    if not given.home.is_dir():
        raise NotFound(f"{given.home} is no folder")
    home = Home(root=given.home.resolve(), say=missed.__setitem__, skipped=skipped)
    return Scope(home=home, environ={}, proc=None, pod=None, loose=given.loose)


def _held(one: Credential, policy: Policy, now: datetime, *, checked: bool) -> Held:
    if not checked:
        return Held(credential=one)
    found = tuple(concerns(one, policy, now))
    actions = tuple((each, policy.credentials[each.fault]) for each in found)
    return Held(credential=one, concerns=actions, action=action_on(found, policy))
