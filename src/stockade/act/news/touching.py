"""What of the news touches you: what was ever installed here, or given out, and names one slip from such a project."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from stockade.act.news.grouping import Project
from stockade.analyse.identity.names.distance import slip, within
from stockade.model.advisory import Advisory, Match
from stockade.model.project import ProjectName, Release
from stockade.model.sighting import Sighting

_SHORTEST = 4


class Touch(StrEnum):
    """How a malicious project touches you."""

    CONDEMNED = "condemned"  #: a release of it that is malicious was here
    OTHER_VERSION = "other-version"  #: it was here, in a version that nobody calls malicious
    NEAR_NAME = "near-name"  #: its name is one slip from a project that was here


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """One way in which `project` touches you. `yours` is the release or the project that was here, `seen` where a
    condemned release was, `slip` what kind of slip makes the one name of the other."""

    kind: Touch
    project: ProjectName
    yours: str
    seen: tuple[Sighting, ...] = ()
    slip: str = ""


class Mine:
    """What was ever here. `matches` tells which releases are under which of some advisories, `sightings` where they
    were."""

    def __init__(
        self,
        releases: Iterable[Release],
        matches: Callable[[Iterable[Release], Iterable[Advisory]], Sequence[Match]],
        sightings: Callable[[Iterable[Release]], Mapping[Release, tuple[Sighting, ...]]],
    ) -> None:
        self._matches, self._sightings = matches, sightings
        self._here: dict[ProjectName, list[Release]] = defaultdict(list)
        for one in sorted(releases):
            self._here[one.name].append(one)
        self._near: dict[str, set[ProjectName]] = defaultdict(set)
        for name in self._here:
            for text in _less(_letters(name)):
                self._near[text].add(name)

    def touched(self, project: Project) -> Iterator[Touched]:
        """How it touches you, if it does."""
        releases = self._here.get(project.name)
        if releases is None:
            yield from self._slips(project.name)
            return
        under = {one.release for one in self._matches(releases, project.advisories)}
        seen = self._sightings(under) if under else {}
        for one in releases:
            kind = Touch.CONDEMNED if one in under else Touch.OTHER_VERSION
            yield Touched(kind=kind, project=project.name, yours=str(one), seen=seen.get(one, ()))

    def _slips(self, name: ProjectName) -> Iterator[Touched]:
        """One edit apart, hyphens aside: they share what is left when one letter is dropped (Mor and Fraenkel 1982)."""
        letters = _letters(name)
        if len(letters) < _SHORTEST:
            return
        near = {one for text in _less(letters) for one in self._near.get(text, ())}
        for other in sorted(near):
            theirs = _letters(other)
            if len(theirs) >= _SHORTEST and within(letters, theirs, 1) <= 1:
                kind = slip(letters, theirs) if letters != theirs else "hyphen"
                yield Touched(kind=Touch.NEAR_NAME, project=name, yours=other, slip=kind)


def _letters(name: str) -> str:
    return name.replace("-", "")


def _less(text: str) -> Iterator[str]:
    yield text
    for at in range(len(text)):
        yield text[:at] + text[at + 1 :]
