"""Findings -> Assessment, by weights that were fitted on labelled data and stand in a readable file.

The score is a logistic regression over which detectors spoke in which phase. What comes together in one file counts
in full, with what is said of the artifact as a whole, and the rest in part: an attack is a few lines that belong
together, while a large honest project does a little of everything somewhere. Weights are never negative: evidence can
add guilt, and nothing takes it away; popularity, age and attestation are no features at all.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from stockade.errors import StockadeError
from stockade.model.assessment import Assessment, Clean, Findings, Flagged, Unknown
from stockade.model.evidence import Evidence, GapKind, Phase

#: Of one detector, only the presence in a phase counts, not how often.
Feature = str


class BadModel(StockadeError):
    """The weights file that Stockade ships is damaged."""

    hint = "Install Stockade again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """Fitted weights. `ask` <= `block` are scores in [0, 1]; `weights` maps features to log-odds >= 0.

    A feature counts in full in the file that weighs most, and by `elsewhere` (in [0, 1]) where it is seen in others
    only. `priors` are the features whose weight the corpora could not teach (bench/priors.toml).
    """

    intercept: float
    weights: Mapping[Feature, float]
    ask: float
    block: float
    fitted: str
    data: str
    elsewhere: float = 1.0
    priors: frozenset[Feature] = frozenset()

    def weight(self, found: Iterable[Feature]) -> float:
        """Log-odds of all of `found` together."""
        return math.fsum(self.weights.get(feature, 0.0) for feature in found)


def parse_model(text: str) -> Model:
    """Read the weights file (TOML); raises BadModel where a value is missing or out of range."""
    try:
        raw = tomllib.loads(text)
        model = Model(
            intercept=float(raw["intercept"]),
            weights={str(name): float(value) for name, value in raw["weights"].items()},
            ask=float(raw["thresholds"]["ask"]),
            block=float(raw["thresholds"]["block"]),
            fitted=str(raw["fitted"]),
            data=str(raw["data"]),
            elsewhere=float(raw["elsewhere"]),
            priors=frozenset(map(str, raw["priors"])),
        )
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, AttributeError) as why:
        raise BadModel(f"the weights file cannot be read: {why}") from None
    if not 0 <= model.ask <= model.block <= 1 or any(weight < 0 for weight in model.weights.values()):
        raise BadModel("the weights file has a negative weight or thresholds out of order")
    if not 0 <= model.elsewhere <= 1:
        raise BadModel(
            "the weights file counts what is seen elsewhere for more than all, or for less than nothing"
        )
    return model


def features(evidence: Iterable[Evidence]) -> frozenset[Feature]:
    """What the judge sees of the evidence: ``detector`` and ``detector@phase`` of each, once."""
    seen = set()
    for item in evidence:
        seen.add(item.detector)
        if item.phase is not None:
            seen.add(f"{item.detector}@{item.phase}")
    return frozenset(seen)


def places(evidence: Iterable[Evidence]) -> dict[str, frozenset[Feature]]:
    """The features of each file, those of its decoded layers included.

    What has no phase (whose copy it is, how it is packed) is said of the artifact as a whole, and stands in each.
    """
    files: dict[str, list[Evidence]] = {}
    of_all: list[Evidence] = []
    for item in evidence:
        if item.phase is None:
            of_all.append(item)
        else:
            files.setdefault(item.where.file, []).append(item)
    whole = features(of_all)
    return {file: features(items) | whole for file, items in (files or {"": []}).items()}


def log_odds(found: Iterable[frozenset[Feature]], model: Model) -> float:
    """The log-odds that an artifact whose files show these features is malicious, at even prior odds.

    More features, or more files, never lower it.
    """
    sets = list(found)
    fullest = max((model.weight(one) for one in sets), default=0.0)
    whole = model.weight(frozenset[Feature]().union(*sets))
    return model.intercept + (1 - model.elsewhere) * fullest + model.elsewhere * whole


def score(evidence: Iterable[Evidence], model: Model) -> float:
    """The probability in [0, 1] that an artifact with this evidence is malicious, at even prior odds."""
    return _chance(log_odds(places(evidence).values(), model))


def _chance(total: float) -> float:
    return 1 / (1 + math.exp(-total)) if total > -700 else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """What one detector adds to the log-odds, over all `phases` in which it spoke; `share` is its part, in [0, 1],
    of what all detectors add. `prior` says that its weight is held up by a prior, not by the corpora alone."""

    detector: str
    phases: tuple[Phase, ...]
    log_odds: float
    share: float
    prior: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A score, taken apart: `intercept` plus the log-odds of all `terms` is `total`, whose logistic is `score`.

    `file` is the one that counts in full ("" where nothing weighs anything).
    """

    intercept: float
    file: str
    terms: tuple[Term, ...]
    total: float
    score: float


def explain(evidence: Iterable[Evidence], model: Model) -> Explanation:
    """How `evidence` comes to its score, the weightiest detector first; those without weight stand there too."""
    found = places(evidence)
    file = max(sorted(found), key=lambda one: model.weight(found[one]), default="")
    spoke: dict[str, list[Feature]] = {}
    for feature in sorted(frozenset[Feature]().union(*found.values())):
        spoke.setdefault(feature.partition("@")[0], []).append(feature)
    here = found.get(file, frozenset())
    adds = {
        name: (1 - model.elsewhere) * model.weight(here.intersection(given))
        + model.elsewhere * model.weight(given)
        for name, given in spoke.items()
    }
    whole = math.fsum(adds.values())
    terms = tuple(
        Term(
            detector=name,
            phases=tuple(phase for phase in Phase if f"{name}@{phase}" in spoke[name]),
            log_odds=adds[name],
            share=adds[name] / whole if whole else 0.0,
            prior=not model.priors.isdisjoint(spoke[name]),
        )
        for name in sorted(adds, key=lambda name: (-adds[name], name))
    )
    total = log_odds(found.values(), model)
    return Explanation(
        intercept=model.intercept, file=file if whole else "", terms=terms, total=total, score=_chance(total)
    )


def contributions(evidence: Iterable[Evidence], model: Model) -> dict[str, float]:
    """Log-odds that each detector adds, the largest first."""
    return {term.detector: term.log_odds for term in explain(evidence, model).terms}


def judge(findings: Findings, model: Model) -> Assessment:
    """One artifact's assessment from its findings.

    Flagged from ``model.ask`` on; else Unknown if a limit was hit; else Clean.
    """
    value = score(findings.evidence, model)
    kind: type[Clean | Flagged | Unknown] = Clean
    if value >= model.ask:
        kind = Flagged
    elif any(gap.kind is GapKind.LIMIT for gap in findings.gaps):
        kind = Unknown
    return kind(score=value, evidence=findings.evidence, gaps=findings.gaps)
