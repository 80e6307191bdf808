#!/usr/bin/env python3
"""Fit the judge's weights on labelled archives and write src/stockade/analyse/data/weights.toml.

    stockade eval --evidence code --malicious DIR --benign DIR --cases cases.ndjson
    python bench/fit.py cases.ndjson

Each malicious cluster weighs one, spread over its archives; each benign project weighs one, spread over its
files; both sides weigh the same in sum. Logistic regression with weights >= 0, L2 penalty, by L-BFGS-B.
What is printed is out of fold: clusters and projects are never split, and clusters whose archives give the
same findings are kept together. Thresholds come from those out-of-fold scores, before weights are fitted on all.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from stockade.act.report.evaluation import LATER, Share

OUT = Path(__file__).parents[1] / "src/stockade/analyse/data/weights.toml"
FOLDS = 10
#: L2 penalty, in units of the mean loss of an archive; of 0.003, 0.001, … 0.00001 the one with the least loss out of
#: fold (--losses prints them all).
PENALTY = 0.00003
PENALTIES = (0.003, 0.001, 0.0003, 0.0001, 0.00003, 0.00001)
#: They speak of an archive's form and name, which may tell where a label came from; bench/leaks.py.
FORM = ("record-disagreement", "container-oddity", "name-disagreement")
#: The share of benign archives that each threshold may alarm on, out of fold.
BLOCK_BUDGET, ASK_BUDGET = 0.0025, 0.01


@dataclass(frozen=True)
class Row:
    label: bool
    group: str
    cluster: str
    listed: str
    path: str
    seen: frozenset[str]


def rows_of(path: Path) -> list[Row]:
    """One row an archive; clusters are joined into a group where any of their archives show the same."""
    cases = [json.loads(line) for line in path.read_text().splitlines()]
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while parent.setdefault(name, name) != name:
            name = parent[name]
        return name

    rows = []
    for case in cases:
        seen = frozenset(case["features"])
        cluster = case["cluster"]
        if not case["malicious"]:
            project = re.split(r"-\d", Path(case["path"]).name)[0].lower().replace("_", "-").replace(".", "-")
            cluster = f"benign:{project}"
        elif len(seen) > 4:  # a rich set of observations in common is no accident
            parent[root(cluster)] = root("shape:" + " ".join(sorted(seen)))
        rows.append(Row(case["malicious"], cluster, cluster, case["listed"], case["path"], seen))
    return [Row(r.label, root(r.cluster), r.cluster, r.listed, r.path, r.seen) for r in rows]


def weigh(rows: list[Row]) -> np.ndarray:
    """Each cluster and each benign project one; both sides the same in sum; mean 1."""
    count: dict[str, int] = defaultdict(int)
    for row in rows:
        count[row.cluster] += 1
    weight = np.array([1 / count[row.cluster] for row in rows])
    label = np.array([row.label for row in rows])
    for side in (True, False):
        weight[label == side] /= max(weight[label == side].sum(), 1e-12)
    return weight * len(rows) / weight.sum()


def fit(x: np.ndarray, y: np.ndarray, w: np.ndarray, penalty: float) -> tuple[float, np.ndarray]:
    """Intercept and weights >= 0 of a penalised logistic regression (w: weight of each row)."""
    sign = np.where(y, 1.0, -1.0)

    def loss(theta: np.ndarray) -> tuple[float, np.ndarray]:
        margin = sign * (theta[0] + x @ theta[1:])
        value = (w * np.logaddexp(0, -margin)).mean() + penalty / 2 * (theta[1:] ** 2).sum()
        slope = -w * sign / (1 + np.exp(np.clip(margin, -500, 500))) / len(y)
        return value, np.concatenate([[slope.sum()], x.T @ slope + penalty * theta[1:]])

    bounds = [(None, None)] + [(0, None)] * x.shape[1]
    done = minimize(
        loss, np.zeros(x.shape[1] + 1), jac=True, bounds=bounds, method="L-BFGS-B", options={"maxiter": 500}
    )
    return float(done.x[0]), done.x[1:]


def matrix(rows: list[Row], names: list[str]) -> np.ndarray:
    column = {name: number for number, name in enumerate(names)}
    x = np.zeros((len(rows), len(names)))
    for number, row in enumerate(rows):
        for name in row.seen:
            if name in column:
                x[number, column[name]] = 1
    return x


def out_of_fold(rows: list[Row], names: list[str], penalty: float) -> np.ndarray:
    """Score of each row by weights that were fitted without its group."""
    fold = np.array([int(hashlib.sha256(row.group.encode()).hexdigest(), 16) % FOLDS for row in rows])
    x, y, w = matrix(rows, names), np.array([row.label for row in rows]), weigh(rows)
    scores = np.zeros(len(rows))
    for number in range(FOLDS):
        held = fold == number
        b, c = fit(x[~held], y[~held], w[~held], penalty)
        scores[held] = 1 / (1 + np.exp(-(b + x[held] @ c)))
    return scores


def loss_of(rows: list[Row], scores: np.ndarray) -> float:
    """Mean weighted log loss of out-of-fold scores."""
    label, kept = np.array([row.label for row in rows]), np.clip(scores, 1e-6, 1 - 1e-6)
    return float(-(weigh(rows) * np.log(np.where(label, kept, 1 - kept))).mean())


def threshold(scores: np.ndarray, budget: float) -> float:
    """The lowest score that at most `budget` of the benign archives reach, with a margin above it."""
    ordered = np.sort(scores)[::-1]
    allowed = int(budget * len(ordered))
    return float(min(0.995, (ordered[allowed] + 0.02) if allowed < len(ordered) else 0.5))


def recall(rows: list[Row], scores: np.ndarray, at: float, since: str = "") -> Share:
    hits: dict[str, list[bool]] = defaultdict(list)
    for row, value in zip(rows, scores, strict=True):
        if row.label and row.listed >= since:
            hits[row.cluster].append(bool(value >= at))
    return Share(sum(sum(h) / len(h) for h in hits.values()), len(hits))


def report(title: str, rows: list[Row], scores: np.ndarray, ask: float, block: float) -> None:
    benign = scores[np.array([not row.label for row in rows])]
    print(title)
    for word, at in (("block", block), ("ask", ask)):
        print(f"  {word:5} from {at:.3f}: clusters {recall(rows, scores, at)}")
        print(f"                    {LATER} on  {recall(rows, scores, at, LATER)}")
        print(f"                    benign     {Share(int((benign >= at).sum()), len(benign))}")


def write(
    path: Path, b: float, names: list[str], c: np.ndarray, ask: float, block: float, rows: list[Row]
) -> None:
    bad = [row for row in rows if row.label]
    data = (
        f"{len(bad)} malicious archives in {len({row.cluster for row in bad})} clusters listed"
        f" {min(row.listed for row in bad)} to {max(row.listed for row in bad)};"
        f" {len(rows) - len(bad)} benign archives of {len({row.group for row in rows if not row.label})} projects"
    )
    lines = [
        "# Log-odds that each observation adds; fitted by `make fit`, never by hand. docs/detectors.md has the names,",
        "# docs/benchmarks.md the method. Evidence never lowers a score: no weight is negative.",
        f'fitted = "{datetime.now(UTC).date()}"',
        f'data = "{data}"',
        f"intercept = {b:.4f}",
        "",
        "[thresholds]",
        f"ask = {ask:.3f}",
        f"block = {block:.3f}",
        "",
        "[weights]",
        *(f'"{name}" = {value:.4f}' for name, value in sorted(zip(names, c, strict=True)) if value >= 0.005),
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("cases", type=Path, help="what `stockade eval --cases` wrote")
    parser.add_argument("--drop", action="append", default=list(FORM), help="leave a detector out")
    parser.add_argument("--penalty", type=float, default=PENALTY)
    parser.add_argument(
        "--losses", action="store_true", help="print the out-of-fold loss of each penalty, and end"
    )
    parser.add_argument("--dry-run", action="store_true", help="print, write nothing")
    parser.add_argument("--show", type=int, default=12, help="how many of the worst cases to list")
    given = parser.parse_args()
    rows = rows_of(given.cases)
    names = sorted({name for row in rows for name in row.seen if name.partition("@")[0] not in given.drop})
    if given.losses:
        for penalty in PENALTIES:
            print(f"{penalty:8} {loss_of(rows, out_of_fold(rows, names, penalty)):.4f}")
        return
    scores = out_of_fold(rows, names, given.penalty)
    benign = np.array([not row.label for row in rows])
    block, ask = threshold(scores[benign], BLOCK_BUDGET), threshold(scores[benign], ASK_BUDGET)
    ask = min(ask, block)
    report("out of fold", rows, scores, ask, block)
    early = np.array([row.listed < LATER for row in rows])  # benign rows have no date and count on both sides
    x, y = matrix(rows, names), np.array([row.label for row in rows])
    b, c = fit(x[early], y[early], weigh([r for r, e in zip(rows, early, strict=True) if e]), given.penalty)
    report(f"fitted before {LATER} only (benign in sample)", rows, 1 / (1 + np.exp(-(b + x @ c))), ask, block)
    b, c = fit(x, y, weigh(rows), given.penalty)
    report("in sample", rows, 1 / (1 + np.exp(-(b + x @ c))), ask, block)
    print("benign with the highest scores out of fold:")
    for number in np.argsort(-np.where(benign, scores, -1))[: given.show]:
        print(f"  {scores[number]:.3f} {Path(rows[number].path).name} {' '.join(sorted(rows[number].seen))}")
    if not given.dry_run:
        write(OUT, b, names, c, ask, block, rows)
        print(f"wrote {OUT.name}")


if __name__ == "__main__":
    sys.exit(main())
