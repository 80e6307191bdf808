"""Which advisories a release is under: the evaluation algorithm of OSV's schema, with versions ordered by PEP 440.

https://ossf.github.io/osv-schema/#evaluation
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Protocol

from packaging.version import Version

from stockade import limits
from stockade.decide.policy import Policy
from stockade.decide.policyfile import spell
from stockade.model.advisory import Advisory, FeedState, Key, Match, Scope, canonical
from stockade.model.advisory import scope as scope_of
from stockade.model.project import ProjectName, Release

#: Below every version; ``introduced: "0"`` means it.
_LOWEST = (-1, ())
_PHASES = ("a", "b", "rc")
_PIECE = re.compile(r"\d+|[a-z]+|[.-]")
_Ordered = tuple[int, Any]


class Book(Protocol):
    """Copies of feeds, as ``remember.feeds.Feeds`` keeps them."""

    def scopes(self, names: Iterable[ProjectName]) -> Mapping[ProjectName, Sequence[tuple[Key, Scope]]]: ...
    def advisories(self, keys: Iterable[Key]) -> Mapping[Key, Advisory]: ...


def matches(releases: Iterable[Release], book: Book) -> tuple[Match, ...]:
    """Every advisory in `book` that one of `releases` is under, the malicious first, then by release and id."""
    wanted = dict.fromkeys(releases)
    scopes = book.scopes({one.name for one in wanted})
    under = [
        (release, key, scope)
        for release in wanted
        for key, scope in scopes.get(release.name, ())
        if covers(scope, release.version)
    ]
    if not under:
        return ()
    found = book.advisories(dict.fromkeys(key for _, key, _ in under))
    return _sorted(_match(release, found[key], scope) for release, key, scope in under if key in found)


def matches_among(releases: Iterable[Release], advisories: Iterable[Advisory]) -> tuple[Match, ...]:
    """The same for a handful of advisories that are at hand."""
    several = list(advisories)
    return _sorted(
        _match(release, one, scope_of(one))
        for release in dict.fromkeys(releases)
        for one in several
        if one.project == release.name and affects(one, release.version)
    )


def _match(release: Release, advisory: Advisory, scope: Scope) -> Match:
    return Match(release=release, advisory=advisory, fix=_fix(release.version, advisory.fixed, scope))


def _sorted(found: Iterable[Match]) -> tuple[Match, ...]:
    def place(one: Match) -> tuple[object, ...]:
        advisory, release = one.advisory, one.release
        return not advisory.malicious, release.name, release.version, advisory.id, advisory.source

    return tuple(sorted(found, key=place))


def affects(advisory: Advisory, version: str) -> bool:
    """Whether `version` of its project is under `advisory`; see `covers`."""
    return covers(scope_of(advisory), version)


def covers(scope: Scope, version: str) -> bool:
    """Whether `version` is in `scope`: listed in any spelling, or in a range.

    Events of one version keep the order that the record gives them. A version that is none (PEP 440) sorts below all
    that are, as in the index's own early days. A local version (``1.0+cu118``) is also under what its public part
    (``1.0``) is under: whoever built it changed the label, and rarely the fault.
    """
    if scope.listed and f"\n{canonical(version)}\n" in scope.listed:
        return True
    if scope.ranges:
        at = _order(version)
        for events in scope.ranges:
            if _within(at, events):
                return True
    public = _public(version) if "+" in version else version
    return public != version and covers(scope, public)


def fix_for(version: str, advisory: Advisory) -> str:
    """The lowest version above `version` that the advisory calls fixed and does not affect; "" for none."""
    return _fix(version, advisory.fixed, scope_of(advisory))


def _fix(version: str, fixed: tuple[str, ...], scope: Scope) -> str:
    at = _order(version)
    better = sorted((one for one in fixed if _order(one) > at), key=_order) if fixed else ()
    return next((one for one in better if not covers(scope, one)), "")


def _within(at: _Ordered, events: Iterable[tuple[str, str]]) -> bool:
    """The last event at or below a version decides, so that nothing need be sorted."""
    last, vulnerable = _LOWEST, False
    ends = []
    for kind, text in events:
        if kind == "limit":
            ends.append(text)
            continue
        when = _LOWEST if kind == "introduced" and text == "0" else _order(text)
        reached = at > when if kind == "last_affected" else at >= when
        if reached and when >= last:
            last, vulnerable = when, kind == "introduced"
    if not vulnerable or not ends:
        return vulnerable
    return any(text == "*" or _order(text) > at for text in ends)


@lru_cache(maxsize=1 << 16)
def _order(text: str) -> _Ordered:
    """What a version is compared by: PEP 440's order in plain tuples, which compare ten times faster than Version does.

    One that is no version lies between the lowest and all that are.
    """
    try:
        version = Version(text)
    except ValueError:  # InvalidVersion, or more digits than Python makes a number of
        pieces = _PIECE.findall(text[: limits.MAX_ADVISORY_WORD].lower())
        # Numbers by value and above words; the text itself tells apart what is made of the same pieces.
        return 0, (*((1, int(one), "") if one.isdecimal() else (0, 0, one) for one in pieces), (2, 0, text))
    release = version.release
    while len(release) > 1 and release[-1] == 0:
        release = release[:-1]
    if version.pre is not None:
        pre = (_PHASES.index(version.pre[0]), version.pre[1])
    else:
        # 1.0.dev1 comes before 1.0a1, and 1.0 after 1.0rc1.
        pre = (-1, 0) if version.post is None and version.dev is not None else (len(_PHASES), 0)
    post = -1 if version.post is None else version.post
    dev = (1, 0) if version.dev is None else (0, version.dev)
    local = tuple(
        (1, int(one), "") if one.isdecimal() else (0, 0, one)
        for one in (version.local or "").split(".")
        if one
    )
    return 1, (version.epoch, release, pre, post, dev, local)


@lru_cache(maxsize=1 << 12)
def _public(text: str) -> str:
    try:
        return Version(text).public
    except ValueError:
        return text


@dataclass(frozen=True, slots=True)
class Aged:
    """A feed, its copy here (None: never read), and whether policy calls that stale."""

    name: str
    state: FeedState | None
    stale: bool


def aged(states: Iterable[FeedState], policy: Policy, now: datetime) -> tuple[Aged, ...]:
    """Every copy that is here, by name, and every feed that a policy file names and that was never read.

    Without such a file none is missed.
    """
    found = {one.name: Aged(one.name, one, now - one.checked > policy.feeds_age) for one in states}
    if "advisories.feeds" in policy.given:
        found |= {one.name: Aged(one.name, None, True) for one in policy.feeds if one.name not in found}
    return tuple(found[name] for name in sorted(found))


def stale(states: Iterable[FeedState], policy: Policy, now: datetime) -> str:
    """A sentence where a copy is older than `policy` puts up with, or was never made; "" otherwise."""
    old = [one for one in aged(states, policy, now) if one.stale]
    never = [one.name for one in old if one.state is None]
    if never:
        return f"the feed {never[0]} of the policy was never read here; `stockade feed sync` does"
    if not old:
        return ""
    age, name = max((now - one.state.checked, one.name) for one in old if one.state is not None)
    return (
        f"the advisories of {name} were last brought up to date {age.days} days ago, and policy allows"
        f" {spell(policy.feeds_age)}; `stockade feed sync` does"
    )
