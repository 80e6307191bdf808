"""What `stockade creds` prints: every credential with its places, and what is wrong with it; never a secret."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from stockade.act.report.json import encode, text
from stockade.act.report.look import Look, wrapped
from stockade.decide.policy import Action
from stockade.model.credential import Concern, Credential, Life, Mfa, Place
from stockade.model.sighting import CredentialChanges, KnownCredential

CREDENTIALS_SCHEMA = "stockade-credentials-1"
CHANGES_SCHEMA = "stockade-credential-changes-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A credential, what is wrong with it, and what policy makes of each of that and of all."""

    credential: Credential
    concerns: tuple[tuple[Concern, Action], ...] = ()
    action: Action = Action.ALLOW


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """One inventory. `checked` says whether policy was asked."""

    at: datetime
    home: str
    held: Sequence[Held]
    checked: bool
    policy: str = ""
    notes: Sequence[str] = ()


def credentials_lines(report: Credentials, look: Look) -> Iterator[str]:
    """For people: `check` tells those first that policy does not allow."""
    order = [Action.BLOCK, Action.UNDETERMINED, Action.ASK, Action.ALLOW]
    held = sorted(report.held, key=lambda one: order.index(one.action)) if report.checked else report.held
    for one in held:
        yield from _one(one, report, look)
    for note in report.notes:
        yield from wrapped(f"{look.glyph('dot')} {look.shown(note, 300)}", look.width, "  ")
    yield _summary(report)


def _one(one: Held, report: Credentials, look: Look) -> Iterator[str]:
    told = one.credential
    sign = look.action(one.action, look.glyph(one.action)) if report.checked else look.glyph("dot")
    whose = f" of {look.shown(told.principal, 80)}" if told.principal else ""
    first, *rest = wrapped(f"{told.provider} {told.kind}{whose}", look.width - 2, "    ")
    yield f"{sign} {look.paint(look.shown(first.lstrip(), 200), 'bold')}"
    yield from rest
    yield from wrapped(", ".join(_facts(told, report.at)), look.width, "    ")
    for place in told.places:
        item = f"  {look.shown(place.item, 80)}" if place.item and place.item not in place.where else ""
        yield from wrapped(f"{look.shown(place.where, 160)}{item}", look.width, "    ")
    for concern, action in one.concerns:
        if action is not Action.ALLOW or not report.checked:
            yield from wrapped(f"{look.glyph(action)} {look.shown(concern.says, 300)}", look.width, "      ")
            if concern.advice:
                yield from wrapped(look.shown(concern.advice, 300), look.width, "        ")


def _facts(one: Credential, now: datetime) -> Iterator[str]:
    if one.life is not Life.UNKNOWN:
        yield str(one.life)
    if one.expires is not None:
        yield f"{'ended' if one.expires <= now else 'ends'} {one.expires.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    if one.created is not None:
        yield f"made {one.created.astimezone(UTC):%Y-%m-%d}"
    elif one.known_since is not None:
        yield f"at least {max((now - one.known_since).days, 0)} days old"
    if one.mfa is not Mfa.UNKNOWN:
        yield f"MFA: {one.mfa}"
    if one.locked:
        yield "locked"
    yield f"replaced {one.rotation}"


def _summary(report: Credentials) -> str:
    count = len(report.held)
    said = f"{count} credential{'s'[: count != 1]} that a package running as you could read"
    if not report.checked:
        return f"{said}; `stockade creds check` holds them against policy."
    bad = sum(one.action is Action.BLOCK for one in report.held)
    asked = sum(one.action is Action.ASK for one in report.held)
    return f"{said}: {bad} against policy, {asked} to look at (policy: {report.policy})."


def credentials_document(report: Credentials) -> str:
    """For programs (schema: stockade-credentials-1), with a final line break."""
    value = {
        "schema": CREDENTIALS_SCHEMA,
        "at": report.at.isoformat(timespec="seconds"),
        "home": text(report.home),
        "checked": report.checked,
        "policy": text(report.policy),
        "credentials": [_object(one) for one in report.held],
        "notes": [text(one) for one in report.notes],
    }
    return encode(value, indent=2) + "\n"


def _object(one: Held) -> dict[str, Any]:
    told = one.credential
    return {
        "provider": text(told.provider),
        "kind": told.kind.value,
        "principal": text(told.principal),
        "fingerprint": told.fingerprint,
        "life": told.life.value,
        "rotation": told.rotation.value,
        "created": _iso(told.created),
        "known_since": _iso(told.known_since),
        "expires": _iso(told.expires),
        "used": _iso(told.used),
        "mfa": told.mfa.value,
        "locked": told.locked,
        "places": [_place(each) for each in told.places],
        "action": one.action.value,
        "concerns": [
            {
                "fault": each.fault.value,
                "action": action.value,
                "says": text(each.says),
                "advice": text(each.advice),
            }
            for each, action in one.concerns
        ],
    }


def _place(one: Place) -> dict[str, Any]:
    return {
        "where": text(one.where),
        "item": text(one.item),
        "changed": _iso(one.changed),
        "readable": one.readable,
        "repository": text(one.repository),
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None


def snapshot_lines(
    changes: CredentialChanges, count: int, look: Look, notes: Sequence[str] = ()
) -> Iterator[str]:
    """What came and what went, for people."""
    for glyph, many in (("+", changes.came), ("-", changes.went)):
        for one in many:
            whose = f" of {one.principal}" if one.principal else ""
            yield look.shown(f"{glyph} {one.provider} {one.kind}{whose}", look.width)
            for place in one.places:
                if glyph == "-" or place.gone is None:
                    item = f"  {place.item}" if place.item and place.item not in place.where else ""
                    yield from wrapped(look.shown(f"{place.where}{item}", 200), look.width, "    ")
    for note in notes:
        yield from wrapped(f"{look.glyph('dot')} {look.shown(note, 300)}", look.width, "  ")
    since = f"since {changes.since:%Y-%m-%d %H:%M} UTC" if changes.since else "for the first time"
    said = f"{count} credential{'s'[: count != 1]} written down {since}"
    yield f"{said}: {len(changes.came)} came, {len(changes.went)} went. No secret is among what was written."


def snapshot_document(changes: CredentialChanges, home: str, at: datetime, notes: Sequence[str] = ()) -> str:
    """The same for programs (schema: stockade-credential-changes-1)."""
    value = {
        "schema": CHANGES_SCHEMA,
        "at": _iso(at),
        "home": text(home),
        "since": _iso(changes.since),
        "came": [_known(one) for one in changes.came],
        "went": [_known(one) for one in changes.went],
        "notes": [text(one) for one in notes],
    }
    return encode(value, indent=2) + "\n"


def _known(one: KnownCredential) -> dict[str, Any]:
    return {
        "provider": text(one.provider),
        "kind": text(one.kind),
        "principal": text(one.principal),
        "secret": text(one.secret),
        "life": text(one.life),
        "first": _iso(one.first),
        "last": _iso(one.last),
        "gone": _iso(one.gone),
        "made": _iso(one.made),
        "ends": _iso(one.ends),
        "places": [
            {
                "where": text(each.where),
                "item": text(each.item),
                "readable": each.readable,
                "first": _iso(each.first),
                "last": _iso(each.last),
                "gone": _iso(each.gone),
            }
            for each in one.places
        ],
    }
