"""``stockade creds``: which credentials a package that runs as you could read, and what is wrong with them."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from stockade.acquire.credentials.home import Home
from stockade.acquire.credentials.inventory import Scope, inventory
from stockade.act.report.credentials import Credentials, Held, credentials_document, credentials_lines
from stockade.act.report.look import look_of
from stockade.cli import common
from stockade.decide.credentials import action_on, concerns, ended
from stockade.decide.policy import Policy
from stockade.errors import NotFound
from stockade.model.credential import Credential
from stockade.model.decision import Exit
from stockade.remember import folders
from stockade.remember.own_key import own_key


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
    for one in (listed, checked):
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
    """Look, hold against policy if asked, print."""
    now = datetime.now(UTC)
    notes: list[str] = []
    checked = given.creds_action == "check"
    policy = common.rules(given.policy).policy if checked else Policy()
    scope = _scope(given, notes)
    key = own_key(folders.data_folder(os.environ))
    held = [_held(one, policy, now, checked=checked) for one in inventory(scope, key)]
    report = Credentials(
        at=now,
        home=str(scope.home.root),
        held=held,
        checked=checked,
        policy=policy.source if checked else "",
        notes=common.once(notes),
    )
    if given.format == "json":
        print(credentials_document(report), end="")
    else:
        for line in credentials_lines(report, look_of(sys.stdout, os.environ)):
            print(line)
    return ended(one.action for one in held) if checked else Exit.ALLOWED


def _scope(given: argparse.Namespace, notes: list[str]) -> Scope:
    if given.home is None:
        home = Home(root=Path.home(), environ=os.environ, say=notes.append)
        return Scope(home=home, environ=os.environ, loose=given.loose)
    if not given.home.is_dir():
        raise NotFound(f"{given.home} is no folder")
    home = Home(root=given.home.resolve(), say=notes.append)
    return Scope(home=home, environ={}, proc=None, pod=None, loose=given.loose)


def _held(one: Credential, policy: Policy, now: datetime, *, checked: bool) -> Held:
    if not checked:
        return Held(credential=one)
    found = tuple(concerns(one, policy, now))
    actions = tuple((each, policy.credentials[each.fault]) for each in found)
    return Held(credential=one, concerns=actions, action=action_on(found, policy))
