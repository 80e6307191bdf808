#!/usr/bin/env python3
"""Fit the judge's weights on labelled archives and write src/stockade/analyse/data/weights.toml.

    make fit MALICIOUS=DIR BENIGN='DIR DIR'        (evaluates, fits, evaluates again)
    python bench/fit.py cases.ndjson --shapes shapes.ndjson

Each malicious cluster weighs one, spread over its archives; each benign project weighs one, spread over its
files; both sides weigh the same in sum. Logistic regression with weights >= 0 and a penalty (bench/learner.py), which
pulls towards what bench/priors.toml says for what the corpora cannot teach. Labels that bench/labels.toml doubts are
not learned from, and figures are given with and without them.

What is printed is out of fold: groups of near-copies (bench/cases.py) and benign projects are never split. The second
reading fits on campaigns listed earlier and tests on those first listed since; a group that has members on both sides
is left out of the fit. Thresholds come from out-of-fold scores of benign archives, before weights are fitted on all.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import tomllib
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from calibration import reliability, rescaled
from cases import Row, doubted, rows_of, weigh
from learner import ELSEWHERE, PENALTY, Fitted, Learner, chance

from stockade.act.report.evaluation import LATER, Share
from stockade.analyse.engine import DETECTORS

OUT = Path(__file__).parents[1] / "src/stockade/analyse/data/weights.toml"
PRIORS = Path(__file__).parent / "priors.toml"
FOLDS = 10
PENALTIES = (0.001, 0.0003, 0.0001, 0.00003, 0.00001)
#: They speak of an archive's form and name, which may tell where a label came from; bench/leaks.py.
FORM = ("record-disagreement", "container-oddity", "name-disagreement")
OWN_RULES = "user-rule"
#: The share of benign archives that each threshold may alarm on, out of fold.
BLOCK_BUDGET, ASK_BUDGET = 0.003, 0.01
#: Room between a threshold and the highest benign score below it, in log-odds.
MARGIN = 0.15


def folds_of(rows: list[Row]) -> np.ndarray:
    return np.array([int(hashlib.sha256(row.group.encode()).hexdigest(), 16) % FOLDS for row in rows])


def out_of_fold(rows: list[Row], learner: Learner, learned: np.ndarray) -> np.ndarray:
    """Log-odds of each row by weights that were fitted without its group; only `learned` rows are fitted on."""
    fold, found = folds_of(rows), np.zeros(len(rows))
    for number in range(FOLDS):
        taken = [row for row, use in zip(rows, learned & (fold != number), strict=True) if use]
        held = [row for row, here in zip(rows, fold == number, strict=True) if here]
        found[fold == number] = learner.logits(held, learner.fit(taken))
    return found


def earlier_only(rows: list[Row], learned: np.ndarray) -> np.ndarray:
    """Rows to fit on when what was first listed since LATER is the test: no group with a member among that."""
    late = {row.group for row in rows if row.listed >= LATER}
    return learned & np.array([row.group not in late for row in rows])


def loss_of(rows: list[Row], scores: np.ndarray) -> float:
    """Mean weighted log loss of out-of-fold scores."""
    label, kept = np.array([row.label for row in rows]), np.clip(scores, 1e-6, 1 - 1e-6)
    return float(-(weigh(rows) * np.log(np.where(label, kept, 1 - kept))).mean())


def threshold(scores: np.ndarray, budget: float) -> float:
    """The lowest score that at most `budget` of the benign archives reach, with a margin above it."""
    ordered = np.sort(scores)[::-1]
    highest = float(np.clip(ordered[int(budget * len(ordered))], 1e-6, 1 - 1e-6))
    return float(chance(np.log(highest / (1 - highest)) + MARGIN))


def unchosen(rows: list[Row], scores: np.ndarray, budget: float) -> Share:
    """Benign archives that alarm where each fold's threshold was chosen from the other folds' benign archives."""
    fold, benign = folds_of(rows), np.array([not row.label for row in rows])
    hits = 0
    for number in range(FOLDS):
        at = threshold(scores[benign & (fold != number)], budget)
        hits += int((scores[benign & (fold == number)] >= at).sum())
    return Share(hits, int(benign.sum()))


def recall(rows: list[Row], scores: np.ndarray, at: float, *, by: str = "cluster", since: str = "") -> Share:
    """Clusters (or groups) of which the archives score `at` or more, each by its share."""
    hits: dict[str, list[bool]] = defaultdict(list)
    for row, value in zip(rows, scores, strict=True):
        if row.label and row.listed >= since:
            hits[getattr(row, by)].append(bool(value >= at))
    return Share(sum(sum(h) / len(h) for h in hits.values()), len(hits))


def report(
    title: str, rows: list[Row], scores: np.ndarray, doubts: np.ndarray, ask: float, block: float
) -> None:
    """The figures at both thresholds, with doubted labels and without."""
    benign = scores[np.array([not row.label for row in rows])]
    sure = [row for row, doubt in zip(rows, doubts, strict=True) if not doubt]
    print(title)
    for word, at, budget in (("block", block, BLOCK_BUDGET), ("ask", ask, ASK_BUDGET)):
        for what, some, given in (("", rows, scores), (", labels believed right", sure, scores[~doubts])):
            lead = f"  {word:5} from {at:.3f}:" if not what else " " * 20
            print(f"{lead:20} {'all clusters' + what:44} {recall(some, given, at)}")
            print(
                f"{'':20} {'first listed ' + LATER + ' on' + what:44} {recall(some, given, at, since=LATER)}"
            )
        print(f"{'':20} {'groups of near-copies' + what:44} {recall(sure, scores[~doubts], at, by='group')}")
        print(f"{'':20} {'benign':44} {Share(int((benign >= at).sum()), len(benign))}")
        if "fold" in title:
            print(f"{'':20} {'benign, threshold chosen without them':44} {unchosen(rows, scores, budget)}")


def learned_priors(path: Path) -> dict[str, float]:
    """Feature -> log-odds, from bench/priors.toml, which gives each with its reason."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))["priors"]
    return {name: float(entry["log_odds"]) for name, entry in table.items()}


