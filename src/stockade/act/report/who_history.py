"""The part of `stockade who` that needs the index: how old, whose, from where, and what that comes to in one line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from stockade.act.report.json import publisher_object
from stockade.act.report.look import Look, wrapped
from stockade.analyse.identity.history import repository
from stockade.analyse.identity.names import About
from stockade.model.evidence import Evidence
from stockade.model.identity import Attested, Claims, ProjectHistory

_LABEL = 11
#: A project younger than this is called new.
NEW = timedelta(days=30)
_STATUS = {
    "quarantined": "the index has quarantined it: do not install it",
    "archived": "archived: nobody maintains it",
    "deprecated": "deprecated: its authors point elsewhere",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the index says of a name. `exists` is None where it could not be asked; `why` says so.

    `remarks` are what detectors say of its latest release and its claims. `attested` is what came of the
    attestations of one of its files, None where nobody looked; `unchecked` says why.
    """

    exists: bool | None
    history: ProjectHistory | None = None
    remarks: tuple[Evidence, ...] = ()
    attested: Attested | None = None
    unchecked: str = ""
    why: str = ""


def rows(found: Found, look: Look) -> list[str]:
    """The lines of a card, each figure or "unknown"."""
    history = found.history
    if history is None:
        said = "there is no project of that name" if found.exists is False else f"unknown: {found.why}"
        return _row("index", said, look)
    lines = _row("age", _age(history), look)
    lines += _row("releases", _releases(history), look)
    lines += _row("attested", _attested(found, history), look)
    claims = history.claims
    lines += _row("owner", _owner(claims), look)
    lines += _row("author", _author(claims), look)
    lines += _row("repository", "unknown" if claims is None else home(claims) or "none is given", look)
    if history.status in _STATUS:
        reason = f" ({history.reason[:200]})" if history.reason else ""
        lines += _row("status", _STATUS[history.status] + reason, look)
    for one in found.remarks:
        excerpt = f" ({one.excerpt[:120]})" if one.excerpt else ""
        lines += _row("remark", f"it {one.message}{excerpt}", look)
    if claims is None:
        lines += [line for gap in history.gaps[-1:] for line in _row("not told", gap.why, look)]
    return lines


def last_row(about: About, found: Found, look: Look) -> list[str]:
    """The verdict, at the end of a card."""
    return _row("verdict", verdict(about, found), look)


def verdict(about: About, found: Found) -> str:
    """One line; never that something is safe."""
    history = found.history
    like = about.lookalikes[0] if about.lookalikes else None
    if found.exists is False:
        return f"does not exist; {like.target} was meant, most likely" if like else "does not exist"
    if history is not None and history.status == "quarantined":
        return "quarantined by the index: do not install it"
    if like is not None:
        age = history.age if history is not None else None
        new = f", and is {_span(age)} old" if age is not None and age < NEW else ""
        return f"may be taken for {like.target}{new}; make sure that it is what you mean"
    if history is None:
        return "the index could not be asked; its name alone accuses it of nothing"
    if found.remarks:
        return f"worth a look: it {found.remarks[0].message}"
    if history.age is None:
        return "nothing is known against it, and its age is unknown"
    if history.age < NEW:
        return f"new ({_span(history.age)}); nothing else is known against it"
    return f"nothing is known against it in {_span(history.age)}"


def record(about: About, found: Found) -> dict[str, Any]:
    """What a line of JSON has besides what the name alone tells; null for unknown throughout."""
    return {
        "exists": found.exists,
        "project": None if found.history is None else _project(found, found.history),
        "remarks": [
            {"detector": one.detector, "message": one.message, "excerpt": one.excerpt}
            for one in found.remarks
        ],
        "unknown": [found.why] if found.why else [],
        "verdict": verdict(about, found),
    }


