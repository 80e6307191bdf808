"""Artifacts that are installed together: what the flows of one say about another, as evidence on each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from stockade.analyse.collector import Collector
from stockade.analyse.flows.link import Part, arrivals, departures, link
from stockade.model.assessment import Findings
from stockade.model.evidence import Gap, GapKind

_UNFINISHED = Gap(
    kind=GapKind.LIMIT,
    what="its secrets",
    why="there are too many ways from it into what it is installed with to follow them all",
)


def linked(names: Sequence[str], owners: Sequence[str], found: Sequence[Findings]) -> list[Findings]:
    """`found` with the evidence that comes of the artifacts, called `names`, being installed together.

    `owners` says whose each is, as whoever offered it says: files of one owner are not linked with each other, and an
    artifact's own word must not keep it out. Findings are never taken away.
    """
    parts = [
        Part(name=name, project=one.project, summary=one.summary, owner=owner)
        for name, owner, one in zip(names, owners, found, strict=True)
    ]
    result = link(parts)
    if not result.links and not result.unfinished:
        return list(found)
    # Only now: detectors bring the whole analyser with them, and nearly no closure needs them.
    from stockade.analyse.engine import DETECTORS

    leaving, arriving = departures(result.links), arrivals(result.links)
    made: list[Findings] = []
    for number, one in enumerate(found):
        collector = Collector(DETECTORS)
        for fact in (*leaving.get(number, ()), *arriving.get(number, ())):
            collector.give(fact)
        evidence = (*one.evidence, *(each for each in collector.evidence() if each not in one.evidence))
        gaps = (_UNFINISHED,) if number in result.unfinished else ()
        made.append(replace(one, evidence=evidence, gaps=(*one.gaps, *collector.gaps, *gaps)))
    return made


def settled_alone(found: Findings) -> bool:
    """Whether nothing that an artifact is installed with could add to what is found in it: it hands no secret to
    others, and nothing that others hand it leaves by it."""
    return not (found.summary.handovers or found.summary.exposures)
