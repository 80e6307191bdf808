"""What others have published about releases: that they are malicious, or vulnerable (OSV schema 1.7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from packaging.utils import canonicalize_version

from stockade.model.project import ProjectName, Release


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """One entry of ``affected[].ranges`` of type ECOSYSTEM or SEMVER: events in the order of the record.

    Each event is (what, version): ``introduced`` (a version, or "0" for the first of all), ``fixed``,
    ``last_affected`` or ``limit``.
    """

    events: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Advisory:
    """One record about one project. A record that affects several projects becomes several of these.

    `malicious` where the release itself is the attack (``MAL-`` records, or an alias of one). `fixed` are the
    versions that its ranges say mend it. `campaign` are the names that its source groups records by, `indicators` the
    hosts and addresses that it gives (records that share one may belong together), `reasons` what the source says that
    it does, one a line. `score` is CVSS's vector or word for the severity, "" for none. `source` names the feed. Times
    carry a zone; `withdrawn` ones match nothing. All texts are on one line and bounded, and still others' words.
    """

    id: str
    project: ProjectName
    source: str
    malicious: bool = False
    aliases: tuple[str, ...] = ()
    summary: str = ""
    published: datetime | None = None
    modified: datetime | None = None
    withdrawn: datetime | None = None
    versions: tuple[str, ...] = ()
    ranges: tuple[Range, ...] = ()
    fixed: tuple[str, ...] = ()
    score: str = ""
    campaign: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


class Key(NamedTuple):
    """Where an advisory stands: in which feed, about which project, under which id."""

    source: str
    project: ProjectName
    id: str


class Scope(NamedTuple):
    """What of an advisory decides whether a version is under it, in the form in which that is found out soonest.

    `listed` are its versions by `canonical`, each between two line breaks, `ranges` the events of each range.
    """

    listed: str
    ranges: tuple[tuple[tuple[str, str], ...], ...]


@lru_cache(maxsize=1 << 16)
def canonical(version: str) -> str:
    """The one spelling of what PEP 440 calls equal; a version that is none is its own."""
    try:
        made = canonicalize_version(version)
    except ValueError:  # more digits than Python makes a number of
        made = version
    return made.replace("\n", " ")


def scope(advisory: Advisory) -> Scope:
    """What `advisory` covers; nothing where it was withdrawn."""
    if advisory.withdrawn is not None:
        return Scope("", ())
    listed = "\n".join(map(canonical, advisory.versions))
    return Scope(f"\n{listed}\n" if advisory.versions else "", tuple(one.events for one in advisory.ranges))


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record as a feed has it, with what it says about projects of this ecosystem (which may be nothing)."""

    id: str
    modified: datetime
    advisories: tuple[Advisory, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """An advisory that a release is under. `fix` is the lowest version above it that mends it, "" for none known."""

    release: Release
    advisory: Advisory
    fix: str = ""


class FeedKind(StrEnum):
    """In which form a feed is published."""

    OSV = "osv"  #: an ecosystem's folder: all.zip, modified_id.csv, and each record by itself
    ARCHIVE = "archive"  #: one zip or tar of records, JSON or YAML, by address or as a file
    FOLDER = "folder"  #: a folder of records, JSON or YAML, such as a git checkout


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A source of advisories: `url` is an address or a path, `checksum` where its SHA-256 stands ("": nowhere)."""

    name: str
    kind: FeedKind
    url: str
    checksum: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """The copy of a feed on this machine.

    `checked` is when its source was last asked (here, or on the machine that it was imported from), `full` when it was
    last read whole, `newest` the latest change in it. `unreadable` counts records that were left out, `told` says why
    for some of them.
    """

    name: str
    kind: FeedKind
    url: str
    checked: datetime
    full: datetime
    newest: datetime | None = None
    records: int = 0
    advisories: int = 0
    malicious: int = 0
    withdrawn: int = 0
    unreadable: int = 0
    told: tuple[str, ...] = ()
    #: What tells the source's archive apart from a later one (an ETag or a digest).
    version: str = ""
