"""What `stockade feed status` prints: a few lines a feed, or one document."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from stockade.act.report.shown import shown
from stockade.decide.advisories import Aged

FEEDS_SCHEMA = "stockade-feeds-1"


def feeds_lines(feeds: Sequence[Aged], limit: timedelta, now: datetime) -> Iterator[str]:
    """For people."""
    if not feeds:
        yield "No advisories are here; `stockade feed sync` brings them."
    for one in feeds:
        state = one.state
        if state is None:
            yield f"{shown(one.name)}: the policy names it, and it was never read here; `stockade feed sync` does"
            continue
        other = state.advisories - state.malicious
        what = f"{state.malicious:,} malicious and {other:,} other advisories"
        yield f"{shown(one.name)}: {what}, from {shown(state.url)}"
        age = f"last brought up to date {_age(now - state.checked)} ago, read whole {_age(now - state.full)} ago"
        if one.stale:
            yield f"  {age}: older than the {_age(limit)} that policy allows; `stockade feed sync`"
        else:
            yield f"  {age}"
        if state.unreadable:
            yield f"  {state.unreadable:,} records could not be read and do not count"
        for told in state.told:
            yield f"  {shown(told)}"


def feeds_document(feeds: Sequence[Aged], limit: timedelta, *, at: datetime) -> str:
    """For programs (schema: stockade-feeds-1), with a final line break."""
    rows = []
    for one in feeds:
        state = one.state
        row: dict[str, object] = {"name": one.name, "stale": one.stale, "here": state is not None}
        if state is not None:
            row |= {
                "kind": state.kind.value,
                "url": state.url,
                "checked": state.checked.isoformat(),
                "full": state.full.isoformat(),
                "newest": state.newest.isoformat() if state.newest else None,
                "records": state.records,
                "advisories": state.advisories,
                "malicious": state.malicious,
                "withdrawn": state.withdrawn,
                "unreadable": state.unreadable,
                "told": list(state.told),
            }
        rows.append(row)
    document = {
        "schema": FEEDS_SCHEMA,
        "at": at.isoformat(),
        "max_age_seconds": int(limit.total_seconds()),
        "feeds": rows,
    }
    return json.dumps(document, indent=2) + "\n"


def _age(length: timedelta) -> str:
    """In the largest unit that leaves more than one."""
    minutes = max(0, int(length.total_seconds()) // 60)
    for size, unit in ((1440, "days"), (60, "hours")):
        if minutes >= 2 * size:
            return f"{minutes // size} {unit}"
    return f"{minutes} minutes"
