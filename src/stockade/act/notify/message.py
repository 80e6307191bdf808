"""What is told: one alert, or a digest of several where there are many."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from stockade import limits
from stockade.act.report.shown import shown
from stockade.model.advisory import Match
from stockade.model.environment import EnvironmentKind
from stockade.model.project import Release
from stockade.model.sighting import Alert, Sighting, SightingKind

ALERT_SCHEMA = "stockade-alert-1"
MESSAGE_SCHEMA = "stockade-message-1"
_ADVICE = "Take it out (`stockade audit --fix PATH`), and treat whatever that machine's secrets open as open to others."


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Something to tell: a title, lines for people (safe to print), and the alerts themselves for programs.

    `id` is the same whenever the same is told again, so that a receiver can tell."""

    id: str
    title: str
    lines: tuple[str, ...]
    alerts: tuple[Mapping[str, Any], ...]


def condemned(release: Release, matches: Sequence[Match], seen: Sequence[Sighting], now: datetime) -> Alert:
    """An alert: a release is malicious, and this is where it was."""
    key = hashlib.sha256("\n".join(sorted(one.key for one in seen)).encode()).hexdigest()[:32]
    title = (
        f"{shown(release.name, limit=80)} {shown(release.version, limit=40)} is condemned, and it was here"
    )
    document = {
        "schema": ALERT_SCHEMA,
        "id": key,
        "at": _iso(now),
        "kind": "condemned",
        "title": title,
        "project": _text(release.name),
        "version": _text(release.version),
        "advisories": [_advisory(one) for one in matches[: limits.MAX_ALERT_ADVISORIES]],
        "places": len(seen),
        "sightings": [_sighting(one) for one in seen[: limits.MAX_ALERT_SIGHTINGS]],
    }
    return Alert(
        key=key,
        at=now,
        title=title,
        document=json.dumps(document, ensure_ascii=True),
        project=release.name,
        version=release.version,
    )


def message(alerts: Sequence[Alert]) -> Message:
    """What is told of one alert, or of several together."""
    documents = tuple(json.loads(one.document) for one in alerts)
    together = hashlib.sha256("\n".join(one.key for one in alerts).encode()).hexdigest()[:32]
    if len(alerts) == 1:
        (one,) = alerts
        return Message(id=one.key, title=one.title, lines=tuple(_told(documents[0])), alerts=documents)
    lines = [one.title for one in alerts[: limits.MAX_DIGEST_LINES]]
    if len(alerts) > limits.MAX_DIGEST_LINES:
        lines.append(
            f"and {len(alerts) - limits.MAX_DIGEST_LINES} more; `stockade watch --alerts` shows them"
        )
    title = f"{len(alerts)} condemned releases were here"
    return Message(id=together, title=title, lines=tuple(lines), alerts=documents)


def trial(now: datetime) -> Message:
    """What a person sends to see whether a channel works."""
    said = "This is a trial: nothing was found. Whoever reads it will hear when a condemned release was installed."
    document = {
        "schema": ALERT_SCHEMA,
        "id": hashlib.sha256(f"trial {_iso(now)}".encode()).hexdigest()[:32],
        "at": _iso(now),
        "kind": "trial",
        "title": "Stockade can reach you",
        "project": "",
        "version": "",
        "advisories": [],
        "places": 0,
        "sightings": [],
    }
    return Message(id=str(document["id"]), title="Stockade can reach you", lines=(said,), alerts=(document,))


def _told(document: Mapping[str, Any]) -> Iterator[str]:
    """An alert for people; it was written by us, of texts that others wrote."""
    for one in document["advisories"]:
        summary = f": {shown(one['summary'], limit=160)}" if one["summary"] else ""
        said = f", published {_day(one['published'])}" if one["published"] else ""
        yield f"{shown(one['id'], limit=60)}{summary} ({shown(one['source'], limit=40)}{said})"
    for one in document["sightings"]:
        yield _where(one)
    if (more := document["places"] - len(document["sightings"])) > 0:
        yield f"and in {more} more places"
    if document["kind"] == "condemned":
        yield _ADVICE


def _where(one: Mapping[str, Any]) -> str:
    place = shown(one["place"], limit=300)
    on = f" on {shown(one['machine'], limit=80)}" if one["machine"] else ""
    by = f" by {shown(one['by'], limit=60)}" if one["by"] else ""
    if one["kind"] == SightingKind.DELIVERY:
        ran = f", for `{shown(one['command'], limit=200)}`" if one["command"] else ""
        in_ = f" in {shown(one['folder'], limit=300)}" if one["folder"] else ""
        return f"given out on {_day(one['at'])} to {place or 'somebody'}{on}{by}{ran}{in_}"
    came = "put into a cache" if one["within"] == EnvironmentKind.CACHE else "installed"
    when = f"{came} on {_day(one['at'])}" if one["at"] else f"first seen on {_day(one['first'])}"
    still = f"gone since {_day(one['gone'])}" if one["gone"] else f"still there on {_day(one['last'])}"
    return f"{when} in {place}{on}{by}; {still}"


def _day(iso: str) -> str:
    return f"{datetime.fromisoformat(iso).astimezone(UTC):%A %Y-%m-%d %H:%M} UTC"


def _advisory(one: Match) -> dict[str, Any]:
    told = one.advisory
    return {
        "id": _text(told.id),
        "source": _text(told.source),
        "summary": _text(told.summary),
        "published": _iso(told.published) if told.published else None,
        "aliases": [_text(alias) for alias in told.aliases[: limits.MAX_ALERT_ADVISORIES]],
    }


def _sighting(one: Sighting) -> dict[str, Any]:
    return {
        "kind": str(one.kind),
        "machine": _text(one.machine),
        "place": _text(one.place),
        "at": _iso(one.at) if one.at else None,
        "first": _iso(one.first),
        "last": _iso(one.last),
        "gone": _iso(one.gone) if one.gone else None,
        "by": _text(one.by),
        "command": _text(one.command),
        "folder": _text(one.folder),
        "within": _text(one.within),
    }


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


def _text(raw: str) -> str:
    return raw[: limits.MAX_ALERT_TEXT].encode("utf-8", "backslashreplace").decode("utf-8")
