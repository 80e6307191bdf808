"""A release against the one before it, and the files of one release against each other. Pure, over profiles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from itertools import islice

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from stockade.model.assessment import Findings
from stockade.model.evidence import Location, Phase
from stockade.model.profile import Deed, Profile

#: What runs without anybody asking for it.
UNASKED = (Phase.INSTALL, Phase.STARTUP, Phase.IMPORT)
#: So many remarks of one sort; a rewrite has hundreds.
_SHOWN = 8


class New(StrEnum):
    """What a release has that the one before it had not."""

    STARTUP = "startup"
    PHASE = "phase"
    SINK = "sink"
    HOST = "host"
    NATIVE = "native"
    KIND = "kind"
    DEPENDENCY = "dependency"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """One new thing. `what` completes "it …"; `before` is the version that it was compared with."""

    new: New
    what: str
    before: str
    where: Location
    phase: Phase | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """What one file of a release does by itself, and `other`, a file of the same release, does not."""

    what: str
    other: str
    where: Location
    phase: Phase


def drift(
    now: Findings, then: Findings, before: str, ages: Mapping[str, timedelta | None]
) -> tuple[Drift, ...]:
    """What `now` has that `then`, its counterpart in the release `before`, had not.

    `ages` are those of projects as far as known, by normalised name. Where the older profile is not whole, nothing can
    be said to be new.
    """
    if then.profile.full:
        return ()
    mine, old = now.profile, then.profile
    found: list[Drift] = []
    found += islice(_startup(mine, old, before), _SHOWN)
    found += islice(_phases(mine, old, before), _SHOWN)
    found += islice(_sinks(mine, old, before), _SHOWN)
    found += islice(_hosts(mine, old, before), _SHOWN)
    for path in _added(mine.natives, old.natives):
        what = f"brings native code ({path})"
        found.append(Drift(new=New.NATIVE, what=what, before=before, where=Location(file=path)))
    for kind in _added(mine.kinds, old.kinds):
        what = f"has a folder {kind[:-1]}" if kind.endswith("/") else f"has files that end in {kind}"
        found.append(Drift(new=New.KIND, what=what, before=before, where=Location(file="")))
    found += islice(_dependencies(now, then, before, ages), _SHOWN)
    return tuple(found)


def disagreements(one: Findings, other: Findings, name: str) -> tuple[Disagreement, ...]:
    """What `one` does when it is imported or Python starts, that `other`, the file `name`, never does.

    Installing is left out: only an sdist is built. So are files under a top-level name that the other does not have:
    an sdist brings tests and tools that nobody installs.
    """
    theirs = other.profile
    if theirs.full:
        return ()
    phases = (Phase.STARTUP, Phase.IMPORT)
    known = {(deed.act, deed.phase) for deed in theirs.deeds}
    targets = {(deed.act, deed.target) for deed in theirs.deeds}
    tops = frozenset(theirs.tops)
    found = [
        Disagreement(what=f"{deed.act} ({deed.target})", other=name, where=deed.where, phase=deed.phase)
        for deed in one.profile.deeds
        if deed.phase in phases
        and deed.top in tops
        and (deed.act, deed.phase) not in known
        and (deed.act, deed.target) not in targets
    ]
    return tuple(found[:_SHOWN])


def _added(mine: Iterable[str], old: Iterable[str]) -> list[str]:
    """The first of `mine` that are not in `old`."""
    there = frozenset(old)
    return list(islice((one for one in mine if one not in there), _SHOWN))


def _startup(mine: Profile, old: Profile, before: str) -> Iterator[Drift]:
    there = {one.rpartition(" ")[0] for one in old.startup}
    for one in _added(mine.startup, old.startup):
        path = one.rpartition(" ")[0]
        what = (
            "runs other lines each time Python starts"
            if path in there
            else "runs code each time Python starts"
        )
        where = Location(file=path)
        yield Drift(new=New.STARTUP, what=what, before=before, where=where, phase=Phase.STARTUP)


def _phases(mine: Profile, old: Profile, before: str) -> Iterator[Drift]:
    seen = {(deed.act, deed.phase) for deed in old.deeds}
    for deed in mine.deeds:
        key = (deed.act, deed.phase)
        if deed.phase in UNASKED and key not in seen:
            seen.add(key)
            yield _of(New.PHASE, deed, f"{deed.act} without being asked", before)


def _sinks(mine: Profile, old: Profile, before: str) -> Iterator[Drift]:
    seen = {(deed.act, deed.target) for deed in old.deeds}
    for deed in mine.deeds:
        key = (deed.act, deed.target)
        if key not in seen:
            seen.add(key)
            yield _of(New.SINK, deed, f"{deed.act} by {deed.target}", before)


def _of(new: New, deed: Deed, what: str, before: str) -> Drift:
    return Drift(new=new, what=what, before=before, where=deed.where, phase=deed.phase)


def _hosts(mine: Profile, old: Profile, before: str) -> Iterator[Drift]:
    seen = {_domain(host.name) for host in old.hosts}
    for host in mine.hosts:
        domain = _domain(host.name)
        if domain not in seen:
            seen.add(domain)
            what = f"names the host {host.name}"
            yield Drift(new=New.HOST, what=what, before=before, where=host.where, phase=host.phase)


def _domain(host: str) -> str:
    """What one party registers, as a rule: the last two labels; an address whole."""
    labels = host.split(".")
    return host if labels[-1].isdigit() else ".".join(labels[-2:])


def _dependencies(
    now: Findings, then: Findings, before: str, ages: Mapping[str, timedelta | None]
) -> Iterator[Drift]:
    """Projects that are required by name and were not; those of extras nobody is made to install."""
    old = {name for name, _ in _required(then.requires)}
    seen = set(old)
    for name, optional in _required(now.requires):
        if name in seen or optional:
            continue
        seen.add(name)
        age = ages.get(name)
        told = f", which is {age.days} days old" if age is not None else ""
        where = Location(file="METADATA")
        yield Drift(new=New.DEPENDENCY, what=f"requires {name}{told}", before=before, where=where)


def _required(lines: Iterable[str]) -> Iterator[tuple[str, bool]]:
    for line in lines:
        try:
            parsed = Requirement(line)
        except InvalidRequirement:
            continue
        yield canonicalize_name(parsed.name), "extra" in str(parsed.marker or "")
