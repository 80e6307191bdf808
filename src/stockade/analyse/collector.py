"""Facts to detectors, and what they say kept: the one place where a detector's crash becomes a gap."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from stockade import limits
from stockade.analyse.detector import Detector
from stockade.model.evidence import Evidence, Gap, GapKind


class Collector:
    """Hands facts to detectors and keeps what they say: each thing once, bounded, fair to every detector."""

    def __init__(self, detectors: Iterable[Detector[Any]]) -> None:
        #: A fact's type -> a condition -> the detectors that share it.
        self._by_type: dict[type, dict[Callable[[Any], bool] | None, list[Detector[Any]]]] = {}
        for one in detectors:
            self._by_type.setdefault(one.on, {}).setdefault(one.when, []).append(one)
        self._evidence: dict[str, dict[Evidence, None]] = {}
        self._crashed: dict[str, Gap] = {}

    def wants(self, kind: type) -> bool:
        """Whether any detector asked for facts of this type."""
        return kind in self._by_type

    def give(self, fact: object) -> None:
        """Show one fact to its detectors."""
        self.give_all(type(fact), (fact,))

    def give_all(self, kind: type, facts: Sequence[object]) -> None:
        """Show many facts of one type, each to the detectors whose condition holds."""
        for when, group in self._by_type.get(kind, {}).items():
            for fact in facts if when is None else self._such(facts, when, group):
                for one in group:
                    try:
                        for evidence in one.check(fact):
                            self._keep(one.id, evidence)
                    except Exception as why:  # noqa: BLE001 - only the engine may, and it becomes a gap
                        self._crashed.setdefault(one.id, crash_gap(f"the detector {one.id}", why))

    def _such(
        self, facts: Sequence[object], when: Callable[[Any], bool], group: Iterable[Detector[Any]]
    ) -> list[object]:
        try:
            return [fact for fact in facts if when(fact)]
        except Exception as why:  # noqa: BLE001 - only the engine may, and it becomes a gap
            for one in group:
                self._crashed.setdefault(one.id, crash_gap(f"the detector {one.id}", why))
            return []

    def _keep(self, name: str, evidence: Evidence) -> None:
        kept = self._evidence.setdefault(name, {})
        if len(kept) < limits.MAX_EVIDENCE:
            kept.setdefault(_bounded(evidence))

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """A gap for each detector that crashed."""
        return tuple(self._crashed.values())

    def evidence(self) -> tuple[Evidence, ...]:
        """All evidence; where there is too much, each detector's first pieces before anybody's later ones."""
        rows = [list(kept) for kept in self._evidence.values()]
        chosen: list[Evidence] = []
        for turn in range(max(map(len, rows), default=0)):
            chosen += [row[turn] for row in rows if turn < len(row)]
            if len(chosen) >= limits.MAX_EVIDENCE:
                break
        return tuple(chosen[: limits.MAX_EVIDENCE])


def _bounded(evidence: Evidence) -> Evidence:
    if len(evidence.excerpt) <= limits.MAX_EXCERPT:
        return evidence
    return replace(evidence, excerpt=evidence.excerpt[: limits.MAX_EXCERPT])


def crash_gap(what: str, why: Exception) -> Gap:
    """A crash, as what could not be looked at."""
    return Gap(kind=GapKind.LIMIT, what=what, why=f"failed ({type(why).__name__}: {str(why)[:200]})")
