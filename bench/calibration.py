"""Is a score of 0.9 right nine times in ten? Platt scaling of out-of-fold log-odds, and the table that shows it.

Both sides weigh the same here as in the fit, so a score is a probability at even odds; among what is uploaded in a day,
where one file in some hundreds is malicious, the same evidence means less (docs/model-card.md).
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from cases import Row, weigh
from scipy.optimize import minimize

from stockade.act.report.evaluation import Share

EDGES = (0.0, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.97, 1.0)


def rescaled(rows: list[Row], logit: np.ndarray, used: np.ndarray) -> tuple[float, float]:
    """Slope > 0 and shift that make out-of-fold log-odds fit best (Platt 1999), over the rows `used`."""
    some = [row for row, use in zip(rows, used, strict=True) if use]
    weight, x = weigh(some), logit[used]
    sign = np.array([1.0 if row.label else -1.0 for row in some])

    def loss(theta: np.ndarray) -> float:
        return float((weight * np.logaddexp(0, -sign * (theta[0] * x + theta[1]))).mean())

    done = minimize(loss, np.array([1.0, 0.0]), bounds=[(0.05, 5.0), (-5.0, 5.0)], method="L-BFGS-B")
    return float(done.x[0]), float(done.x[1])


def reliability(rows: list[Row], scores: np.ndarray, used: np.ndarray) -> None:
    """Print, for each bin of scores, the mean score and the share that is malicious, and the mean difference.

    An interval rests on the effective number of clusters and projects in the bin (Kish 1965).
    """
    some = [row for row, use in zip(rows, used, strict=True) if use]
    weight, score = weigh(some), scores[used]
    label = np.array([row.label for row in some])
    print("reliability out of fold (both sides weighing the same, labels believed right):")
    print("  score           mean   malicious")
    error = 0.0
    for low, high in pairwise(EDGES):
        here = (score >= low) & ((score < high) | (high == 1.0))
        if not here.any():
            continue
        mass = weight[here].sum()
        mean = float((weight * score)[here].sum() / mass)
        share = float(weight[here & label].sum() / mass)
        many = max(1, round(mass**2 / (weight[here] ** 2).sum()))
        error += mass / weight.sum() * abs(mean - share)
        print(f"  {low:4.2f} to {high:4.2f}   {100 * mean:5.1f} %   {Share(share * many, many)}")
    print(f"  expected calibration error {100 * error:.2f} %")
