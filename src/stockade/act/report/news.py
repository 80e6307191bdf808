"""What `stockade news` prints: a short story for each group, those that touch you first, or one document."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from stockade import limits
from stockade.act.news.grouping import Basis, Group
from stockade.act.news.touching import Touch, Touched
from stockade.act.report.look import Look, wrapped
from stockade.model.advisory import FeedState
from stockade.model.project import ProjectName

NEWS_SCHEMA = "stockade-news-1"
_NAMES, _TOUCHED = 8, 6
_RANK = {Touch.CONDEMNED: 0, Touch.OTHER_VERSION: 1, Touch.NEAR_NAME: 2}
_GLYPH = {Touch.CONDEMNED: "block", Touch.OTHER_VERSION: "ask", Touch.NEAR_NAME: "ask"}


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """The news of some days. `compared` says whether there was anything of yours to compare with."""

    at: datetime
    since: datetime
    days: int
    groups: tuple[Group, ...]
    touched: Mapping[ProjectName, tuple[Touched, ...]]
    feeds: tuple[FeedState, ...]
    compared: bool
    notes: tuple[str, ...] = ()

    def of(self, group: Group) -> tuple[Touched, ...]:
        """What of a group touches you, the worst first."""
        found = [one for each in group.projects for one in self.touched.get(each.name, ())]
        return tuple(sorted(found, key=lambda one: _RANK[one.kind]))

    def order(self) -> list[Group]:
        """Those that touch you first, the worst of them before the others; else the largest first."""
        return sorted(
            self.groups, key=lambda one: min((_RANK[each.kind] for each in self.of(one)), default=9)
        )


def news_lines(news: News, look: Look, most: int) -> Iterator[str]:
    """For people; at most so many groups that don't touch you."""
    shown = 0
    for group in news.order():
        touched = news.of(group)
        if not touched:
            if shown == most:
                break
            shown += 1
        yield from _story(group, touched, look)
        yield ""
    quiet = sum(not news.of(one) for one in news.groups)
    if quiet > shown:
        yield f"and {quiet - shown} more groups that do not touch you; --all shows them"
        yield ""
    yield from _summary(news, look)
    for note in news.notes:
        yield from wrapped(look.shown(note, 400), look.width, "  ")


def _story(group: Group, touched: Sequence[Touched], look: Look) -> Iterator[str]:
    glyph = _GLYPH[touched[0].kind] if touched else "dot"
    sign = look.action(glyph, look.glyph(glyph)) if touched else look.glyph(glyph)
    count = len(group.projects)
    names = ", ".join(look.shown(one.name, 60) for one in group.projects[:_NAMES])
    more = f" and {count - _NAMES} more" if count > _NAMES else ""
    number = f"{count} projects: " if count > 1 else ""
    first, *rest = wrapped(f"{number}{names}{more}", look.width - 2, "    ")
    yield f"{sign} {look.paint(first.lstrip(), 'bold')}"
    yield from rest
    yield from wrapped(f"{_when(group)}; {_why(group, look)}", look.width, "    ")
    if group.takes:
        yield from wrapped(f"takes: {', '.join(group.takes)}", look.width, "    ")
    for text in group.says:
        yield from wrapped(f"its record says: {look.shown(text, 200)}", look.width, "    ")
    for one in touched[:_TOUCHED]:
        yield from wrapped(f"YOU: {_touch(one, look)}", look.width, "    ")
    if len(touched) > _TOUCHED:
        yield f"    and {len(touched) - _TOUCHED} more of yours"


def _when(group: Group) -> str:
    first, last = group.first, group.last
    if first is None or last is None:
        return "published at an unknown time"
    one, other = (f"{at.astimezone(UTC):%A %Y-%m-%d}" for at in (first, last))
    return f"published on {one}" if one == other else f"published from {one} to {other}"


def _why(group: Group, look: Look) -> str:
    shared = ", ".join(look.shown(one, 80) for one in group.shared)
    if group.basis is Basis.CAMPAIGN:
        return f"campaign {shared}, by its source"
    if group.basis is Basis.INDICATOR:
        return f"grouped by what their records share: {shared}"
    if group.basis is Basis.NAMES:
        return "grouped by names that are alike, on one day; that proves nothing"
    return "by itself"


def _touch(one: Touched, look: Look) -> str:
    yours = look.shown(one.yours, 80)
    if one.kind is Touch.CONDEMNED:
        places = ", ".join(look.shown(each.place or "somebody", 120) for each in one.seen[:3])
        more = f" and {len(one.seen) - 3} more places" if len(one.seen) > 3 else ""
        return f"{yours} was here: {places}{more}; `stockade watch --alerts` tells more"
    if one.kind is Touch.OTHER_VERSION:
        return f"{yours} was here, which no record calls malicious"
    kind = f" ({one.slip})" if one.slip else ""
    return f"{look.shown(one.project, 80)} is one slip from {yours}{kind}, which was here"


def _summary(news: News, look: Look) -> Iterator[str]:
    projects = sum(len(one.projects) for one in news.groups)
    groups = len(news.groups)
    said = f"{projects} malicious project{'s'[: projects != 1]} in {groups} group{'s'[: groups != 1]}"
    span = f"{news.days} day{'s'[: news.days != 1]}"
    yield f"{span} until {news.at.astimezone(UTC):%A %Y-%m-%d %H:%M} UTC: {said}."
    if not news.compared:
        text = "Nothing is known of what you have installed; `stockade audit --all` writes it down."
    else:
        touching = sum(bool(news.of(one)) for one in news.groups)
        text = (
            f"{touching} of them touch{'es' if touching == 1 else ''} you."
            if touching
            else "None of it touches you."
        )
    yield text
    ages = ", ".join(f"{look.shown(one.name, 40)} of {one.checked:%Y-%m-%d %H:%M} UTC" for one in news.feeds)
    yield look.paint(f"feeds: {ages}", "dim")


def news_document(news: News) -> str:
    """For programs (schema: stockade-news-1), with a final line break."""
    value = {
        "schema": NEWS_SCHEMA,
        "at": _iso(news.at),
        "since": _iso(news.since),
        "feeds": [{"name": _text(one.name), "checked": _iso(one.checked)} for one in news.feeds],
        "compared": news.compared,
        "groups": [_group(one, news) for one in news.order()],
        "notes": [_text(one) for one in news.notes],
    }
    return json.dumps(value, indent=2, ensure_ascii=True).replace("\x7f", "\\u007f") + "\n"


def _group(group: Group, news: News) -> dict[str, Any]:
    return {
        "basis": str(group.basis),
        "shared": [_text(one) for one in group.shared],
        "first": _iso(group.first) if group.first else None,
        "last": _iso(group.last) if group.last else None,
        "takes": list(group.takes),
        "says": [_text(one) for one in group.says],
        "projects": [
            {
                "name": _text(one.name),
                "published": _iso(one.first) if one.first else None,
                "advisories": [_text(each.id) for each in one.advisories[: limits.MAX_ALERT_ADVISORIES]],
            }
            for one in group.projects
        ],
        "touched": [
            {
                "kind": str(one.kind),
                "project": _text(one.project),
                "yours": _text(one.yours),
                "slip": one.slip,
                "places": [_text(each.place) for each in one.seen[: limits.MAX_ALERT_SIGHTINGS]],
            }
            for one in news.of(group)
        ],
    }


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


def _text(raw: str) -> str:
    return raw.encode("utf-8", "backslashreplace").decode("utf-8")
