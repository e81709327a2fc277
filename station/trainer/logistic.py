"""Logistic regression with a quadratic penalty, by Newton's method: a hundred unknowns need a few steps."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from station.trainer.coreset import Rows

_MOST_STEPS = 30
_CLOSE_ENOUGH = 1e-7
_LEAST_STEP = 1e-3
_STEEP = 30.0
_FREE = 1e-9
"""Penalty of the offset, only so that the equations can always be solved."""


@dataclass(frozen=True, slots=True)
class Separation:
    """A linear function of rows: `rows @ weights + offset` is high on one class and low on the other.

    Attributes:
        weights: Shape (k,), float32.
        offset: Added.
    """

    weights: Rows
    offset: float

    def of(self, rows: NDArray[np.floating]) -> Rows:
        """Return the function's value of each row, shape (..., k) to (...), float32."""
        return rows.astype(np.float32, copy=False) @ self.weights + np.float32(self.offset)


def separate(
    high: Rows, low: Rows, weights: NDArray[np.floating], penalty: float, start: Separation | None = None
) -> Separation:
    """Return the separation of two classes that minimises the mean logistic loss; each class weighs one half.

    Rows are measured in standard deviations of the low class, so that the penalty weighs on all columns alike.

    Args:
        high: Rows of the class that shall be high, shape (m, k), m > 0.
        low: Rows of the other class, shape (n, k), n > 0.
        weights: How much each row of `high` counts, shape (m,), positive; those of `low` count alike.
        penalty: Weighs the sum of squared weights, greater than 0.
        start: Where the search begins. There is one minimum only, so it saves steps and changes nothing else.
    """
    mean, spread = low.mean(0, dtype=np.float64), low.std(0, dtype=np.float64)
    spread[spread == 0] = 1.0
    rows = np.empty((len(high) + len(low), high.shape[1] + 1), np.float32)
    rows[: len(high), :-1], rows[len(high) :, :-1] = high, low
    rows[:, :-1] -= mean.astype(np.float32)
    rows[:, :-1] /= spread.astype(np.float32)
    rows[:, -1] = 1
    sign = np.where(np.arange(len(rows)) < len(high), 1.0, -1.0)
    share = np.concatenate([0.5 * weights / weights.sum(), np.full(len(low), 0.5 / len(low))])
    begin = np.zeros(rows.shape[1])
    if start is not None:
        begin = np.append(start.weights * spread, start.offset + mean @ start.weights)
    found = _minimum(rows, sign, share, penalty, begin)
    slopes = found[:-1] / spread
    return Separation(slopes.astype(np.float32), float(found[-1] - mean @ slopes))


def _minimum(
    rows: Rows,
    sign: NDArray[np.float64],
    share: NDArray[np.float64],
    penalty: float,
    weights: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the weights with the least loss, from some weights on; the last one, of the ones, is not penalised."""
    ridge = np.full(rows.shape[1], 2 * penalty)
    ridge[-1] = _FREE
    margins = sign * (rows @ weights.astype(np.float32))
    loss = _loss(margins, share, ridge, weights)
    for _ in range(_MOST_STEPS):
        wrong = 1 / (1 + np.exp(np.clip(margins, -_STEEP, _STEEP)))
        slope = ridge * weights - (share * wrong * sign).astype(np.float32) @ rows
        curvature = np.diag(ridge) + (rows * (share * wrong * (1 - wrong)).astype(np.float32)[:, None]).T @ rows
        step = np.linalg.solve(curvature, slope)
        if slope @ step < _CLOSE_ENOUGH:
            break
        length = 1.0
        while length > _LEAST_STEP:
            tried = weights - length * step
            margins = sign * (rows @ tried.astype(np.float32))
            lower = _loss(margins, share, ridge, tried)
            if lower <= loss:
                break
            length /= 2
        weights, loss = tried, lower
    return weights


def _loss(
    margins: NDArray[np.float64],
    share: NDArray[np.float64],
    ridge: NDArray[np.float64],
    weights: NDArray[np.float64],
) -> float:
    return float(share @ np.logaddexp(0, -margins) + 0.5 * ridge @ (weights * weights))
