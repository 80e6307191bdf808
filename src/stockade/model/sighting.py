"""What the ledger remembers of environments, and what it says when a release turns out to be condemned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from stockade.model.project import ProjectName, Release


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A project of an environment that has another version now than the last time."""

    project: ProjectName
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """How an environment differs from what was written down of it last; `since` is when that was, None for never."""

    since: datetime | None = None
    added: tuple[Release, ...] = ()
    removed: tuple[Release, ...] = ()
    moved: tuple[Moved, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.moved)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownEnvironment:
    """An environment as it was last seen. `gone` is when it was first missed, None while it is there."""

    machine: str
    root: str
    kind: str
    name: str
    python: str
    first: datetime
    last: datetime
    gone: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """A distribution in an environment, from when to when. `at` is when its files came, by their own times, `last` the
    last audit that saw it, `gone` the first that didn't. `installer` is what INSTALLER names, `origin` the URL of PEP
    610."""

    release: Release
    folder: str
    first: datetime
    last: datetime
    at: datetime | None = None
    gone: datetime | None = None
    installer: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """What a person accepted in an environment, when, and why."""

    at: datetime
    releases: tuple[Release, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandRun:
    """A command that ran behind a gate. `run` is what its deliveries name; `command` and `folder` hold no logins."""

    at: datetime
    run: str
    machine: str
    command: str
    folder: str = ""


class SightingKind(StrEnum):
    """How the ledger knows that a release was somewhere."""

    #: It was in an environment when that was audited.
    ENVIRONMENT = "environment"
    #: A gate gave its files to somebody.
    DELIVERY = "delivery"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A place where a release was. `key` is the same for the same stay, for ever.

    `place` is the environment's root, or the client whom a gate gave it to; `at` is when its files came, by their own
    times or by the gate's clock, None where nobody knows; `first` and `last` are when it was seen there, `gone` when it
    was first missed. `by` names the installer, `command` what was run and `folder` where, each "" where it isn't known.
    """

    key: str
    kind: SightingKind
    release: Release
    machine: str
    place: str
    first: datetime
    last: datetime
    at: datetime | None = None
    gone: datetime | None = None
    by: str = ""
    command: str = ""
    folder: str = ""
    #: What kind of environment it is, "" for a delivery.
    within: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Something that people are told once. `document` is the whole of it as JSON (stockade-alert-1)."""

    key: str
    at: datetime
    title: str
    document: str
    project: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """An alert that one channel has still to tell; `attempts` failed so far."""

    id: int
    channel: str
    alert: Alert
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPlace:
    """A place that a credential lay in, from when to when; `gone` is the first inventory that missed it there."""

    where: str
    item: str
    readable: str
    first: datetime
    last: datetime
    gone: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCredential:
    """A credential that an inventory saw, from when to when. `secret` tells it from others: a keyed digest, or where it
    lies if it was not read. What has gone since may have been read before."""

    secret: str
    provider: str
    kind: str
    principal: str
    life: str
    first: datetime
    last: datetime
    made: datetime | None = None
    ends: datetime | None = None
    gone: datetime | None = None
    places: tuple[KnownPlace, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialChanges:
    """How the credentials of a home differ from what was written down of them last; `since` is when that was."""

    since: datetime | None = None
    came: tuple[KnownCredential, ...] = ()
    went: tuple[KnownCredential, ...] = ()
