"""What is known of a release beside its bytes, as evidence on its artifacts: dated, and never part of cached facts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from stockade.analyse.collector import Collector
from stockade.model.assessment import Findings


def remarked(findings: Findings, facts: Iterable[object]) -> Findings:
    """`findings` with what detectors say of `facts`; nothing is ever taken away."""
    given = list(facts)
    if not given:
        return findings
    # Only now: detectors bring the whole analyser with them, and most releases give no cause for a remark.
    from stockade.analyse.engine import DETECTORS

    collector = Collector(DETECTORS)
    for fact in given:
        collector.give(fact)
    new = tuple(one for one in collector.evidence() if one not in findings.evidence)
    return replace(findings, evidence=(*findings.evidence, *new), gaps=(*findings.gaps, *collector.gaps))
