"""What a project's past says about one of its releases, as facts. Pure; absence of anything is never a fact.

Only what is fresh is remarked on: a release that has stood for a season has been looked at by others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import getaddresses
from urllib.parse import urlsplit

from packaging.version import InvalidVersion, Version

from stockade.analyse.identity.family import family
from stockade.analyse.identity.mail import why_throwaway
from stockade.model.identity import Claims, Past, ProjectHistory
from stockade.model.project import ProjectName

#: How long after its upload a release is fresh.
FRESH = timedelta(days=90)
#: A project that released nothing for so long sleeps.
DORMANT = timedelta(days=730)
#: So many releases of one series in so short a time are a burst.
BURST, BURST_SPAN = 3, timedelta(hours=2)
#: A project that is older than this, or used by many, does not need another's repository to look like something.
ESTABLISHED = timedelta(days=365)
_FORGES = frozenset({"github.com", "gitlab.com", "bitbucket.org", "codeberg.org"})
#: What stands in an owner's place and is none.
_PLACES = frozenset(
    {"about", "apps", "features", "marketplace", "orgs", "settings", "sponsors", "topics", "users"}
)
_PART = re.compile(r"[A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class DormantProject:
    """A release after a long sleep. `silence`: since the release `before`."""

    version: str
    before: str
    silence: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseBurst:
    """Several releases of one series within `span`, which the project did never before."""

    version: str
    versions: tuple[str, ...]
    span: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class AttestationLost:
    """A release without attestations, while the release `before` had them."""

    version: str
    before: str
    of_last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BorrowedLink:
    """Metadata that points at the repository of `owner`, a known project."""

    address: str
    owner: ProjectName
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ThrowawayMail:
    """A mail address of author or maintainer that nobody can be found by; `why` completes "whose domain …"."""

    address: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnersChanged:
    """The accounts that own the project are all others than when this machine last saw it."""

    before: tuple[str, ...]
    after: tuple[str, ...]


Remark = DormantProject | ReleaseBurst | AttestationLost | BorrowedLink | ThrowawayMail | OwnersChanged


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One release in its project's history. `owners_before` are those that were seen last, None for never.

    `repositories` says which known projects live at an address as `repository` spells it.
    """

    history: ProjectHistory
    version: str
    owners_before: tuple[str, ...] | None = None
    repositories: Mapping[str, tuple[ProjectName, ...]] = field(default_factory=dict)


def remarks(standing: Standing) -> tuple[Remark, ...]:
    """Everything that is worth a remark; () where nothing is known."""
    history = standing.history
    found: list[Remark] = []
    claims = history.claims
    if claims is not None:
        found += _mail(claims)
        found += _owners(claims, standing.owners_before)
        found += borrowed(history, standing.repositories)
    dated = history.dated
    spelt = (
        one for one in dated if one.version == standing.version
    )  # as nearly always, and found without parsing
    this = next(spelt, None) or next((one for one in dated if _same(one.version, standing.version)), None)
    if this is None or this.uploaded is None or history.at - this.uploaded > FRESH:
        return tuple(found)
    earlier = [one for one in dated if one.uploaded and one is not this and one.uploaded <= this.uploaded]
    found += _dormant(this, earlier)
    found += _burst(this, dated)
    found += _attestation(this, earlier)
    return tuple(found)


def _dormant(this: Past, earlier: list[Past]) -> Iterator[DormantProject]:
    if len(earlier) < 2:
        return  # a project with one release has no habit to wake from
    last = earlier[-1]
    assert this.uploaded is not None and last.uploaded is not None
    silence = this.uploaded - last.uploaded
    if silence >= DORMANT:
        yield DormantProject(version=this.version, before=last.version, silence=silence)