def write(
    path: Path,
    fitted: Fitted,
    learner: Learner,
    priors: Mapping[str, float],
    ask: float,
    block: float,
    rows: list[Row],
) -> None:
    """The weights file. A weight that a prior holds up is named, so that nobody takes it for learned."""
    bad = [row for row in rows if row.label]
    data = (
        f"{len(bad)} malicious archives in {len({row.cluster for row in bad})} clusters first listed"
        f" {min(row.listed for row in bad)} to {max(row.listed for row in bad)};"
        f" {len(rows) - len(bad)} benign archives of {len({row.group for row in rows if not row.label})} projects"
    )
    table = {name: value for name, value in zip(learner.names, fitted.weights, strict=True) if value >= 0.005}
    taught = {name for row in bad for name in row.seen}
    held = [name for name in sorted(table) if name in priors or name not in taught]
    lines = [
        "# Log-odds that each observation adds; fitted by `make fit`, never by hand. docs/detectors.md has the names,",
        "# docs/model-card.md the method. Evidence never lowers a score: no weight is negative.",
        f'fitted = "{datetime.now(UTC).date()}"',
        f'data = "{data}"',
        "# Held up by bench/priors.toml or the penalty, since the corpora show no such package or too few.",
        f"priors = [{', '.join(f'{chr(34)}{name}{chr(34)}' for name in held)}]",
        "# What is seen in other files than the one that weighs most counts by this.",
        f"elsewhere = {ELSEWHERE}",
        f"intercept = {fitted.intercept:.4f}",
        "",
        "[thresholds]",
        f"ask = {ask:.3f}",
        f"block = {block:.3f}",
        "",
        "[weights]",
        *(f'"{name}" = {value:.4f}' for name, value in sorted(table.items())),
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def worst(rows: list[Row], scores: np.ndarray, doubts: np.ndarray, show: int) -> None:
    """The cases that a person should look at: honest ones that score high, malicious ones that score low."""
    benign = np.array([not row.label for row in rows])
    print("benign with the highest scores out of fold:")
    for number in np.argsort(-np.where(benign, scores, -1))[:show]:
        print(f"  {scores[number]:.3f} {Path(rows[number].path).name} {' '.join(sorted(rows[number].seen))}")
    print("malicious with the lowest scores out of fold, one a cluster:")
    told: set[str] = set()
    for number in np.argsort(np.where(benign | doubts, 2, scores)):
        row = rows[number]
        if len(told) < show and row.cluster not in told and not benign[number] and not doubts[number]:
            told.add(row.cluster)
            name = "/".join(Path(row.path).parts[-2:])
            print(f"  {scores[number]:.3f} {row.listed} {name} {' '.join(sorted(row.seen))}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("cases", type=Path, help="what `stockade eval --cases` wrote")
    parser.add_argument("--shapes", type=Path, help="what bench/shapes.py wrote")
    parser.add_argument("--drop", action="append", default=[*FORM, OWN_RULES], help="leave a detector out")
    parser.add_argument("--penalty", type=float, default=PENALTY)
    parser.add_argument(
        "--losses", action="store_true", help="print the out-of-fold loss of each penalty, and end"
    )
    parser.add_argument("--dry-run", action="store_true", help="print, write nothing")
    parser.add_argument("--show", type=int, default=12, help="how many of the worst cases to list")
    given = parser.parse_args()
    rows, priors = rows_of(given.cases, given.shapes), learned_priors(PRIORS)
    doubts = doubted(rows)
    # A detector that speaks in no archive has a weight all the same; what a user's own rule weighs, the user says.
    names = {name for row in rows for name in row.seen} | priors.keys() | {one.id for one in DETECTORS}
    names = sorted(name for name in names if name.partition("@")[0] not in given.drop)
    if given.losses:
        for penalty in PENALTIES:
            found = out_of_fold(rows, Learner(names, priors, penalty), ~doubts)
            print(f"{penalty:8} {loss_of(rows, chance(found)):.4f}")
        return
    learner = Learner(names, priors, given.penalty)
    raw = out_of_fold(rows, learner, ~doubts)
    slope, shift = rescaled(rows, raw, ~doubts)
    print(f"calibration: log-odds times {slope:.3f}, plus {shift:+.3f}")
    scores = chance(slope * raw + shift)
    benign = np.array([not row.label for row in rows])
    block, ask = threshold(scores[benign], BLOCK_BUDGET), threshold(scores[benign], ASK_BUDGET)
    ask = min(ask, block)
    report("out of fold", rows, scores, doubts, ask, block)
    late = chance(slope * out_of_fold(rows, learner, earlier_only(rows, ~doubts)) + shift)
    report(f"fitted on what was listed before {LATER}, benign out of fold", rows, late, doubts, ask, block)
    reliability(rows, scores, ~doubts)
    sure = [row for row, doubt in zip(rows, doubts, strict=True) if not doubt]
    plain = learner.fit(sure)
    fitted = Fitted(slope * plain.intercept + shift, slope * plain.weights)
    report("in sample", rows, chance(learner.logits(rows, fitted)), doubts, ask, block)
    worst(rows, scores, doubts, given.show)
    if not given.dry_run:
        write(OUT, fitted, learner, priors, ask, block, sure)
        print(f"wrote {OUT.name}")


if __name__ == "__main__":
    sys.exit(main())