def _project(found: Found, history: ProjectHistory) -> dict[str, Any]:
    claims = history.claims
    return {
        "at": history.at.isoformat(timespec="seconds"),
        "status": history.status,
        "first_release": _moment(history.first),
        "last_release": _moment(history.last),
        "age_days": None if history.age is None else history.age.days,
        "releases": len(history.releases),
        "yanked": sum(one.yanked for one in history.releases),
        "attested": history.releases[-1].attested if _tells(history) else None,
        "publishers": None
        if found.attested is None
        else list(map(publisher_object, found.attested.publishers)),
        "latest": history.releases[-1].version if history.releases else None,
        "owners": None if claims is None or claims.owners is None else list(claims.owners),
        "organization": None if claims is None else claims.organization,
        "author": None if claims is None else claims.author or None,
        "author_email": None if claims is None else claims.author_email or None,
        "maintainer": None if claims is None else claims.maintainer or None,
        "summary": None if claims is None else claims.summary or None,
        "repository": None if claims is None else home(claims) or None,
        "gaps": [{"kind": gap.kind.value, "what": gap.what, "why": gap.why} for gap in history.gaps],
    }


def home(claims: Claims) -> str:
    """The repository that a project claims, or else its home page; "" for none."""
    addresses = [address for _, address in claims.links]
    return next(filter(None, map(repository, addresses)), addresses[0] if addresses else "")


def _age(history: ProjectHistory) -> str:
    if history.age is None or history.first is None:
        return "unknown: the index does not say when its first release came"
    return f"{_span(history.age)} (since {history.first:%Y-%m-%d})"


def _releases(history: ProjectHistory) -> str:
    number = len(history.releases)
    if not number:
        return "none"
    text = f"{number:,}" if number > 1 else "one"
    if history.last is not None:
        last = history.releases[-1]
        text += f", the last {last.version[:40]} {_span(history.at - history.last)} ago"
    yanked = sum(one.yanked for one in history.releases)
    return f"{text}; {yanked:,} yanked" if yanked else text


def _attested(found: Found, history: ProjectHistory) -> str:
    if not _tells(history):
        return "unknown: the index names no attestations for any release"
    if history.releases[-1].attested:
        return _checked(found)
    return "no, though earlier releases were"


def _checked(found: Found) -> str:
    """What came of the attestations of the last release."""
    told = found.attested
    if told is None:
        return (
            f"the last release comes with attestations (not checked: {found.unchecked}; attested is not safe)"
        )
    if told.invalid:
        return f"the last release carries an attestation that does not hold: {told.invalid}"
    if not told.publishers:
        return f"unknown: {told.unknown}"
    by = ", ".join(f"{one.kind} {one.repository} {one.workflow}".rstrip() for one in told.publishers)
    return f"the last release, verified, by {by} (attested is not safe)"


def _tells(history: ProjectHistory) -> bool:
    """Whether the index names attestations at all: one that does not is no sign of anything."""
    return any(one.attested for one in history.releases)


def _owner(claims: Claims | None) -> str:
    if claims is None or (claims.owners is None and claims.organization is None):
        return "unknown"
    names = ", ".join(claims.owners[:5]) if claims.owners else ""
    more = f" and {len(claims.owners) - 5} more" if claims.owners and len(claims.owners) > 5 else ""
    of = f"the organization {claims.organization}" if claims.organization else ""
    return f"{of}{': ' if of and names else ''}{names}{more}"


def _author(claims: Claims | None) -> str:
    if claims is None:
        return "unknown"
    found = dict.fromkeys(
        text
        for text in (claims.author, claims.author_email, claims.maintainer, claims.maintainer_email)
        if text
    )
    return f"claims to be {', '.join(found)}" if found else "none is given"


def _span(length: timedelta) -> str:
    days = length.days
    if days >= 730:
        return f"{days / 365.25:.0f} years"
    if days >= 60:
        return f"{days // 30} months"
    if days >= 2:
        return f"{days} days"
    hours = int(length.total_seconds() // 3600)
    return f"{hours} hour{'' if hours == 1 else 's'}"


def _moment(when: datetime | None) -> str | None:
    return None if when is None else when.isoformat(timespec="seconds")


def _row(label: str, text: str, look: Look) -> list[str]:
    first, *rest = wrapped(look.shown(text, 400), look.width, " " * (_LABEL + 4))
    return [f"    {look.paint(label.ljust(_LABEL), 'dim')}{first.lstrip()}", *rest]
