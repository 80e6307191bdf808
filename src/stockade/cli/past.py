"""What a check learns of the projects of a closure beside their bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from stockade.acquire.index.history import Histories
from stockade.acquire.reference import repositories
from stockade.acquire.resolve import Closure
from stockade.analyse.identity.history import Standing, remarks
from stockade.model.identity import ProjectHistory
from stockade.model.project import ProjectName, Release
from stockade.pipeline import Road

#: A project that is brought in is asked about only while it is young: of an old one it tells little.
YOUNG = timedelta(days=180)


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """Histories of the projects of a closure, and facts about its releases."""

    histories: Mapping[ProjectName, ProjectHistory] = field(default_factory=dict)
    remarks: Mapping[Release, Sequence[object]] = field(default_factory=dict)


def known(closure: Closure, histories: Histories, road: Road) -> Past:
    """The past of every release that the index lists; with ``--evidence code`` nothing is asked.

    A project's own JSON costs a request, so only those that were asked for by name, and young ones, are asked about.
    """
    if road.code_only:
        return Past()
    listed = [one for one in closure.releases if any(ref.index for ref in one.files)]
    direct = {one.release.name for one in listed if one.direct}

    def asks(history: ProjectHistory) -> bool:
        return history.project in direct or (history.age is not None and history.age < YOUNG)

    found = histories.several([one.release.name for one in listed], asks)
    facts = {}
    for one in listed:
        history = found.get(one.release.name)
        if history is not None:
            standing = Standing(history=history, version=one.release.version, repositories=repositories())
            facts[one.release] = remarks(standing)
    return Past(histories=found, remarks=facts)
