"""The blast radius: how near each credential was to a package while that was here, and in which order to act."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from stockade.decide.guides import danger, steps
from stockade.model.credential import Credential, Kind, Life
from stockade.model.exposure import Exposure, Level, Stayed, Use


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """From when to when the package was here; `end` is None while it is."""

    start: datetime
    end: datetime | None


def window(stays: Iterable[Stayed]) -> Window:
    """The span of all `stays`, of which there is at least one: from the first that came to the last that went. What was
    missed at some time was there until then, as far as anybody knows."""
    listed = list(stays)
    ends = [one.gone for one in listed]
    known = [one for one in ends if one is not None]
    return Window(
        start=min(one.first for one in listed), end=max(known) if len(known) == len(listed) else None
    )


def exposures(
    window: Window, credentials: Sequence[tuple[Credential, datetime | None]], uses: Sequence[Use]
) -> tuple[Exposure, ...]:
    """Every credential with its level, the most dangerous first. Each comes with when it was first missed, None while
    it is there; `uses` name them by their numbers."""
    named: dict[int, list[str]] = {}
    for use in uses:
        for number, name in use.names:
            named.setdefault(number, []).append(f"{use.where}, line {use.line}, imports it and names {name}")
    made = [
        _exposure(window, one, gone, tuple(named.get(number, ())))
        for number, (one, gone) in enumerate(credentials)
    ]
    return tuple(sorted(made, key=_order))


def _exposure(window: Window, one: Credential, gone: datetime | None, passed: tuple[str, ...]) -> Exposure:
    safe = _outside(window, one, gone)
    if safe:
        return Exposure(credential=one, level=Level.NOT, why=(safe,))
    level, why = Level.READABLE, tuple(_where(one, gone))
    if passed:
        level, why = Level.PASSED, (*passed, *why)
    elif any(place.where.startswith("$") for place in one.places):
        level = Level.ENVIRONMENT
    elif one.locked:
        level = Level.LOCKED
        why = (
            *why,
            "a passphrase is needed to use it, unless an agent held it open or the passphrase is weak",
        )
    return Exposure(credential=one, level=level, why=why, steps=steps(one))


def _outside(window: Window, one: Credential, gone: datetime | None) -> str:
    """Why it was out of reach; "" where it was not, or nobody knows."""
    if one.expires is not None and one.expires <= window.start:
        return f"it had ended by {_day(one.expires)}, before the package came"
    if gone is not None and gone <= window.start:
        return f"it was gone by {_day(gone)}, before the package came"
    if window.end is not None and one.created is not None and one.created >= window.end:
        return f"it was made on {_day(one.created)}, after the package had gone"
    return ""


def _where(one: Credential, gone: datetime | None) -> Iterator[str]:
    """Where it lay."""
    places = ", ".join(dict.fromkeys(place.where for place in one.places[:4]))
    more = f" and {len(one.places) - 4} more places" if len(one.places) > 4 else ""
    if gone is not None:
        yield f"it lay in {places}{more} until {_day(gone)}: that it was deleted takes it from no thief"
    else:
        yield f"it lies in {places}{more}"


def _day(at: datetime) -> str:
    return f"{at:%Y-%m-%d}"


def _order(one: Exposure) -> tuple[int, int, int, str]:
    """The nearest first; of those what opens most, and of those what never ends by itself."""
    lasting = {Life.LONG: 0, Life.REFRESHING: 1, Life.UNKNOWN: 2, Life.SHORT: 3}
    told = one.credential
    far = one.level.rank if told.kind is not Kind.STORE else Level.LOCKED.rank
    return far, danger(told.provider), lasting[told.life], f"{told.provider} {told.principal}"
