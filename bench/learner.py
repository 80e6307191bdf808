"""The judge's model as something that learns: logistic regression in which the fullest file counts in full."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from cases import Row, weigh
from scipy.optimize import minimize

#: What is seen in other files than the fullest counts by this (judge.Model.elsewhere).
ELSEWHERE = 0.1
#: Where the penalty pulls: a detector's own weight towards this, since each was written to accuse, and one that the
#: corpora hardly show would else weigh nothing in the next campaign; what a phase adds towards 0.
CENTRE = 1.0
#: L2 penalty, in units of the mean loss of an archive. These three were chosen together, by the loss out of fold and
#: the recall on what was listed last at 0.25 % of benign archives (bench/fit.py --losses prints the first again).
PENALTY = 0.0001
#: The fullest file depends on the weights, and they on it: so many rounds, after which neither moves.
ROUNDS = 4


@dataclass(frozen=True)
class Fitted:
    """An intercept and weights >= 0, by the names of the learner."""

    intercept: float
    weights: np.ndarray


class Learner:
    """How a set of rows becomes an intercept and weights."""

    def __init__(self, names: list[str], priors: Mapping[str, float], penalty: float = PENALTY) -> None:
        self.names = names
        self._column = {name: number for number, name in enumerate(names)}
        usual = [0.0 if "@" in name else CENTRE for name in names]
        self._centre = np.array([priors.get(name, one) for name, one in zip(names, usual, strict=True)])
        self._penalty = penalty

    def _matrix(self, rows: list[Row], weights: np.ndarray) -> np.ndarray:
        """Rows down, features across: 1 in the file that weighs most, ELSEWHERE in any other."""
        x = np.zeros((len(rows), len(self.names)))
        for number, row in enumerate(rows):
            files = [[self._column[name] for name in one if name in self._column] for one in row.places]
            for one in files:
                x[number, one] = ELSEWHERE
            if files:
                x[number, max(files, key=lambda one: weights[one].sum())] = 1
        return x

    def fit(self, rows: list[Row]) -> Fitted:
        """Penalised logistic regression, both sides weighing the same."""
        weight, number = weigh(rows), len(rows)
        sign = np.array([1.0 if row.label else -1.0 for row in rows])
        bounds = [(None, None)] + [(0, None)] * len(self.names)
        found = np.concatenate([[0.0], self._centre])
        for _ in range(ROUNDS):
            x = self._matrix(rows, found[1:])

            def loss(theta: np.ndarray, x: np.ndarray = x) -> tuple[float, np.ndarray]:
                away = theta[1:] - self._centre
                margin = sign * (theta[0] + x @ theta[1:])
                value = (weight * np.logaddexp(0, -margin)).mean() + self._penalty / 2 * (away**2).sum()
                slope = -weight * sign / (1 + np.exp(np.clip(margin, -500, 500))) / number
                return value, np.concatenate([[slope.sum()], x.T @ slope + self._penalty * away])

            done = minimize(loss, found, jac=True, bounds=bounds, method="L-BFGS-B", options={"maxiter": 400})
            found = done.x
        return Fitted(float(found[0]), found[1:])

    def logits(self, rows: list[Row], fitted: Fitted) -> np.ndarray:
        """Log-odds of each row."""
        return fitted.intercept + self._matrix(rows, fitted.weights) @ fitted.weights


def chance(logit: np.ndarray) -> np.ndarray:
    """Log-odds as probabilities."""
    return 1 / (1 + np.exp(-np.clip(logit, -500, 500)))
