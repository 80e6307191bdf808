"""What others have published about releases: that they are malicious, or vulnerable (OSV schema 1.7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

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
    versions that its ranges say mend it. `campaign` are the names and shared indicators (hosts, digests, addresses)
    that its source groups records by. `score` is CVSS's vector or word for the severity, "" for none.
    `source` names the feed. Times carry a zone; `withdrawn` ones match nothing.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """An advisory that a release is under. `fix` is the lowest version above it that mends it, "" for none known."""

    release: Release
    advisory: Advisory
    fix: str = ""
