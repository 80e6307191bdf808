"""How old what Stockade compares with is: a name or a copy that became known since then is not recognised."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from stockade.act.gate.doctor.roads import Road, State

#: What is older is told.
OLD = timedelta(days=180)


def age_roads(counted: str, reference: Path | None, now: datetime) -> Iterator[Road]:
    """The age of the download counts (`counted`: such as "April 2026") and of the reference that was built here."""
    month = _month(counted)
    if month is not None and now - month > OLD:
        what = (
            f"the well-known names were counted in {counted}: what became known since then is not recognised"
        )
        yield Road("names-old", State.ADVICE, what, "stockade reference update --from URL")
    if reference is None:
        return
    try:
        made = datetime.fromtimestamp(reference.stat().st_mtime, UTC)
    except OSError:
        return
    if now - made > OLD:
        what = f"the reference of known projects is of {made:%Y-%m-%d}: copies of what is newer are not recognised"
        yield Road("reference-old", State.ADVICE, what, "stockade reference build")


def _month(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%B %Y").replace(tzinfo=UTC)
    except ValueError:
        return None
