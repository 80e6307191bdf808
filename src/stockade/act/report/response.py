"""What `stockade respond --plan` prints: where a package was, what it could have taken, what to do, in its order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from stockade.act.report.json import encode, text
from stockade.act.report.look import Look, wrapped
from stockade.decide.exposure import Window
from stockade.model.exposure import Exposure, Level, Stayed, Use

RESPONSE_SCHEMA = "stockade-response-1"
_GLYPH = {
    Level.PASSED: "block",
    Level.ENVIRONMENT: "block",
    Level.READABLE: "ask",
    Level.LOCKED: "ask",
    Level.NOT: "allow",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A plan. `does` are sentences of advisories on what the package does."""

    at: datetime
    package: str
    stays: Sequence[Stayed]
    window: Window
    uses: Sequence[Use]
    exposures: Sequence[Exposure]
    does: Sequence[str] = ()
    notes: Sequence[str] = ()


def response_lines(plan: Response, look: Look) -> Iterator[str]:
    """For people."""
    yield look.paint(f"1. Where {look.shown(plan.package, 120)} was", "bold")
    for one in plan.stays:
        yield from wrapped(_stay(one, look), look.width, "   ")
    for says in plan.does:
        yield from wrapped(f"its record says: {look.shown(says, 300)}", look.width, "   ")
    yield ""
    yield look.paint("2. Contain", "bold")
    for line in _contain(plan):
        yield from wrapped(look.shown(line, 400), look.width, "   ")
    yield ""
    yield look.paint(f"3. What it could have taken {_span(plan.window)}", "bold")
    for use in plan.uses:
        yield from wrapped(look.shown(f"{use.where}, line {use.line}, imports it", 240), look.width, "   ")
    for each in plan.exposures:
        if each.level is not Level.NOT:
            yield from _exposure(each, look)
    safe = [each for each in plan.exposures if each.level is Level.NOT]
    for each in safe:
        yield from _exposure(each, look)
    yield ""
    for note in plan.notes:
        yield from wrapped(f"{look.glyph('dot')} {look.shown(note, 300)}", look.width, "  ")
    reached = len(plan.exposures) - len(safe)
    yield (
        f"{reached} credential{'s'[: reached != 1]} within reach, {len(safe)} not."
        " Nothing was changed; treat what was within reach as taken."
    )


def _stay(one: Stayed, look: Look) -> str:
    until = f"until {one.gone:%Y-%m-%d %H:%M}" if one.gone else f"seen there last {one.last:%Y-%m-%d %H:%M}"
    by = f", put there by {one.by}" if one.by else ""
    command = f" ({one.command})" if one.command else ""
    told = f"{one.release} in {one.place} from {one.first:%Y-%m-%d %H:%M} {until} UTC{by}{command}"
    return look.shown(told, 400)


def _span(window: Window) -> str:
    start = f"{window.start.astimezone(UTC):%Y-%m-%d}"
    return (
        f"since {start}" if window.end is None else f"from {start} to {window.end.astimezone(UTC):%Y-%m-%d}"
    )


def _contain(plan: Response) -> Iterator[str]:
    present = list(dict.fromkeys(one.place for one in plan.stays if one.gone is None))
    yield "keep what shows what happened: copy the environment and its logs before anything is taken out"
    yield "stop what runs from there, and rotate nothing here before it is out: a new key would go the same way"
    for place in present[:10]:
        yield f"stockade audit {place} --fix takes it out, with a copy of what goes"
    yield "take it out of requirements and locks; a gate refuses it once a feed has it (stockade feed sync)"


def _exposure(one: Exposure, look: Look) -> Iterator[str]:
    told = one.credential
    glyph = _GLYPH[one.level]
    whose = f" of {told.principal}" if told.principal else ""
    yield look.shown(f"   {look.glyph(glyph)} {one.level}: {told.provider} {told.kind}{whose}", look.width)
    for why in one.why:
        yield from wrapped(look.shown(why, 300), look.width, "       ")
    for number, step in enumerate(one.steps, 1):
        yield from wrapped(look.shown(f"{number}) {step}", 300), look.width, "       ")


def response_document(plan: Response) -> str:
    """For programs (schema: stockade-response-1), with a final line break."""
    value = {
        "schema": RESPONSE_SCHEMA,
        "at": _iso(plan.at),
        "package": text(plan.package),
        "window": {"start": _iso(plan.window.start), "end": _iso(plan.window.end)},
        "stays": [
            {
                "release": text(str(one.release)),
                "place": text(one.place),
                "first": _iso(one.first),
                "last": _iso(one.last),
                "gone": _iso(one.gone),
                "by": text(one.by),
                "command": text(one.command),
            }
            for one in plan.stays
        ],
        "does": [text(one) for one in plan.does],
        "uses": [{"where": text(one.where), "line": one.line} for one in plan.uses],
        "exposures": [_object(one) for one in plan.exposures],
        "notes": [text(one) for one in plan.notes],
    }
    return encode(value, indent=2) + "\n"


def _object(one: Exposure) -> dict[str, Any]:
    told = one.credential
    return {
        "level": one.level.value,
        "provider": text(told.provider),
        "kind": told.kind.value,
        "principal": text(told.principal),
        "fingerprint": told.fingerprint,
        "life": told.life.value,
        "places": [text(place.where) for place in told.places],
        "why": [text(each) for each in one.why],
        "steps": [text(each) for each in one.steps],
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None
