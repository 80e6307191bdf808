"""``stockade respond``: a package turned out to be malicious; where it was, what it could have taken, what to do."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from stockade import limits
from stockade.acquire.credentials.home import Home
from stockade.acquire.credentials.inventory import Scope, inventory
from stockade.acquire.credentials.uses import uses
from stockade.acquire.environments.dists import Dist, dists, entries_of
from stockade.acquire.environments.find import environment_at, find
from stockade.act.report.look import look_of
from stockade.act.report.response import Response, response_document, response_lines
from stockade.cli import common, keeping
from stockade.cli.ledger import opened, this_machine
from stockade.decide.exposure import exposures, window
from stockade.errors import NothingInspected, UsageError
from stockade.model.credential import Credential, Kind, Life, Place
from stockade.model.decision import Exit
from stockade.model.environment import Environment
from stockade.model.exposure import Level, Stayed
from stockade.model.project import ProjectName, Release, Requirement, requirement
from stockade.model.sighting import KnownCredential
from stockade.remember import folders
from stockade.remember.feeds import Feeds
from stockade.remember.own_key import own_key
from stockade.remember.traps import traps


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument(
        "package", metavar="PACKAGE", help="what turned out to be malicious: NAME or NAME==VERSION"
    )
    parser.add_argument(
        "--plan",
        action="store_true",
        help="show all of it and touch nothing; the only thing that it does so far",
    )
    parser.add_argument(
        "--env",
        type=Path,
        action="append",
        metavar="DIR",
        help="look only into these environments (default: all of this machine)",
    )
    parser.add_argument(
        "--home",
        type=Path,
        metavar="DIR",
        help="whose credentials were in reach: another home than yours, without variables and processes",
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    keeping.store_argument(parser)


def run(given: argparse.Namespace) -> Exit:
    """Find it, find what was in its reach, print."""
    if not given.plan:
        raise UsageError("respond only plans so far: stockade respond PACKAGE --plan")
    wanted = _wanted(given.package)
    now = datetime.now(UTC)
    notes: list[str] = []
    scope = _scope(given, notes)
    found = list(inventory(scope, own_key(folders.data_folder(os.environ))))
    stays, known = _remembered(given, wanted, scope, notes)
    modules: set[str] = set()
    for stay, names in _here(given, wanted, now, notes):
        # What the ledger knows of the same place says since when.
        earlier = [one for one in stays if one.place == stay.place and one.release == stay.release]
        stays = [one for one in stays if one not in earlier]
        stays.append(replace(stay, first=min([stay.first, *(one.first for one in earlier)])))
        modules |= names
    if not stays:
        raise NothingInspected(f"{given.package} is in no environment here, and no audit or gate ever saw it")
    gone = [_gone(one) for one in known if one.gone is not None]
    everything: list[tuple[Credential, datetime | None]] = [*((one, None) for one in found), *gone]
    used = list(uses(scope.home, modules or {wanted.name.replace("-", "_")}, [one for one, _ in everything]))
    span = window(stays)
    plan = Response(
        at=now,
        package=given.package,
        stays=sorted(stays, key=lambda one: one.first),
        window=span,
        uses=used,
        exposures=exposures(span, everything, used),
        does=_does(wanted.name, notes),
        notes=common.once(notes),
    )
    if given.format == "json":
        print(response_document(plan), end="")
    else:
        for line in response_lines(plan, look_of(sys.stdout, os.environ)):
            print(line)
    return Exit.BLOCKED if any(one.level is not Level.NOT for one in plan.exposures) else Exit.ALLOWED


def _wanted(text: str) -> Requirement:
    wanted = requirement(text)
    if wanted.url or wanted.marker or (wanted.specifier and not wanted.pin):
        raise UsageError(f"{text}: write it as NAME or NAME==VERSION")
    return wanted


def _scope(given: argparse.Namespace, notes: list[str]) -> Scope:
    def say(sentence: str, where: str) -> None:
        notes.append(sentence)

    skipped = frozenset(one.path for one in traps(folders.data_folder(os.environ)))
    if given.home is None:
        home = Home(root=Path.home(), environ=os.environ, say=say, skipped=skipped)
        return Scope(home=home, environ=os.environ)
    home = Home(root=given.home.resolve(), say=say, skipped=skipped)
    return Scope(home=home, environ={}, proc=None, pod=None)


def _remembered(
    given: argparse.Namespace, wanted: Requirement, scope: Scope, notes: list[str]
) -> tuple[list[Stayed], Sequence[KnownCredential]]:
    """Where the ledger saw it, and which credentials it saw."""
    with opened(given.store, os.environ, notes) as ledger:
        if ledger is None:
            return [], ()
        sought = [one for one in ledger.releases() if _is(wanted, one.name, one.version)]
        stays = [
            Stayed(
                release=each.release,
                place=each.place,
                first=min(each.at or each.first, each.first),
                last=each.last,
                gone=each.gone,
                by=each.by,
                command=each.command,
            )
            for many in ledger.sightings(sought).values()
            for each in many
        ]
        return stays, ledger.credentials(this_machine(), str(scope.home.root))


def _here(
    given: argparse.Namespace, wanted: Requirement, now: datetime, notes: list[str]
) -> Iterator[tuple[Stayed, set[str]]]:
    """Where it is now, with the names that it is imported by."""
    for one in _environments(given, notes):
        for site in one.site:
            for dist in dists(site, entries_of(site, notes.append), notes.append):
                held = dist.installed
                if _is(wanted, held.name, held.version):
                    stay = Stayed(
                        release=Release(name=held.name, version=held.version),
                        place=one.root,
                        first=held.at or now,
                        last=now,
                        by=held.installer,
                    )
                    yield stay, _modules(dist, site)


def _environments(given: argparse.Namespace, notes: list[str]) -> Iterator[Environment]:
    if not given.env:
        yield from find([Path.home()], Path.home(), os.environ, note=notes.append)
        return
    for path in given.env:
        found = environment_at(path, note=notes.append)
        if found is None:
            raise NothingInspected(f"{path} is no environment")
        yield found


def _is(wanted: Requirement, name: ProjectName, version: str) -> bool:
    return name == wanted.name and (not wanted.pin or version == wanted.pin)


def _modules(dist: Dist, site: str) -> set[str]:
    """Top-level names that it brings, without its own metadata."""
    own = (os.path.relpath(row.path, site) for row in dist.rows or ())
    tops = {path.split(os.sep, 1)[0] for path in own} | set(dist.loose)
    return {
        one.removesuffix(".py")
        for one in tops
        if one.removesuffix(".py").isidentifier() and one not in {"bin", "__pycache__"}
    }


def _gone(one: KnownCredential) -> tuple[Credential, datetime | None]:
    """What the ledger knows of a credential that is not here any more."""
    return (
        Credential(
            provider=one.provider,
            kind=Kind(one.kind),
            principal=one.principal,
            fingerprint=one.secret if len(one.secret) == _DIGITS else "",
            life=Life(one.life),
            created=one.made,
            expires=one.ends,
            known_since=one.first,
            places=tuple(Place(where=each.where, item=each.item) for each in one.places),
        ),
        one.gone,
    )


#: Of a fingerprint.
_DIGITS = 32


def _does(name: ProjectName, notes: list[str]) -> tuple[str, ...]:
    """What advisories say that it does."""
    with Feeds(folders.feeds_folder(os.environ), note=notes.append) as feeds:
        found = [one for one in feeds.about([name]).get(name, ()) if one.malicious and one.withdrawn is None]
    return tuple(dict.fromkeys(one.summary for one in found if one.summary))[: limits.MAX_LINKS]
