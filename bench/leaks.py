#!/usr/bin/env python3
"""Does something that is no behaviour predict the label? Prints it for what the judge sees, and for what it must not.

    python bench/leaks.py cases.ndjson       (as `stockade eval --cases` wrote it)

AUC is the chance that a malicious archive ranks above a benign one; 0.5 is chance. The first table shows what file
name, container, age and size *would* tell; none of them is a feature. The second shows what the features say that come
nearest to them: RECORD, container and name oddities. The third shows that the score is no proxy for them either: within
one container format, and within one class of size, it separates as well as over all, and among benign archives it does
not grow with smallness.
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
from scipy.stats import rankdata, spearmanr

FORM_FEATURES = (
    "record-disagreement",
    "container-oddity",
    "name-disagreement",
    "path-escape",
    "disguised-file",
)


def auc(values: np.ndarray, label: np.ndarray, weight: np.ndarray) -> float:
    """Weighted area under the ROC curve; ties count half."""
    order = rankdata(values, method="dense")
    good = defaultdict(float)
    bad = defaultdict(float)
    for rank, malicious, w in zip(order, label, weight, strict=True):
        (bad if malicious else good)[int(rank)] += w
    below = area = 0.0
    for rank in sorted(good.keys() | bad.keys()):
        area += bad[rank] * (below + good[rank] / 2)
        below += good[rank]
    return area / (below * sum(bad.values()))


def main() -> None:
    cases = [json.loads(line) for line in Path(sys.argv[1]).read_text().splitlines()]
    label = np.array([case["malicious"] for case in cases])
    count: dict[str, int] = defaultdict(int)
    for case in cases:
        count[case["cluster"]] += 1
    weight = np.array([1 / count[case["cluster"]] for case in cases])
    names = [Path(case["path"]).name for case in cases]
    size = np.array([case["size"] for case in cases], dtype=float)
    wheel = np.array([name.endswith(".whl") for name in names])
    score = np.array([case["score"] for case in cases])

    print("would tell, and is no feature:")
    for what, values in {
        "smaller archive": -size,
        "sdist rather than wheel": (~wheel).astype(float),
        "shorter file name": -np.array([len(name) for name in names], dtype=float),
        "version 0.0.x": np.array([bool(re.search(r"-0\.0\.\d", name)) for name in names], dtype=float),
    }.items():
        print(f"  {what:32} AUC {auc(values, label, weight):.3f}")
    print("features of form rather than behaviour:")
    for feature in FORM_FEATURES:
        values = np.array(
            [feature in {f.partition("@")[0] for f in case["features"]} for case in cases], dtype=float
        )
        print(f"  {feature:32} AUC {auc(values, label, weight):.3f}")
    print("the score:")
    print(f"  {'over all':32} AUC {auc(score, label, weight):.3f}")
    for what, part in {
        "wheels only": wheel,
        "sdists only": ~wheel,
        "up to 20 kB": size <= 20_000,
        "over 20 kB": size > 20_000,
    }.items():
        print(
            f"  {what:32} AUC {auc(score[part], label[part], weight[part]):.3f}  ({int((~label[part]).sum())} benign)"
        )
    benign = ~label
    found = spearmanr(score[benign], -size[benign])
    print(f"  score and smallness, benign only: Spearman {found.statistic:+.3f} (p {found.pvalue:.2g})")


if __name__ == "__main__":
    main()
