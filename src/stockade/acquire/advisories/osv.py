"""One record in OSV's form (schema 1.7): read strictly as far as it is used, and whatever else it holds let be.

https://ossf.github.io/osv-schema/
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import msgspec

from stockade import limits
from stockade.model.advisory import Advisory, Range, Record
from stockade.model.project import ProjectName
from stockade.model.record import kept

ECOSYSTEM = "PyPI"
MALICIOUS = "MAL-"
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:+-]{0,99}")
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,253}[A-Za-z0-9])?")
#: As packaging.utils.canonicalize_name, of what _NAME lets through.
_SEPARATORS = re.compile(r"[-_.]+")
_KINDS = ("introduced", "fixed", "last_affected", "limit")
_SCORES = ("CVSS_V4", "CVSS_V3", "CVSS_V2")
#: Where a source says in `details`, line by line, why it calls a record malicious.
_REASONS = "Reasons (based on the campaign):"
_EVERYTHING = Range(events=(("introduced", "0"),))


class UnreadableRecord(ValueError):
    """A record that is none; the message says why, in a few words."""


class _Package(msgspec.Struct, gc=False):
    ecosystem: str = ""
    name: str = ""


class _Event(msgspec.Struct, gc=False):
    introduced: str | None = None
    fixed: str | None = None
    last_affected: str | None = None
    limit: str | None = None


class _Range(msgspec.Struct, gc=False):
    type: str
    events: list[_Event] = []


class _Affected(msgspec.Struct, gc=False):
    package: _Package | None = None
    versions: list[str] | None = None
    ranges: list[_Range] | None = None


class _Severity(msgspec.Struct, gc=False):
    type: str
    score: str


class _Raw(msgspec.Struct, gc=False):
    id: str
    modified: datetime
    published: datetime | None = None
    withdrawn: datetime | None = None
    aliases: list[str] | None = None
    summary: str | None = None
    details: str | None = None
    severity: list[_Severity] | None = None
    affected: list[_Affected] | None = None
    database_specific: msgspec.Raw = msgspec.Raw()


class _Origin(msgspec.Struct, gc=False):
    id: str = ""


class _Indicators(msgspec.Struct, gc=False):
    domains: list[str] | None = None
    ips: list[str] | None = None
    urls: list[str] | None = None


class _Specific(msgspec.Struct, gc=False):
    """What a source adds of its own, as far as we know sources."""

    severity: str | None = None
    iocs: _Indicators | None = None
    origins: list[_Origin] | None = msgspec.field(default=None, name="malicious-packages-origins")


_decode = msgspec.json.Decoder(_Raw).decode
_decode_specific = msgspec.json.Decoder(_Specific).decode


def record(data: bytes | memoryview, source: str) -> Record:
    """The record in `data` (JSON), as feed `source` has it; raises UnreadableRecord."""
    if len(data) > limits.MAX_ADVISORY:
        raise UnreadableRecord(f"it is larger than {limits.MAX_ADVISORY >> 20} MiB")
    try:
        raw = _decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as why:
        raise UnreadableRecord(kept(str(why), 200) or "it is no JSON") from None
    return _record(raw, _specific(bytes(raw.database_specific)), source)


def record_of(document: object, source: str) -> Record:
    """The same of a document that was read from YAML with every scalar as text."""
    try:
        raw = msgspec.convert(document, _Raw, strict=False)
    except (msgspec.MsgspecError, RecursionError) as why:
        raise UnreadableRecord(kept(str(why), 200)) from None
    return _record(raw, _Specific(), source)


def _specific(data: bytes) -> _Specific:
    """A source that writes something else there has said nothing; its records still count."""
    if not data or data == b"null":
        return _Specific()
    try:
        return _decode_specific(data)
    except (msgspec.MsgspecError, RecursionError):
        return _Specific()


def _record(raw: _Raw, specific: _Specific, source: str) -> Record:
    if not _ID.fullmatch(raw.id):
        raise UnreadableRecord("its id is none")
    affected = raw.affected or []
    if len(affected) > limits.MAX_ADVISORY_PROJECTS:
        raise UnreadableRecord(f"it has more than {limits.MAX_ADVISORY_PROJECTS:,} affected packages")
    listed = raw.aliases
    aliases = tuple(filter(_ID.fullmatch, listed[: limits.MAX_ADVISORY_WORDS])) if listed else ()
    malicious = raw.id.startswith(MALICIOUS) or any(one.startswith(MALICIOUS) for one in aliases)
    details = raw.details or ""
    modified = _zoned(raw.modified)
    summary = _word(raw.summary or _first_line(details))
    published = _zoned(raw.published) if raw.published else None
    withdrawn = _zoned(raw.withdrawn) if raw.withdrawn else None
    score = _score(raw.severity, specific)
    campaign = _words(_campaigns(specific.origins)) if specific.origins else ()
    indicators = _words(_indicated(specific.iocs)) if specific.iocs else ()
    reasons = _words(_reasons(details)) if malicious and _REASONS in details else ()
    found = [
        Advisory(
            id=raw.id,
            project=name,
            source=source,
            malicious=malicious,
            aliases=aliases,
            summary=summary,
            published=published,
            modified=modified,
            withdrawn=withdrawn,
            versions=versions,
            ranges=ranges or (() if versions or not malicious else (_EVERYTHING,)),
            fixed=_fixed(ranges) if ranges else (),
            score=score,
            campaign=campaign,
            indicators=indicators,
            reasons=reasons,
        )
        for name, versions, ranges in _merged(affected)
    ]
    return Record(id=raw.id, modified=modified, advisories=tuple(found))


def _merged(
    affected: Iterable[_Affected],
) -> list[tuple[ProjectName, tuple[str, ...], tuple[Range, ...]]]:
    """Of each project of the ecosystem all versions and ranges, in order; a record may name one several times."""
    found: dict[ProjectName, tuple[list[str], list[Range]]] = {}
    events = 0
    for one in affected:
        package = one.package
        if package is None or (
            package.ecosystem != ECOSYSTEM and package.ecosystem.partition(":")[0] != ECOSYSTEM
        ):
            continue
        if not _NAME.fullmatch(package.name):
            raise UnreadableRecord(f"it names {kept(package.name, 80)!r}, which is no project")
        versions, ranges = found.setdefault(ProjectName(_SEPARATORS.sub("-", package.name).lower()), ([], []))
        versions += one.versions or ()
        for each in one.ranges or ():
            if each.type in ("ECOSYSTEM", "SEMVER"):
                ranges.append(_range(each))
                events += len(each.events)
        if len(versions) > limits.MAX_ADVISORY_VERSIONS:
            raise UnreadableRecord(f"it lists more than {limits.MAX_ADVISORY_VERSIONS:,} versions")
        if events > limits.MAX_ADVISORY_EVENTS:
            raise UnreadableRecord(f"it has more than {limits.MAX_ADVISORY_EVENTS:,} events")
    return [
        (name, tuple(dict.fromkeys(versions)), tuple(dict.fromkeys(ranges)) if ranges else ())
        for name, (versions, ranges) in found.items()
    ]


def _range(raw: _Range) -> Range:
    events = []
    for event in raw.events:
        given = [(kind, text) for kind in _KINDS if (text := getattr(event, kind)) is not None]
        if len(given) != 1:
            raise UnreadableRecord("an event of it says not exactly one thing")
        events += given
    return Range(events=tuple(events))


def _fixed(ranges: Iterable[Range]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for one in ranges for kind, text in one.events if kind == "fixed"))


def _score(given: list[_Severity] | None, specific: _Specific) -> str:
    """The vector of the newest CVSS, else the word that the source has for it."""
    if not given:
        return _word(specific.severity) if specific.severity else ""
    by_type = {one.type: one.score for one in given}
    found = next((by_type[kind] for kind in _SCORES if kind in by_type), specific.severity or "")
    return _word(found)


def _campaigns(origins: Iterable[_Origin]) -> Iterator[str]:
    """OpenSSF's records say where each came from; one source's ids are ``pypi/CAMPAIGN/PROJECT``."""
    for one in origins:
        parts = one.id.split("/")
        if len(parts) == 3 and parts[0] == "pypi" and parts[1]:
            yield parts[1]


def _indicated(found: _Indicators) -> Iterator[str]:
    yield from (one.lower() for one in found.domains or ())
    yield from found.ips or ()
    yield from found.urls or ()


def _reasons(details: str) -> Iterator[str]:
    _, _, listed = details.partition(_REASONS)
    for line in listed.splitlines():
        if line.startswith(" - "):
            yield line[3:]
        elif line.strip():
            return


def _words(texts: Iterable[str]) -> tuple[str, ...]:
    """Each once, on one line, and not too many of them."""
    found: dict[str, None] = {}
    for text in texts:
        if word := _word(text.strip()):
            found[word] = None
        if len(found) == limits.MAX_ADVISORY_WORDS:
            break
    return tuple(found)


def _first_line(details: str) -> str:
    """What stands for a summary where there is none: PyPA's records have only details."""
    return next((line.strip() for line in details[:4096].splitlines() if line.strip(" -_#=")), "")


def _word(text: str) -> str:
    """`text` on one line, bounded; most texts are already."""
    if len(text) <= limits.MAX_ADVISORY_WORD and text.isprintable() and "://" not in text:
        return text
    return kept(text, limits.MAX_ADVISORY_WORD)


def _zoned(when: datetime) -> datetime:
    """The schema demands UTC; a time without a zone is taken for one. Raises UnreadableRecord."""
    zone = when.tzinfo
    if zone is UTC:
        return when
    if zone is None:
        return when.replace(tzinfo=UTC)
    try:
        return when.astimezone(UTC)
    except OverflowError:  # the last hours of the year 9999, west of Greenwich
        raise UnreadableRecord("it has a time that is in no year") from None