def _burst(this: Past, dated: tuple[Past, ...]) -> Iterator[ReleaseBurst]:
    """The burst that `this` is part of, if it is the first of its kind.

    Several series at once are a security fix and its backports; pre-releases come as they come.
    """
    now = this.uploaded
    if now is None or sum(abs(one.uploaded - now) <= BURST_SPAN for one in dated if one.uploaded) < BURST:
        return  # whatever their series
    by_series: dict[tuple[int, ...], list[Past]] = {}
    for one in dated:
        if (series := _series(one.version)) is not None:
            by_series.setdefault(series, []).append(one)
    groups = [group for releases in by_series.values() for group in _bursts(releases)]
    mine = [group for group in groups if this in group]
    if not mine or len(groups) > 1:
        return
    (group,) = mine
    times = [one.uploaded for one in group if one.uploaded]
    yield ReleaseBurst(
        version=this.version,
        versions=tuple(one.version for one in group),
        span=max(times) - min(times),
    )


def _bursts(releases: list[Past]) -> Iterator[list[Past]]:
    """Stretches of at least BURST releases, in order, each within BURST_SPAN of the first of its stretch."""
    start = 0
    while start < len(releases):
        end = start
        first = releases[start].uploaded
        while end < len(releases):
            when = releases[end].uploaded
            if first is None or when is None or when - first > BURST_SPAN:
                break
            end += 1
        if end - start >= BURST:
            yield releases[start:end]
        start = max(end, start + 1)


def _attestation(this: Past, earlier: list[Past]) -> Iterator[AttestationLost]:
    """A habit, not one release that happened to be attested: the last one and most of the last five."""
    last = earlier[-5:]
    kept = sum(one.attested for one in last)
    if this.attested or not last or not last[-1].attested or 2 * kept <= len(last):
        return
    yield AttestationLost(version=this.version, before=last[-1].version, of_last=kept)


def _mail(claims: Claims) -> Iterator[ThrowawayMail]:
    texts = [text for text in (claims.author_email, claims.maintainer_email) if text]
    found = dict.fromkeys(address for _, address in getaddresses(texts) if "@" in address)
    for address in found:
        if why := why_throwaway(address):
            yield ThrowawayMail(address=address, why=why)


def _owners(claims: Claims, before: tuple[str, ...] | None) -> Iterator[OwnersChanged]:
    """One who joins or leaves is daily life; that nobody is left of those who were there is not."""
    if before and claims.owners and not set(before) & set(claims.owners):
        yield OwnersChanged(before=before, after=claims.owners)


def borrowed(history: ProjectHistory, known: Mapping[str, tuple[ProjectName, ...]]) -> Iterator[BorrowedLink]:
    """Links of a new project to the repository of one known project that is no relative of its name."""
    project, claims = history.project, history.claims
    if claims is None or history.age is None or history.age >= ESTABLISHED:
        return
    seen = set()
    for label, address in claims.links:
        place = repository(address)
        owners = known.get(place, ()) if place else ()
        if place in seen or len(owners) != 1 or _related(project, owners[0], place or ""):
            continue
        seen.add(place)
        yield BorrowedLink(address=address, owner=owners[0], label=label)


def _related(project: ProjectName, owner: ProjectName, place: str) -> bool:
    """Whether a project may well live in that repository: it bears its name, or one word of it."""
    if project == owner or family(project, owner):
        return True
    words = set(re.split(r"[-_./]", place)) - _FORGES - {"py", "python", "com", "github", "gitlab", "org"}
    return not words.isdisjoint(project.split("-"))


def repository(address: str) -> str | None:
    """``host/owner/name`` in lower case of a repository on a well-known forge; None for any other address."""
    try:
        parts = urlsplit(address if "://" in address else f"https://{address}")
        host = (parts.hostname or "").lower().removeprefix("www.")
    except ValueError:
        return None
    path = [part for part in parts.path.split("/") if part]
    if host not in _FORGES or len(path) < 2 or not all(_PART.fullmatch(part) for part in path[:2]):
        return None
    if path[0].lower() in _PLACES:
        return None
    return f"{host}/{path[0]}/{path[1].removesuffix('.git')}".lower()


def _series(version: str) -> tuple[int, ...] | None:
    """Major and minor number of a final release, None for any other."""
    try:
        parsed = Version(version)
    except InvalidVersion:
        return None
    return None if parsed.is_prerelease else parsed.release[:2]


def _same(one: str, other: str) -> bool:
    try:
        return Version(one) == Version(other)
    except InvalidVersion:
        return one == other
