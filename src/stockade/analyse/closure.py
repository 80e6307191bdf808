"""Artifacts that are installed together: what the flows of one say about another, as evidence on each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from stockade.analyse.flows.link import Part, arrivals, departures, link
from stockade.model.assessment import Findings


def linked(names: Sequence[str], found: Sequence[Findings]) -> list[Findings]:
    """`found` with the evidence that comes of the artifacts, called `names`, being installed together.

    Files of one release are not linked with each other. Findings are never taken away.
    """
    parts = [
        Part(name=name, project=one.project.lower().replace("_", "-").replace(".", "-"), summary=one.summary)
        for name, one in zip(names, found, strict=True)
    ]
    links = link(parts)
    if not links:
        return list(found)
    # Only now: detectors bring the whole analyser with them, and nearly no closure needs them.
    from stockade.analyse.engine import DETECTORS, Collector

    leaving, arriving = departures(links), arrivals(links)
    made: list[Findings] = []
    for number, one in enumerate(found):
        collector = Collector(DETECTORS)
        for fact in (*leaving.get(number, ()), *arriving.get(number, ())):
            collector.give(fact)
        evidence = collector.evidence()
        more = (*one.evidence, *(each for each in evidence if each not in one.evidence))
        made.append(replace(one, evidence=more, gaps=(*one.gaps, *collector.gaps)) if evidence else one)
    return made
